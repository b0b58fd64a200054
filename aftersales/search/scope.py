"""Where a question looks, and one thing that answers there. Used by `lookup` and `pending`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aftersales.kernel.prepared import Plain
from aftersales.search.kinds import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that answers. `body` is empty until somebody asks for it."""

    at: dt.datetime
    key: int
    body: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look. What belongs to the teams in `hidden` is neither found nor counted."""

    kinds: tuple[Kind, ...]
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    hidden: frozenset[int] = frozenset()

    def bounds(self) -> dict[str, Any]:
        """What `within` takes: only those bounds that there are."""
        bounds = {"since": self.since, "until": self.until, "hidden": tuple(sorted(self.hidden))}
        return {name: value for name, value in bounds.items() if value}

    def holds(self, at: dt.datetime, team: int | None) -> bool:
        return (
            (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
            and team not in self.hidden
        )


def within(
    *, since: dt.datetime | None = None, until: dt.datetime | None = None, hidden: tuple[int, ...] = ()
) -> Plain[Any]:
    """The bounds as further conditions on entries, with their parameters."""
    parts: list[str] = []
    values: list[Any] = []
    if since is not None:
        parts.append(" AND at >= %s")
        values.append(_written_at(since))
    if until is not None:
        parts.append(" AND at < %s")
        values.append(_written_at(until))
    if hidden:
        parts.append(f" AND (team IS NULL OR team NOT IN ({', '.join(['%s'] * len(hidden))}))")
        values += hidden
    return Plain("".join(parts), values)


def _written_at(instant: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(instant)


def read_at(at: dt.datetime | str) -> dt.datetime:
    """SQLite gives back text, or a datetime without its zone, which is UTC."""
    found = at if isinstance(at, dt.datetime) else dt.datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
