"""One search box over everything: `find(actor, text)`. Apps register what they hold (`kinds`); faces call this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from aftersales.accounts.teams import hidden_from
from aftersales.kernel.actor import Actor
from aftersales.kernel.refs import refs_without_kind
from aftersales.kernel.together import together
from aftersales.search import lookup
from aftersales.search.kinds import Hit, Kind, kinds_for
from aftersales.search.marks import snippet
from aftersales.search.question import LONGEST, Asked, Question
from aftersales.search.scope import Scope

__all__ = ["LONGEST", "MOST", "PAGE", "Asked", "Group", "Hit", "find", "kinds_of"]

MOST = 10  # hits of one kind among others; a kind by itself has pages
PAGE = 30


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: exact matches first, then the newest.

    `count` is how many there are, `capped` that it is only what was counted ("1,000+"), `more` that the list was cut,
    `exact` how many of the hits were named outright, and `page` which part of the list this is.
    """

    kind: str
    title: str
    hits: tuple[Hit, ...]
    more: bool
    count: int = 0
    capped: bool = False
    exact: int = 0
    page: int = 1


class Groups(list[Group]):
    """What was found, by kind: `terms` are what to mark in it, `standing` is how the index stood (`lookup.Answers`)."""

    terms: tuple[str, ...] = ()
    standing: str = ""


def find(
    actor: Actor,
    text: str,
    *,
    kinds: Collection[str] | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    page: int = 1,
    size: int = MOST,
) -> Groups:
    """Everything the actor may see that answers to the text, by kind; kinds without a hit are left out.

    Words are joined by "and"; what stands in quotation marks must stand so. `since` and `until` (UTC, until excluded)
    bound the dates of the things. Beyond the thousandth hit of a kind there is no page.
    """
    groups = Groups()
    asked = Asked.of(text)
    looked_at = tuple(kind for kind in kinds_for(actor) if kinds is None or kind.name in kinds)
    first = (max(page, 1) - 1) * size
    if not asked.text or not looked_at or first >= lookup.LIMITS.cap:
        return groups
    scope = Scope(looked_at, since, until, hidden=hidden_from(actor))
    question, most = Question.of(asked), min(first + size + 1, lookup.LIMITS.cap)
    answers = lookup.answers(question, scope, most)
    if not answers and (again := _read_otherwise(asked)) != question:
        question, answers = again, lookup.answers(again, scope, most)
    groups.terms, groups.standing = question.terms, answers.standing
    groups += _groups(actor, question, answers.by_kind, scope, page, size)
    return groups


def kinds_of(actor: Actor) -> list[Kind]:
    """What somebody may look for, in the order of the groups."""
    return kinds_for(actor)


def _read_otherwise(asked: Asked) -> Question:
    """What else may be meant by what nothing answers to: a reference without its letter, several numbers and not one."""
    return Question.of(asked, () if asked.ref else refs_without_kind(asked.text), apart=True)


def _groups(
    actor: Actor, question: Question, answers: Mapping[str, lookup.Answer], scope: Scope, page: int, size: int
) -> list[Group]:
    """What the asked-for page shows of the answers."""
    first = (max(page, 1) - 1) * size
    parts = {kind.name: answers[kind.name].found[first : first + size] for kind in scope.kinds}
    if not any(parts.values()):
        return []
    asked = {
        kind.name: kind.hits(actor, _filled((each.key for each in parts[kind.name]), size)) for kind in scope.kinds
    }
    kept = lookup.bodies(
        {name: _filled((each.key for each in part if not each.body), size) for name, part in parts.items()}
    )
    together(kept, *(each for hits in asked.values() for each in hits.asked))
    shown = {name: hits.by_key() for name, hits in asked.items()}
    bodies = {(kind, key): body for kind, key, body in kept.rows}
    groups = []
    for kind in scope.kinds:
        name, answer = kind.name, answers[kind.name]
        hits = [
            replace(
                shown[name][each.key],
                at=each.at,
                snippet=snippet(
                    each.body or bodies.get((name, each.key), ""),
                    question.terms,
                    beside=f"{shown[name][each.key].title} {shown[name][each.key].detail}",
                ),
            )
            for each in parts[name]
            if each.key in shown[name]  # what the actor may not see after all is left out, whatever the index says
        ]
        if hits:
            groups.append(
                Group(
                    kind=name,
                    title=str(kind.title),
                    hits=tuple(hits),
                    more=len(answer.found) > first + size,
                    count=answer.count,
                    capped=answer.capped,
                    exact=max(0, min(answer.exact - first, len(hits))),
                    page=page,
                )
            )
    return groups


def _filled(keys: Iterable[int], size: int) -> tuple[int, ...]:
    """As many as a page shows, with keys that nothing has after those found: one statement, whatever is found."""
    found = tuple(keys)
    return found + tuple(range(len(found) - min(size, PAGE), 0))
