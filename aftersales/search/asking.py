"""What `lookup` asks the index. PostgreSQL plans these statements once: planning all their roads takes longer than going one.

Each gives rows of (kind, key, at, body), with a body only where phrases are looked for in it.

The text index gathers everything that holds a word before it gives the first of it, a common word's hundred thousands as
well. So some things of each kind are looked at first, by keys that are spread over all there are, old and new alike: a few,
and where one of them holds the words a hundred and more. A word is common where this sample speaks for sixteen times as
many as are counted. That more than those hold it is then as good as certain: of a word that just as many hold as are
counted, a sample says so three times in a million.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from aftersales.kernel.prepared import Plain, prepared
from aftersales.search.backend import has_all, has_any, row_has_all
from aftersales.search.question import Question
from aftersales.search.scope import Scope, within
from aftersales.search.words import are_the_same_in_all_kinds, asked_of

Row = tuple[str, int, dt.datetime | str | None, str]

_SAMPLE, _PARTS = 128, 1 << 20
# Of the largest key. Steps of the golden section: wherever one stops they lie evenly, and in step with nothing that recurs.
_PLACES = tuple(round(number * 0.618_033_988_749_895 % 1 * _PARTS) for number in range(_SAMPLE))


class Limits(NamedTuple):
    """How far each road goes."""

    cap: int = 1_000  # things of one kind that are counted; beyond, "1,000+"
    exact: int = 50  # of each kind that are named
    window: int = 5_000  # newest things of a kind that are looked at one by one
    per_hit: int = 20  # of them for each that is wanted, where that is more
    places: tuple[int, ...] = _PLACES  # of things that are looked at to see whether the words are common
    few: int = 24  # of them at first
    least: int = 6  # of them hold common words
    surely: int = 16  # times as many as are counted hold them, if they are what the sample says


def values_of(question: Question, scope: Scope, kinds: Sequence[str]) -> dict[str, Any]:
    """What stands behind the star of the statements below."""
    values = scope.bounds()
    if question.exact:
        values["exact"] = has_any().value(question.exact)
    if question.tokens:
        wanted = [asked_of(kind, question.tokens) for kind in kinds]
        values |= {"held": tuple(map(has_all().value, wanted)), "seen": tuple(map(row_has_all().value, wanted))}
        if len(kinds) > 1 and are_the_same_in_all_kinds(question.tokens):
            values["words"] = has_all().value(question.tokens)
    return values


@prepared
def named_and_held(kinds: tuple[str, ...], most: int, every: bool, limits: Limits, **given: Any) -> Plain[Row]:
    """Under `kind!` the things that are named. Under their kind the others that hold the words, in order: the newest of them, up
    to `most`, or `every` one; and under `kind#` a row without a time, with their number. Where they are more than the cap
    there is only a row under `kind+`. Of a kind in which the words are common that row, too, and under `kind>` the newest,
    up to `most` of them, as far as the window goes.
    """
    parts = [_NAMED] if "exact" in given else []
    return _united(
        [*parts, *(each.all_or_newest(most, every) for each in _each(kinds, False, limits, given))],
        before=[*_named(kinds, limits, given), *_looked_at(kinds, limits, given)],
    )


@prepared
def named_and_some(kinds: tuple[str, ...], limits: Limits, **given: Any) -> Plain[Row]:
    """For phrases. Under `kind!` the things that are named. Under their kind the cap and one that hold the words, in no order:
    most of these may not hold the phrase, and the newest that hold the words would prove nothing.
    """
    parts = [_NAMED] if "exact" in given else []
    return _united(
        [*parts, *(each.some() for each in _each(kinds, True, limits, given))], before=_named(kinds, limits, given)
    )


@prepared
def newest(kinds: tuple[str, ...], phrases: bool, most: int, limits: Limits, **given: Any) -> Plain[Row]:
    """Under their kind the newest that hold the words, in order, as far as the window goes."""
    return _united([each.newest(most) for each in _each(kinds, phrases, limits, given)])


@prepared
def newest_of_all(kinds: tuple[str, ...], phrases: bool, most: int, limits: Limits, **given: Any) -> Plain[Row]:
    """The same, however old they are: all that hold the words are gathered and put into order."""
    return _united([each.newest_of_all(most) for each in _each(kinds, phrases, limits, given)])


class _Words(NamedTuple):
    """The words as one kind is asked for them: selects, each with its parameters."""

    kind: str
    held: str
    seen: str
    body: str
    bounds: Plain[Any]
    limits: Limits
    given: dict[str, Any]

    def some(self) -> Plain[Row]:
        """The cap and one, in no order.

        Materialized: the planner must answer the words by the text index, not walk the table hoping to be lucky.
        """
        return Plain(
            f"WITH m AS MATERIALIZED (SELECT kind, key, at, {self.body} AS body FROM search_entry"  # noqa: S608
            f" WHERE {has_all().sql}{self.bounds.sql}) SELECT kind, key, at, body FROM m LIMIT {self.limits.cap + 1}",
            [self.held, *self.bounds.params],
        )

    def newest_of_all(self, most: int) -> Plain[Row]:
        return Plain(
            f"WITH m AS MATERIALIZED (SELECT kind, key, at, id, {self.body} AS body FROM search_entry"  # noqa: S608
            f" WHERE {has_all().sql}{self.bounds.sql})"
            f" SELECT kind, key, at, body FROM m ORDER BY at DESC, id DESC LIMIT {most}",
            [self.held, *self.bounds.params],
        )

    def newest(self, most: int) -> Plain[Row]:
        window = max(self.limits.window, self.limits.per_hit * most)
        return Plain(
            f"SELECT kind, key, at, {self.body} AS body FROM (SELECT * FROM search_entry WHERE kind = '{self.kind}'"  # noqa: S608
            f"{self.bounds.sql} ORDER BY at DESC, id DESC LIMIT {window}) AS w WHERE {row_has_all().sql} LIMIT {most}",
            [*self.bounds.params, self.seen],
        )

    def all_or_newest(self, most: int, every: bool) -> Plain[Row]:
        kind, cap, some, new = self.kind, self.limits.cap, self.some(), self.newest(most)
        common = f"(SELECT common FROM judged WHERE kind = '{kind}')"  # noqa: S608
        unknown = known = unnamed = ""
        values: list[Any] = []
        if "words" in self.given:
            unknown = " AND NOT (SELECT known FROM whole_known)"
            known = f" UNION ALL SELECT kind, key, at FROM whole, whole_known WHERE kind = '{kind}' AND known"  # noqa: S608
            known, values = known + self.bounds.sql, self.bounds.params
        if "exact" in self.given:
            unnamed = f" WHERE key NOT IN (SELECT key FROM named WHERE kind = '{kind}')"  # noqa: S608
        return Plain(
            "WITH gathered AS MATERIALIZED"  # noqa: S608
            f" (SELECT kind, key, at FROM ({some.sql}) AS s WHERE NOT {common}{unknown}{known}),"
            f" others AS MATERIALIZED (SELECT * FROM gathered{unnamed})"
            f" SELECT * FROM (SELECT kind, key, at, '' AS body FROM others WHERE (SELECT count(*) FROM gathered) <= {cap}"
            f" ORDER BY at DESC, key DESC LIMIT {cap if every else most}) AS o"
            f" UNION ALL SELECT '{kind}#', count(*), NULL, '' FROM others"
            f" UNION ALL SELECT '{kind}+', 0, NULL, '' WHERE {common} OR (SELECT count(*) FROM gathered) > {cap}"
            f" UNION ALL SELECT '{kind}>', key, at, body FROM ({new.sql}) AS n WHERE {common}",
            [*some.params, *values, *new.params],
        )

    def sample(self, which: str) -> Plain[Any]:
        """How many of those that are looked at hold the words."""
        kind = self.kind
        return Plain(
            f"SELECT '{kind}' AS kind, count(*) AS hold FROM places JOIN search_entry ON kind = '{kind}'"  # noqa: S608
            f" AND key = 1 + (SELECT largest FROM top WHERE kind = '{kind}') * part / {_PARTS}"
            f" WHERE {row_has_all().sql}{self.bounds.sql} AND {which}",
            [self.seen, *self.bounds.params],
        )


_NAMED = Plain[Row]("SELECT kind || '!', key, at, '' FROM named", [])


def _named(kinds: tuple[str, ...], limits: Limits, given: dict[str, Any]) -> list[Plain[Any]]:
    """What stands before a statement that asks for what is `named`."""
    if "exact" not in given:
        return []
    bounds, values = _bounds(given)
    of = ", ".join(f"'{kind}'" for kind in kinds)
    return [
        Plain(
            f"named AS MATERIALIZED (SELECT kind, key, at FROM search_entry WHERE {has_any().sql}"  # noqa: S608
            f" AND kind IN ({of}){bounds} ORDER BY at DESC, id DESC LIMIT {limits.exact * len(kinds)})",
            [given["exact"], *values],
        )
    ]


def _looked_at(kinds: tuple[str, ...], limits: Limits, given: dict[str, Any]) -> list[Plain[Any]]:
    """What stands before a statement that looks first. `top` is the largest key of each kind, `judged` says in which the words
    are `common`. Where they are in none, and the same in all, `whole` has what holds them of any kind and time, in one go:
    they are `known` unless they are more than the cap.
    """
    asked = _each(kinds, False, limits, given)
    if not asked:
        return []
    rows = ", ".join(f"({number}, {part})" for number, part in enumerate(limits.places))
    tops = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, coalesce(max(key), 0) AS largest FROM search_entry WHERE kind = '{kind}'"  # noqa: S608
        for kind in kinds
    )
    few = [each.sample(f"number < {limits.few}") for each in asked]
    enough = [each.sample(f"(SELECT hold FROM few WHERE kind = '{each.kind}') > 0") for each in asked]  # noqa: S608
    fewest = len(limits.places) * limits.surely * limits.cap
    common = f"hold >= {limits.least} AND hold * largest >= {fewest}"
    parts = [
        Plain[Any](f"places (number, part) AS (VALUES {rows}), top AS MATERIALIZED ({tops})", []),
        _materialized("few", few),
        _materialized("enough", enough),
        Plain[Any](f"judged AS MATERIALIZED (SELECT kind, {common} AS common FROM enough JOIN top USING (kind))", []),  # noqa: S608
    ]
    if "words" in given:
        rare = "NOT EXISTS (SELECT 1 FROM judged WHERE common)"
        parts += [
            Plain(
                f"everywhere AS MATERIALIZED (SELECT kind, key, at, team FROM search_entry WHERE {has_all().sql} AND {rare}),"  # noqa: S608
                f" whole AS MATERIALIZED (SELECT * FROM everywhere LIMIT {limits.cap + 1}),"
                f" whole_known AS MATERIALIZED (SELECT {rare} AND count(*) <= {limits.cap} AS known FROM whole)",
                [given["words"]],
            )
        ]
    return parts


def _materialized(name: str, parts: Sequence[Plain[Any]]) -> Plain[Any]:
    union = " UNION ALL ".join(part.sql for part in parts)
    return Plain(f"{name} AS MATERIALIZED ({union})", [value for part in parts for value in part.params])


def _each(kinds: tuple[str, ...], phrases: bool, limits: Limits, given: dict[str, Any]) -> list[_Words]:
    """None without words. There are words of more kinds where `prepared` rounds up."""
    body, bounds = "body" if phrases else "''", _bounds(given)
    words = zip(kinds, given.get("held", ()), given.get("seen", ()), strict=False)
    return [_Words(kind, held, seen, body, bounds, limits, given) for kind, held, seen in words]


def _bounds(given: dict[str, Any]) -> Plain[Any]:
    return within(**{name: given[name] for name in ("since", "until", "hidden") if name in given})


def _united(parts: Sequence[Plain[Row]], *, before: Sequence[Plain[Any]] = ()) -> Plain[Row]:
    """The rows of all parts, after what they all look into."""
    prefix = f"WITH {', '.join(each.sql for each in before)} " if before else ""
    union = " UNION ALL ".join(f"SELECT * FROM ({part.sql}) AS p" for part in parts)  # noqa: S608
    return Plain(prefix + union, [value for part in (*before, *parts) for value in part.params])
