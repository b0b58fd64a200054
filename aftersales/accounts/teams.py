"""Whose things somebody sees where teams are closed. Asked by the sets of tickets and returns, and by the search.

A closed team's tickets are seen by its own agents and by whoever holds `teams.view`: leads, managers and auditors, and
the warehouse, which counts every parcel. What belongs to no team, or to an open one, is everybody's. Orders and people
are the shop's and no team's.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet

from aftersales.accounts.models import Team, User
from aftersales.kernel.actor import Actor, Role
from aftersales.kernel.policy import GRANTS, may
from aftersales.kernel.prepared import prepared

Rows = TypeVar("Rows", bound=QuerySet)


def sees_all(actor: Actor) -> bool:
    """Whether no team is closed to them."""
    return actor.is_system or may(actor, "teams.view")


def closed_to(actor: Actor) -> QuerySet[Team, int]:
    """Primary keys of the teams whose things the actor does not see."""
    closed = Team.objects.filter(is_closed=True)
    if sees_all(actor):
        return closed.none().values_list("pk", flat=True)
    return closed.exclude(pk=actor.team or 0).values_list("pk", flat=True)


def hidden_from(actor: Actor) -> frozenset[int]:
    """The same, read now: for the index of the search, which keeps the number of the team alone."""
    return frozenset() if sees_all(actor) else frozenset(_closed_to(actor.scope))


@prepared
def _closed_to(scope: Actor) -> QuerySet[Team, int]:
    return closed_to(scope)


def who_see(people: QuerySet[User], team: Team | None) -> QuerySet[User]:
    """Of these people those to whom what belongs to the team is not closed."""
    if team is None or not team.is_closed:
        return people
    return people.filter(Q(team=team) | Q(role__in=sorted(GRANTS["teams.view"])))


def leads_of(team_id: int | None) -> list[User]:
    """Who hears of a team's trouble: its own leads; every lead where it has none, or where there is no team."""
    leads = User.objects.filter(role=Role.LEAD, is_active=True).order_by("pk")
    own = list(leads.filter(team_id=team_id)) if team_id is not None else []
    return own or list(leads)


def within_teams(rows: Rows, actor: Actor, path: str = "team") -> Rows:
    """Those of the rows that are not a closed team's. `path` leads to the team; the set of teams is read once a query."""
    if sees_all(actor):
        return rows
    return rows.exclude(**{f"{path}__in": closed_to(actor)})
