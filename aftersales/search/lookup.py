"""Ask the index: which things of which kinds answer, the exact ones first, then the newest; how many, up to a thousand.

Every road is bounded, whatever was asked. A rare word is answered by the text index alone. Of a common one the text
index gives a thousand and no order, which proves that there are many; then the newest things of the kind are looked at
one by one until enough of them answer, and only when they do not (a word that is common in old things only), all that
answer are sorted. A word that half of the very newest hold is looked for in the newest at once: the text index would
first gather the hundred thousands that hold it. A phrase is looked for in the text itself: where more than a thousand hold
its words, it is looked for in the thousand and in the newest thousand of them, and what is found is "at least" so many.
Whatever was touched and is not in the index yet is read from the things
themselves (`pending.py`), so an answer never lags behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from aftersales.kernel.prepared import Later, prepared
from aftersales.search.backend import has_all, has_any, row_has_all
from aftersales.search.kinds import Kind
from aftersales.search.models import Entry
from aftersales.search.pending import pending_to
from aftersales.search.question import Question
from aftersales.search.scope import Found, Scope, read_at
from aftersales.search.words import asked_of

CAP = 1_000  # things of one kind that are counted; beyond, "1,000+"
_EXACT = 50
_WINDOW = 5_000  # newest things of a kind that are looked at one by one
_TRIED, _MANY = 64, 32  # where so many of so many newest things answer, the window holds a thousand that do


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
    exact: dict[str, list[Found]] = {}
    spread: dict[str, list[Found]] = {}
    newest: dict[str, list[Found]] = {}
    many: set[str] = set()
    if not pending.is_building:
        exact, spread, newest, many = _named_and_spread(question, scope)
    if unordered := [kind for kind in scope.kinds if kind.name in many and kind.name not in newest]:
        newest |= _newest(question, scope, unordered, most + pending.size)
    for kind in scope.kinds:
        name, late = kind.name, pending.of(kind)
        others = newest.get(name, spread.get(name, []))
        if question.phrases and name in many:  # the thousand in no order may hold older ones
            others = [*others, *spread.get(name, [])]
        ahead = {each.key: each for each in exact.get(name, []) if each.key not in late.keys}
        ahead.update({each.key: each for each in late.exact})
        rest = {each.key: each for each in others if each.key not in late.keys and each.key not in ahead}
        rest.update({each.key: each for each in late.found if each.key not in ahead})
        answer = found[name]
        answer.found = [*_in_order(ahead.values()), *_in_order(rest.values())][:most]
        seen = len(ahead) + len(rest)
        answer.exact, answer.capped = len(ahead), name in many or seen > CAP
        answer.count = CAP if name in many and not question.phrases else min(seen, CAP)
    return Answers(found, "building" if pending.is_building else "behind" if pending.is_behind else "")


def _in_order(found: Collection[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (each.at, each.key), reverse=True)


def bodies(wanted: Mapping[str, tuple[int, ...]]) -> Later[tuple[str, int, str]]:
    """What may be shown of things, each with its kind and key. None of the kinds is without a key."""
    return _bodies.later(**wanted)


@prepared
def _bodies(**keys: tuple[int, ...]) -> QuerySet[Entry, tuple[str, int, str]]:
    wanted = reduce(or_, [Q(kind=kind, key__in=those) for kind, those in keys.items()])
    return Entry.objects.filter(wanted).values_list("kind", "key", "body")


def _rows(parts: Sequence[str], values: Sequence[Any]) -> dict[str, list[Found]]:
    """Run selects of (kind, key, at, body) together; by kind, those that name the thing under `kind!`."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT * FROM ({part}) AS p" for part in parts), values)  # noqa: S608
        rows = cursor.fetchall()
    found: dict[str, list[Found]] = {}
    for kind, key, at, body in rows:
        found.setdefault(kind, []).append(Found(read_at(at), key, body or ""))
    return found


def _named_and_spread(
    question: Question, scope: Scope
) -> tuple[dict[str, list[Found]], dict[str, list[Found]], dict[str, list[Found]], set[str]]:
    """The things that the question names; and of those that hold its words a thousand and one of each kind: in no order, or the
    newest, in order, of a kind in which very many do. Last, the kinds of which more than a thousand hold the words: said
    before the phrases are looked for, which leave out most of a thousand and prove nothing of the rest."""
    more, limits = scope.condition()
    parts: list[str] = []
    values: list[Any] = []
    if question.exact:
        where, asked = has_any(question.exact)
        marks = ", ".join(["%s"] * len(scope.kinds))
        parts.append(
            f"SELECT kind || '!' AS kind, key, at, '' AS body FROM search_entry"  # noqa: S608  no word of the asker's
            f" WHERE {where} AND kind IN ({marks}){more} ORDER BY at DESC, id DESC LIMIT {_EXACT * len(scope.kinds)}"
        )
        values += [*asked, *[kind.name for kind in scope.kinds], *limits]
    for kind in scope.kinds if question.tokens else ():
        # Most that hold the words of a phrase may not hold the phrase, and the newest thousand would prove nothing.
        part, asked = (_some if question.phrases else _some_or_newest)(question, scope, kind)
        parts.append(part)
        values += asked
    found = _rows(parts, values)
    named = {kind.name: found.get(f"{kind.name}!", []) for kind in scope.kinds}
    spread = {kind.name: found.get(kind.name, []) for kind in scope.kinds}
    newest = {kind.name: found[f"{kind.name}>"] for kind in scope.kinds if len(found.get(f"{kind.name}>", ())) > CAP}
    # Many of the very newest, and few besides: all there are come from the text index.
    few = [kind for kind in scope.kinds if f"{kind.name}>" in found and kind.name not in newest]
    if few:
        asked_for = [_some(question, scope, kind) for kind in few]
        spread |= _rows([part for part, _asked in asked_for], [each for _part, asked in asked_for for each in asked])
    many = set(newest) | {name for name, rows in spread.items() if len(rows) > CAP}
    return named, _with_phrases(question, spread), newest, many


