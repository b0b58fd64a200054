"""Deciding a stored verdict again, from nothing but what was stored with it: is it still the same, to the byte? Called
by the actions that keep verdicts, by the nightly check and by tests.

    record = sealed(verdict.as_dict())    # what is stored
    replayed(record)                      # years later: () where nothing moved, else every difference

The facts go through the very pack that gave the verdict. Outcome, rows and reasons are compared with the record, and so
is what was said about it in both languages. What was changed after the event is found by its seal: `facts_sha256` holds
the facts, the pack's own hash every cell, word and source, `told_sha256` every explanation.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from returns.rules.compile import NoRow
from returns.rules.explain import WordsMissing, explain, find_pack
from returns.rules.facts import BadFact, vocabulary
from returns.rules.language import CellError
from returns.rules.linking import AUDIENCES, LOCALES
from returns.rules.pack import SEMANTICS, Pack
from returns.rules.text import PackError
from returns.rules.verdict import facts_seal

# Parts of a record that are compared on their own: the seals, and what grows with the vocabulary.
APART = ("facts", "derived", "not_relevant", "sha256", "facts_sha256", "told_sha256")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. `kind`: facts (changed after the event), pack (changed, or not at hand),
    semantics (another engine), refused (the engine takes these facts no more), outcome, explanation. `what` names the
    part, `was` and `now` are its two forms as text."""

    kind: str
    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what} was {self.was or 'nothing'}, is {self.now or 'nothing'}"


def sealed(record: Mapping[str, Any], *, pack: Pack | None = None) -> dict[str, Any]:
    """A verdict as it is stored: `Verdict.as_dict()` with a seal over every explanation of it. Raises WordsMissing where
    the pack is not at hand."""
    pack = pack or find_pack(record["pack"], record["version"], record["sha256"])
    return {**record, "told_sha256": _told_seal(record, pack)}


def _told_seal(record: Mapping[str, Any], pack: Pack) -> str:
    """A hash over what customer and staff read about a verdict, in every language."""
    told = {
        f"{locale} {audience}": explain(record, locale, audience, pack=pack).as_dict()
        for locale in LOCALES
        for audience in AUDIENCES
    }
    return hashlib.sha256(_text(told).encode()).hexdigest()


def replayed(stored: Mapping[str, Any], *, pack: Pack | None = None) -> tuple[Difference, ...]:
    """Every difference between a stored verdict and its facts decided again; empty where nothing moved.

    `stored` is what `sealed` gave, as it came back from the database; `pack` is looked up by the pinned hash unless it
    is given. Nothing is raised: what stands in the way of a replay is itself a difference. A record without
    `told_sha256` is compared without the words.
    """
    return tuple(_differences(stored, pack))


def _differences(stored: Mapping[str, Any], pack: Pack | None) -> Iterator[Difference]:
    if stored.get("semantics") != SEMANTICS:
        yield Difference("semantics", "semantics", _text(stored.get("semantics")), SEMANTICS)
        return
    facts = stored.get("facts")
    if not isinstance(facts, Mapping):
        yield Difference("facts", "facts", _text(facts), "")
        return
    if stored.get("facts_sha256") != facts_seal(facts):
        yield Difference("facts", "facts_sha256", _text(stored.get("facts_sha256")), facts_seal(facts))
    try:
        pack = pack or find_pack(str(stored.get("pack")), str(stored.get("version")), str(stored.get("sha256")))
    except (WordsMissing, PackError) as missing:
        yield Difference("pack", "text", _text(stored.get("sha256")), str(missing))
        return
    if pack.sha256 != stored.get("sha256"):
        yield Difference("pack", "sha256", _text(stored.get("sha256")), pack.sha256)
    try:
        again = pack.decide(facts).as_dict()
    except BadFact as bad:
        yield Difference("refused", bad.name, _text(facts.get(bad.name)), bad.why)
        return
    except (CellError, NoRow) as bad:  # a value that the vocabulary knows and that version did not
        yield Difference("refused", "facts", _text(facts), str(bad))
        return
    yield from _outcome(stored, again)
    told = _told_seal(again, pack)
    if stored.get("told_sha256", told) != told:
        yield Difference("explanation", "told_sha256", _text(stored["told_sha256"]), told)


def _outcome(stored: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[Difference]:
    """Every part of the record that came out otherwise."""
    for name in dict.fromkeys((*stored, *again)):
        if name not in APART and _text(stored.get(name)) != _text(again.get(name)):
            yield Difference("outcome", name, _text(stored.get(name)), _text(again.get(name)))
    # What nobody derived then, no table of that version asks for.
    derived = stored.get("derived")
    for name, value in (derived if isinstance(derived, Mapping) else {"derived": derived}).items():
        if _text(value) != _text(again["derived"].get(name)):
            yield Difference("outcome", f"derived.{name}", _text(value), _text(again["derived"].get(name)))
    # A fact that nobody knew then must stand at its default now.
    known, words = stored["facts"], vocabulary()
    for name, value in again["facts"].items():
        was = known[name] if name in known else words[name].default
        if _text(value) != _text(was):
            yield Difference("outcome", f"facts.{name}", _text(was), _text(value))
    before, after = stored.get("not_relevant"), [name for name in again["not_relevant"] if name in known]
    if _text(before) != _text(after):
        yield Difference("outcome", "not_relevant", _text(before), _text(after))


def _text(value: Any) -> str:
    """A value as its one JSON text, so that lists and tuples, stored and fresh, compare to the byte."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=list)
