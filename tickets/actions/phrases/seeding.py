"""The phrases and word lists a new shop begins with. Called after every migration; what managers changed is never touched."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from aftersales.kernel.actor import SYSTEM
from tickets.actions.phrases.editing import save_phrase
from tickets.models import Phrase, WordingTerm

_PHRASES = Path(__file__).with_name("shipped.toml")
_FOR_REVIEWS = Path(__file__).with_name("for_reviews.toml")
_WORDS = Path(__file__).parents[2] / "wording" / "words.toml"


@transaction.atomic
def seed_phrases() -> None:
    """Into empty tables only: a phrase that a shop has retired does not come back, nor a word."""
    if not Phrase.objects.exists():
        for row in _rows(_PHRASES):
            save_phrase(None, actor=SYSTEM, **row)
    if not Phrase.objects.filter(key__startswith="review-").exists():
        for row in _rows(_FOR_REVIEWS):
            save_phrase(None, actor=SYSTEM, kinds=[Phrase.FOR_REVIEWS], **row)
    if not WordingTerm.objects.exists():
        WordingTerm.objects.bulk_create(
            WordingTerm(fault=row["fault"], language=row["language"], text=text, instead=row.get("instead", ""))
            for row in tomllib.loads(_WORDS.read_text(encoding="utf-8"))["term"]
            for text in row["texts"]
        )


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["phrase"]
    return rows
