"""How an explanation that is being typed would read in a case that its row decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aftersales.office.ruleeditor.drafts import Draft
from aftersales.office.ruleeditor.findings import WORDS
from aftersales.office.ruleeditor.rehearsed import facts_words
from returns.rules.editing.examples import read_examples
from returns.rules.editing.refused import EditError
from returns.rules.editing.words import check_text
from returns.rules.explain import Teller
from returns.rules.rehearsal import answer
from returns.rules.text import PackError


def told(draft: Draft, row: str, words: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The four texts filled from an example of the row: pairs of reader and sentence, and the case. Empty without a case."""
    try:
        cases = [each for each in read_examples(draft.files) if each.row == f"{draft.table}/{row}"]
    except PackError:
        cases = []
    verdict = answer(draft.pack, cases[0].facts)[0] if draft.pack and cases else None
    if draft.pack is None or verdict is None:
        return {}
    texts: list[tuple[Promise, str]] = []
    plain = verdict.as_dict()
    clock: dict[str, Any] = next((each for each in plain["deadlines"] if each["row"] == row), {})
    for (locale, reader), text in words.items():
        given = {**Teller(draft.pack, plain, locale, reader).given, **({"days": clock["days"]} if clock else {})}
        try:
            check_text(locale, reader, text)
            read = text.format_map(given)
        except EditError as error:
            read = _(error.sentence) % error.params
        texts.append((WORDS[f"{reader}_{locale}"], read))
    return {"texts": texts, "case": facts_words(cases[0].facts)}
