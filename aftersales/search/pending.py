"""What was touched and is not indexed yet, read from the things themselves: an answer never lags behind. Called by `lookup`."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from aftersales.search.index import plain_lines
from aftersales.search.kinds import Kind, with_followers
from aftersales.search.question import Question
from aftersales.search.scope import Found, Scope
from aftersales.search.words import tokens_of

_MOST = 100  # marks that a question reads by itself: a tenth of a second at most


@dataclass
class Late:
    """Things of one kind that were touched: all their keys, and those that answer."""

    keys: set[int] = field(default_factory=set)
    exact: list[Found] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


@dataclass
class Pending:
    """By kind; `is_building`: the index is made anew, and nothing else can be found; `is_behind`: more waits than that."""

    by_kind: dict[str, Late] = field(default_factory=dict)
    is_building: bool = False
    is_behind: bool = False

    def of(self, kind: Kind) -> Late:
        return self.by_kind.get(kind.name, _NOTHING)

    @property
    def size(self) -> int:
        return sum(len(late.keys) for late in self.by_kind.values())


_NOTHING = Late()


def pending_to(question: Question, scope: Scope) -> Pending:
    """What was touched and not indexed yet, read as it is now. Of a long backlog the latest marks only."""
    touched, is_building, is_behind = _waiting()
    pending = Pending(is_building=is_building, is_behind=is_behind)
    if not touched:
        return pending
    everything = with_followers(touched)
    for kind in scope.kinds:
        keys = sorted(everything.get(kind.name, ()))[-_MOST:]
        if not keys:
            continue
        late = pending.by_kind[kind.name] = Late(set(keys))
        for document in kind.documents(keys):
            if not scope.holds(document.at, document.team):
                continue
            tokens = tokens_of(document.text) | document.tokens
            found = Found(document.at, document.key, plain_lines(document.text))
            if question.exact & tokens:
                late.exact.append(found)
            elif question.tokens and question.tokens <= tokens and question.holds_phrases(found.body):
                late.found.append(found)
    return pending


def _waiting() -> tuple[dict[str, set[int]], bool, bool]:
    """The latest marks by kind, whether the index is being made anew, and whether there are more marks than a question reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, key FROM (SELECT kind, key FROM search_touched ORDER BY id DESC LIMIT %s) AS t"
            " UNION ALL SELECT '*', 0 FROM search_rebuild WHERE anew",
            [_MOST + 1],
        )
        rows = cursor.fetchall()
    touched: dict[str, set[int]] = {}
    for kind, key in rows:
        touched.setdefault(kind, set()).add(key)
    rebuilt = touched.pop("*", None) is not None
    return touched, rebuilt, sum(kind != "*" for kind, _key in rows) > _MOST
