"""The examples beside a table: which hold under the draft, and which come out otherwise than before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.office.ruleeditor.drafts import Draft
from aftersales.office.ruletelling import language
from returns.rules.editing.examples import read_examples
from returns.rules.explain import explain
from returns.rules.facts import vocabulary
from returns.rules.pack import Pack
from returns.rules.rehearsal import Rehearsed, rehearse
from returns.rules.text import PackError
from returns.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Shown:
    """One example in words. `facts` are those that are not as usual; `goes` the row that decides it now."""

    number: int
    row: str
    table: str
    facts: list[tuple[str, str]]
    text: str
    goes: str
    holds: bool
    changed: bool
    before: str
    after: str
    why: str


def examples_of(draft: Draft) -> dict[str, Any]:
    """The examples of the draft's table, those that need a look first, and changed ones of the other tables."""
    if draft.pack is None:
        return {"trouble": draft.trouble}
    try:
        found = read_examples(draft.files)
    except PackError as error:
        return {"trouble": str(error)}
    seen = list(rehearse(draft.before, draft.pack, found))
    mine = [each for each in seen if each.example.table == draft.table]
    turned = [each for each in seen if each.changed]
    return {
        "astray": [_shown(draft, each) for each in mine if not each.holds],
        "turned": [_shown(draft, each) for each in turned if each.holds or each.example.table != draft.table],
        "sound": [_shown(draft, each) for each in mine if each.holds and not each.changed],
        "total": len(seen),
    }


def _shown(draft: Draft, each: Rehearsed) -> Shown:
    example = each.example
    return Shown(
        number=example.number,
        row=example.row.split("/")[1],
        table=example.table,
        facts=facts_words(example.facts),
        text=json.dumps(example.facts, ensure_ascii=False),
        goes=each.fired[0] if each.fired else "",
        holds=each.holds,
        changed=each.changed,
        before=verdict_words(each.before, draft.before) if each.changed else "",
        after=verdict_words(each.after, draft.pack) if each.changed else "",
        why=each.why,
    )


def facts_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A case as pairs of name and value."""
    known = vocabulary()
    return [
        (known[name].label(language()), known[name].value_label(value, language()))
        for name, value in facts.items()
        if name in known
    ]


def verdict_words(verdict: Verdict | None, pack: Pack | None) -> str:
    """What staff read of a verdict in a line or two; empty where there is none."""
    if verdict is None or pack is None:
        return ""
    return " ".join(explain(verdict.as_dict(), language(), "staff", pack=pack).summary)
