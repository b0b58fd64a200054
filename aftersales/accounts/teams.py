"""Whose things somebody sees where teams are closed. Asked by the sets of tickets and returns, and by the search."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TeamLimit:
    """`is_limited`: only what belongs to `team` or to nobody."""

    is_limited: bool
    team: int | None


def team_limit(actor: Actor) -> TeamLimit:
    return TeamLimit(is_limited=False, team=None)