def _some(question: Question, scope: Scope, kind: Kind) -> tuple[str, list[Any]]:
    """A thousand and one that hold the words, in no order.

    Materialized: the planner must answer the words by the text index, not walk the table hoping to be lucky.
    """
    more, limits = scope.condition()
    where, asked = has_all(asked_of(kind.name, question.tokens))
    return (
        f"WITH m AS MATERIALIZED (SELECT kind, key, at, {_body(question)} AS body FROM search_entry WHERE {where}{more})"  # noqa: S608
        f" SELECT kind, key, at, body FROM m LIMIT {CAP + 1}"
    ), [*asked, *limits]


def _some_or_newest(question: Question, scope: Scope, kind: Kind) -> tuple[str, list[Any]]:
    """The same; or the newest that hold the words, under `kind>`, where many of the very newest do. One of the two is run."""
    some, values = _some(question, scope, kind)
    very_newest, tried = _newest_of(kind, scope, _TRIED)
    newest, looked_at = _newest_of(kind, scope, _WINDOW)
    where, asked = row_has_all(asked_of(kind.name, question.tokens))
    return (
        f"WITH t AS MATERIALIZED (SELECT count(*) AS answer FROM ({very_newest}) AS w WHERE {where})"  # noqa: S608
        f" SELECT kind, key, at, body FROM ({some}) AS s WHERE (SELECT answer FROM t) < {_MANY}"
        f" UNION ALL SELECT * FROM (SELECT kind || '>', key, at, '' FROM ({newest}) AS w"
        f" WHERE {where} AND (SELECT answer FROM t) >= {_MANY} LIMIT {CAP + 1}) AS n"
    ), [*tried, *asked, *values, *looked_at, *asked]


def _newest_of(kind: Kind, scope: Scope, most: int) -> tuple[str, list[Any]]:
    """The newest things of a kind, whatever they hold."""
    more, limits = scope.condition()
    newest = f"SELECT * FROM search_entry WHERE kind = %s{more} ORDER BY at DESC, id DESC LIMIT {most}"  # noqa: S608
    return newest, [kind.name, *limits]


def _body(question: Question) -> str:
    """Phrases are looked for in the text itself."""
    return "body" if question.phrases else "''"


def _newest(question: Question, scope: Scope, kinds: Sequence[Kind], most: int) -> dict[str, list[Found]]:
    """Of kinds with very many answers the newest, in order.

    Of a phrase a thousand that hold its words, whichever page is asked for: else each page would be cut from another list.
    """
    more, limits = scope.condition()
    body = _body(question)
    wanted = CAP if question.phrases else min(most, CAP)
    parts, values = [], []
    for kind in kinds:
        newest, looked_at = _newest_of(kind, scope, max(_WINDOW, 20 * wanted))
        where, asked = row_has_all(asked_of(kind.name, question.tokens))
        parts.append(f"SELECT kind, key, at, {body} AS body FROM ({newest}) AS w WHERE {where} LIMIT {wanted}")  # noqa: S608
        values += [*looked_at, *asked]
    found = _rows(parts, values)
    short = [kind for kind in kinds if len(found.get(kind.name, ())) < wanted]
    if short:
        parts, values = [], []
        for kind in short:
            where, asked = has_all(asked_of(kind.name, question.tokens))
            parts.append(
                f"WITH m AS MATERIALIZED (SELECT kind, key, at, id, {body} AS body FROM search_entry"  # noqa: S608
                f" WHERE {where}{more}) SELECT kind, key, at, body FROM m ORDER BY at DESC, id DESC LIMIT {wanted}"
            )
            values += [*asked, *limits]
        found.update(_rows(parts, values))
    return _with_phrases(question, found)


def _with_phrases(question: Question, found: dict[str, list[Found]]) -> dict[str, list[Found]]:
    if not question.phrases:
        return found
    return {kind: [each for each in rows if question.holds_phrases(each.body)] for kind, rows in found.items()}
