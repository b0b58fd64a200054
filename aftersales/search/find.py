"""One search box over everything: `find(actor, text)`. Apps register what they hold (`kinds`); faces call this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from aftersales.accounts.teams import hidden_from
from aftersales.kernel.actor import Actor
from aftersales.kernel.refs import refs_without_kind
from aftersales.kernel.together import together
from aftersales.search import lookup, pending
from aftersales.search.kinds import Hit, Kind, kinds_for
from aftersales.search.marks import snippet
from aftersales.search.question import LONGEST, Asked, Question
from aftersales.search.scope import Scope

__all__ = ["LONGEST", "MOST", "PAGE", "Asked", "Group", "Hit", "find", "kinds_of", "standing"]

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


def find(
    actor: Actor,
    text: str,
    *,
    kinds: Collection[str] | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    page: int = 1,
    size: int = MOST,
) -> list[Group]:
    """Everything the actor may see that answers to the text, by kind; kinds without a hit are left out.

    Words are joined by "and"; what stands in quotation marks must stand so. `since` and `until` (UTC, until excluded)
    bound the dates of the things. Beyond the thousandth hit of a kind there is no page.
    """
    asked = Asked.of(text)
    looked_at = tuple(kind for kind in kinds_for(actor) if kinds is None or kind.name in kinds)
    if not asked.text or not looked_at:
        return []
    scope = Scope(looked_at, since, until, hidden=hidden_from(actor))
    groups = _groups(actor, Question.of(asked), scope, page, size)
    if groups or asked.ref:
        return groups
    refs = refs_without_kind(asked.text)
    return _groups(actor, Question.of(replace(asked, ref=refs[0]), refs), scope, page, size) if refs else []


def kinds_of(actor: Actor) -> list[Kind]:
    """What somebody may look for, in the order of the groups."""
    return kinds_for(actor)


def standing() -> str:
    """`building` while the index is made anew, `behind` while more changed than a question reads by itself, else empty."""
    if pending.waiting()[1]:
        return "building"
    return "behind" if pending.backlog() else ""


def _groups(actor: Actor, question: Question, scope: Scope, page: int, size: int) -> list[Group]:
    first = (max(page, 1) - 1) * size
    if first >= lookup.CAP:
        return []
    answers = lookup.answers(question, scope, min(first + size + 1, lookup.CAP))
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
