"""Write a phrase of one's own or for everybody, and retire it. Called by desk and office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from tickets.actions.conversation.texts import clean_text
from tickets.actions.phrases.variables import check_variables
from tickets.models import Phrase, Ticket

LONGEST = 2000


@transaction.atomic
def save_phrase(
    phrase_id: int | None, *, actor: Actor, title_zh: str, text_zh: str, title_en: str = "", text_en: str = "",
    kinds: Sequence[str] = (), steps: Sequence[Sequence[str]] = (), key: str = "", team_id: int | None = None,
    mine: bool = False,
) -> Phrase:  # fmt: skip
    """Make or change a phrase; saving the same again changes nothing. `mine` keeps it to oneself, else it needs the right.

    Raises `BadInput` with the name of a variable nobody knows.
    """
    known: Phrase | None = None
    if phrase_id:
        known = Phrase.objects.visible_to(actor).select_for_update().filter(pk=phrase_id).first()
    if phrase_id and known is None:
        raise NotFound
    own = known.owner_id == actor.id if known is not None else mine
    check(actor, "phrase.use" if own and actor.kind == "staff" else "phrase.manage")
    given: dict[str, Any] = {
        "title_zh": clean_text(title_zh, field="title_zh", longest=60),
        "title_en": clean_text(title_en, field="title_en", longest=60) if title_en.strip() else "",
        "text_zh": clean_text(text_zh, field="text_zh", longest=LONGEST),
        "text_en": clean_text(text_en, field="text_en", longest=LONGEST) if text_en.strip() else "",
        "kinds": [kind for kind in kinds if kind in (*Ticket.Kind.values, Phrase.FOR_REVIEWS)],
        "steps": [list(one) for one in steps],
        "team_id": team_id,
    }
    for field in ("text_zh", "text_en"):
        check_variables(given[field], field=field)
    if known is not None and all(getattr(known, name) == value for name, value in given.items()):
        return known
    if known is None:
        key = key or new_ref("P").lower()
        if Phrase.objects.filter(key=key).exists():
            raise BadInput(_("There is a phrase “%(key)s” already. Choose another key."), field="key", key=key)
        known = Phrase(key=key, owner_id=actor.id if own else None)
    for name, value in given.items():
        setattr(known, name, value)
    known.save()
    record("phrase.saved", on=known, actor=actor, key=known.key)
    return known


@transaction.atomic
def retire_phrase(phrase_id: int, *, actor: Actor, back: bool = False) -> Phrase:
    """Offer it no more, or again. Twice changes nothing."""
    phrase: Phrase | None = Phrase.objects.visible_to(actor).select_for_update().filter(pk=phrase_id).first()
    if phrase is None:
        raise NotFound
    check(actor, "phrase.use" if phrase.owner_id and phrase.owner_id == actor.id else "phrase.manage")
    if (phrase.retired_at is None) is back:
        return phrase
    phrase.retired_at = None if back else clock.now()
    phrase.save(update_fields=["retired_at"])
    record("phrase.saved" if back else "phrase.retired", on=phrase, actor=actor, key=phrase.key)
    return phrase
