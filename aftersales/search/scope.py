"""Where a question looks, and one thing that answers there. Used by `lookup` and `pending`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

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

    def condition(self) -> tuple[str, list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        if self.since is not None:
            parts.append("at >= %s")
            values.append(_written_at(self.since))
        if self.until is not None:
            parts.append("at < %s")
            values.append(_written_at(self.until))
        if self.hidden:
            marks = ", ".join(["%s"] * len(self.hidden))
            parts.append(f"(team IS NULL OR team NOT IN ({marks}))")
            values += sorted(self.hidden)
        return "".join(f" AND {part}" for part in parts), values

    def holds(self, at: dt.datetime, team: int | None) -> bool:
        return (
            (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
            and team not in self.hidden
        )


def _written_at(instant: dt.datetime) -> dt.datetime | str:
    if connection.vendor == "postgresql":
        return instant
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")


def read_at(at: dt.datetime | str) -> dt.datetime:
    """SQLite gives back text, or a datetime without its zone, which is UTC."""
    found = at if isinstance(at, dt.datetime) else dt.datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
