"""Who of the sample shop is away: a clerk on leave until a day, one of the warehouse who will say when, one in a week."""

from __future__ import annotations

import datetime as dt

from aftersales.accounts.actions.people import make_user
from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Role
from returns.management.sample.cast import Cast
from tickets.actions.duty import come_back, go_off_duty

# Role, name, away since so many hours, and for so many days; None: until they come back; back already where it is over.
_AWAY = (
    (Role.AGENT, "suting", "苏婷", 40, 4),
    (Role.WAREHOUSE, "mayue", "马越", 6, None),
    (Role.AGENT, "hejing", "何静", 90, 0),
)
# Whoever is back already takes a week off, so many days from now.
_AHEAD = (8, 14)


def make_absences(cast: Cast, now: dt.datetime) -> None:
    """Colleagues who cannot sign in until a manager gives them a password; queues give nothing to who is away."""
    for role, key, name, hours, days in _AWAY:
        at = now - dt.timedelta(hours=hours)
        with clock.fixed(at):
            user = _colleague(role, key, name, cast)
            until = clock.end_of_shop_day(clock.shop_date(now) + dt.timedelta(days=days)) if days else None
            go_off_duty(user.pk, until=until, actor=cast.manager)
        if days == 0:
            today, (first, last) = clock.shop_date(now), _AHEAD
            with clock.fixed(at + dt.timedelta(days=2)):
                come_back(user.pk, actor=cast.manager)
                go_off_duty(
                    user.pk,
                    since=clock.start_of_shop_day(today + dt.timedelta(days=first)),
                    until=clock.end_of_shop_day(today + dt.timedelta(days=last)),
                    actor=cast.manager,
                )


def _colleague(role: Role, key: str, name: str, cast: Cast) -> User:
    return make_user(email=f"{key}@sample.example", name=name, role=role, password=None, actor=cast.manager)
