"""The time of a visit has come: look once more whether it may be made and how, then give it out, lay it by for printing, or write
to the customer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count

from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.policy import GRANTS
from aftersales.ledger.record import record
from aftersales.notices.quiet import after_quiet
from tickets.actions.distribution import on_duty
from tickets.actions.visits.calling_off import end
from tickets.actions.visits.inviting import invite
from tickets.actions.visits.planning import put_off
from tickets.actions.visits.ways import way_to
from tickets.models import Visit

TOO_LATE = dt.timedelta(days=7)  # a message that nobody sent for so long is not sent any more


@transaction.atomic
def come_due(visit_id: int, *, at: dt.datetime) -> None:
    """Fired by the timer. One that was moved, made or called off meanwhile is left alone."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("plan", "person", "order__address")
    visit = rows.filter(pk=visit_id).first()
    if visit is None or visit.state != Visit.State.PLANNED or visit.due_at > at:
        return
    way = way_to(visit.person, visit.channel, visit.order)
    if way.channel is None:
        end(visit, way.why, actor=SYSTEM, at=at)
        return
    visit.channel = way.channel
    if visit.channel == Visit.Channel.MESSAGE:
        _write(visit, at)
        return
    if visit.assignee_id is None and visit.channel != Visit.Channel.LETTER:  # whoever prints, prints them all
        visit.assignee_id = least_busy(visit, at)
    visit.save(update_fields=["channel", "assignee"])
    record("visit.due", on=visit, actor=SYSTEM, at=at)


def _write(visit: Visit, at: dt.datetime) -> None:
    """Never at night, and not when it has lain too long."""
    if at - visit.due_at > TOO_LATE:
        end(visit, Visit.Why.LATE, actor=SYSTEM, at=at)
        return
    free = after_quiet(at)
    if free > at:
        put_off(visit, free, at=at)
        visit.save(update_fields=["channel", "due_at"])
        return
    invite(visit, at=at)


def least_busy(visit: Visit, at: dt.datetime) -> int | None:
    """Who of the visit's team, on duty, has the fewest visits to make; of equals the one longest with us."""
    users = User.objects.filter(is_active=True, role__in=sorted(GRANTS["visit.record"] & {"agent", "lead"}))
    if visit.team_id is not None:
        users = users.filter(team_id=visit.team_id)
    there = list(on_duty(users, at).order_by("pk").values_list("pk", flat=True))
    to_make = Visit.objects.to_make().filter(assignee__in=there, due_at__lte=at).order_by()
    load = dict(to_make.values_list("assignee").annotate(Count("pk")))
    return min(there, key=lambda user: load.get(user, 0), default=None)
