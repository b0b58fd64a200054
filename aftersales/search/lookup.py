"""Ask the index: which things of which kinds answer, the exact ones first, then the newest; how many, up to a thousand.

Every road is bounded, whatever was asked. A rare word is answered by the text index alone. A word that a sample shows to
be common is looked for in the newest things of the kind, one by one, until enough of them answer; so is one that the sample
missed and of which the text index gives more than a thousand, in no order. Only where the newest do not answer (a word that
is common in old things alone) are all that do sorted. A phrase is looked for in the text itself: where more than a thousand
hold its words, it is looked for in a thousand and in the newest thousand of them, and what is found is "at least" so many.
Whatever was touched and is not in the index yet is read from the things themselves (`pending.py`), so an answer never lags
behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from aftersales.kernel.prepared import Later, prepared
from aftersales.search import asking
from aftersales.search.models import Entry
from aftersales.search.pending import pending_to
from aftersales.search.question import Question
from aftersales.search.scope import Found, Scope, read_at

LIMITS = asking.Limits()


@dataclass
class Answer:
    """Of one kind: what answers, in order, as far as it was asked for, and how many there are (`capped`: at least).

    That is the thousand, or of a phrase whose words are common those that were seen.
    """

    found: list[Found] = field(default_factory=list)
    exact: int = 0
    count: int = 0
    capped: bool = False


@dataclass
class Answers:
    """By kind, and how the index stood: `building` while it is made anew, so that only what changed just now is found;
    `behind` while more has changed than a question reads by itself; else empty."""

    by_kind: dict[str, Answer]
    standing: str = ""

    def __bool__(self) -> bool:
        return any(answer.found for answer in self.by_kind.values())


def answers(question: Question, scope: Scope, most: int) -> Answers:
    """Up to `most` things of each kind, by the kind's name. A fixed number of statements."""
    found = {kind.name: Answer() for kind in scope.kinds}
    if not scope.kinds or not (question.tokens or question.exact):
        return Answers(found)
    pending = pending_to(question, scope)
    wanted = _rounded(most + pending.size)
    index = _Index() if pending.is_building else _at_once(question, scope, wanted, every=bool(pending.size))
    if unordered := [kind.name for kind in scope.kinds if kind.name in index.many and kind.name not in index.newest]:
        index.newest |= _newest(question, scope, unordered, wanted)
    for kind in scope.kinds:
        name, late = kind.name, pending.of(kind)
        others = index.newest.get(name, index.held.get(name, []))
        if question.phrases and name in index.many:  # the thousand in no order may hold older ones
            others = [*others, *index.held.get(name, [])]
        ahead = {each.key: each for each in index.named.get(name, []) if each.key not in late.keys}
        ahead.update({each.key: each for each in late.exact})
        rest = {each.key: each for each in others if each.key not in late.keys and each.key not in ahead}
        rest.update({each.key: each for each in late.found if each.key not in ahead})
        answer = found[name]
        answer.found = [*_in_order(ahead.values()), *_in_order(rest.values())][:most]
        seen = len(ahead) + len(rest) + index.beyond.get(name, 0)
        answer.exact, answer.capped = len(ahead), name in index.many or seen > LIMITS.cap
        answer.count = LIMITS.cap if name in index.many and not question.phrases else min(seen, LIMITS.cap)
    return Answers(found, "building" if pending.is_building else "behind" if pending.is_behind else "")


def _in_order(found: Collection[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (each.at, each.key), reverse=True)


def _rounded(most: int) -> int:
    """So that a few statements serve all pages and however much waits to be indexed."""
    return min(1 << (most - 1).bit_length(), LIMITS.cap)


def bodies(wanted: Mapping[str, tuple[int, ...]]) -> Later[tuple[str, int, str]]:
    """What may be shown of things, each with its kind and key. None of the kinds is without a key."""
    return _bodies.later(**wanted)


@prepared
def _bodies(**keys: tuple[int, ...]) -> QuerySet[Entry, tuple[str, int, str]]:
    wanted = reduce(or_, [Q(kind=kind, key__in=those) for kind, those in keys.items()])
    return Entry.objects.filter(wanted).values_list("kind", "key", "body")


@dataclass
class _Index:
    """What the index says at once: by kind what is named, what else holds the words, and how many more than those do;
    in order where nobody asked for a phrase. Of the kinds in `many` more than are counted hold the words, and `newest` has the
    newest of some. This is said before phrases are looked for, which leave out most and prove nothing of the rest.
    """

    named: dict[str, list[Found]] = field(default_factory=dict)
    held: dict[str, list[Found]] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    newest: dict[str, list[Found]] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)


def _by_kind(rows: Iterable[asking.Row]) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for kind, key, at, body in rows:
        things = found.setdefault(kind, [])
        if at is not None:
            things.append(Found(read_at(at), key, body))
    return found


def _at_once(question: Question, scope: Scope, most: int, *, every: bool) -> _Index:
    kinds = tuple(kind.name for kind in scope.kinds)
    values = asking.values_of(question, scope, kinds)
    if question.phrases:
        rows = asking.named_and_some(kinds, LIMITS, **values)
    else:
        rows = asking.named_and_held(kinds, most, every, LIMITS, **values)
    found, numbers = _by_kind(rows), {kind: number for kind, number, at, _body in rows if at is None}
    held = {kind: found.get(kind, []) for kind in kinds}
    return _Index(
        named={kind: found.get(f"{kind}!", []) for kind in kinds},
        held=_with_phrases(question, held),
        beyond={kind: max(0, numbers.get(f"{kind}#", 0) - len(held[kind])) for kind in kinds},
        # Where they are fewer, the window was too narrow.
        newest={kind: new for kind in kinds if len(new := found.get(f"{kind}>", [])) == most},
        many={kind for kind in kinds if f"{kind}+" in found or len(held[kind]) > LIMITS.cap},
    )


def _newest(question: Question, scope: Scope, kinds: Sequence[str], most: int) -> dict[str, list[Found]]:
    """Of kinds with very many answers the newest, in order.

    Of a phrase a thousand that hold its words, whichever page is asked for: else each page would be cut from another list.
    """
    phrases, wanted = bool(question.phrases), LIMITS.cap if question.phrases else most
    found = _by_kind(asking.newest(tuple(kinds), phrases, wanted, LIMITS, **asking.values_of(question, scope, kinds)))
    if short := tuple(kind for kind in kinds if len(found.get(kind, ())) < wanted):
        found |= _by_kind(
            asking.newest_of_all(short, phrases, wanted, LIMITS, **asking.values_of(question, scope, short))
        )
    return _with_phrases(question, found)


def _with_phrases(question: Question, found: dict[str, list[Found]]) -> dict[str, list[Found]]:
    if not question.phrases:
        return found
    return {kind: [each for each in rows if question.holds_phrases(each.body)] for kind, rows in found.items()}
