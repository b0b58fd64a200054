"""Move open clocks to the newest version of their policy or calendar: begin, go on ticket by ticket, cancel. Called by the
office and by the clock.

A move is a row with a due timer. Each turn of the timer sees to one ticket in a transaction of its own, under its lock, and
sets the timer again: a move of any length shows its progress, survives a crash and holds nobody up. What was missed before
the move stays as it was, and what has ended is not asked for at all.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from aftersales.ledger.timers import cancel, set_timer
from tickets.actions.calendars import NewerVersion
from tickets.actions.clockwork import append, keep_due, stop
from tickets.actions.policy_moves.foreseeing import ENDS, LATE, Foreseen, Foresight, Version, movable
from tickets.models import Clock, PolicyMove, PolicyVersion, SlaPolicy, Ticket, WorkCalendar

TIMER = "policy.move"
S = PolicyMove.Status


class NothingToMove(Conflict):
    """No open clock goes by an older version."""

    code = "nothing_to_move"
    sentence = _("Every open clock goes by %(version)s already.")


@transaction.atomic
def start_move(policy_id: int, *, actor: Actor, seen: int | None = None) -> PolicyMove:
    """Begin to move the open clocks of older versions, of the policy or of its calendars, to the newest one. While such a move
    is under way, asking again gives that one. `seen` is the number of the version the person looked at.

    Raises `NotFound`, `NotPermitted`, `NewerVersion` and `NothingToMove`.
    """
    policy: SlaPolicy | None = SlaPolicy.objects.visible_to(actor).select_for_update().filter(pk=policy_id).first()
    if policy is None:
        raise NotFound
    version = policy.current()
    return _start(policy, version, actor=actor, seen=seen, version=version)


@transaction.atomic
def start_calendar_move(calendar_id: int, *, actor: Actor, seen: int | None = None) -> PolicyMove:
    """The same for the open clocks of every policy that go by an older version of this calendar. Targets stay as they are.

    Raises `NotFound`, `NotPermitted`, `NewerVersion` and `NothingToMove`.
    """
    calendar: WorkCalendar | None = (
        WorkCalendar.objects.visible_to(actor).select_for_update().filter(pk=calendar_id).first()
    )
    if calendar is None:
        raise NotFound
    version = calendar.current()
    return _start(calendar, version, actor=actor, seen=seen, calendar=version)


def _start(
    owner: SlaPolicy | WorkCalendar, to: Version, *, actor: Actor, seen: int | None, **column: Version
) -> PolicyMove:
    if actor.id is None:
        raise NotFound
    check(actor, "sla.change")
    running: PolicyMove | None = PolicyMove.objects.filter(status=S.RUNNING, **column).first()
    if running is not None:
        return running
    if seen is not None and seen != to.number:
        raise NewerVersion(version=str(to))
    now = clock.now()
    total = movable(to, Clock.objects.all(), now).values("ticket").distinct().count()
    if not total:
        raise NothingToMove(version=str(to))
    move: PolicyMove = PolicyMove.objects.create(by_id=actor.owner or actor.id, begun_at=now, total=total, **column)
    set_timer(TIMER, on=move, due_at=now, at=now)
    record(f"{_news(to)}.move_begun", on=owner, actor=actor, at=now, version=str(to), number=total)
    return move


def _news(to: Version) -> str:
    """The noun under which a move is told."""
    return "policy" if isinstance(to, PolicyVersion) else "calendar"


@transaction.atomic
def cancel_move(move_id: int, *, actor: Actor) -> PolicyMove:
    """Stop a move. Clocks that went over stay there; cancelling one that has ended changes nothing."""
    move: PolicyMove | None = PolicyMove.objects.visible_to(actor).select_for_update().filter(pk=move_id).first()
    if move is None:
        raise NotFound
    check(actor, "sla.change")
    if move.is_running:
        _end(move, S.CANCELLED, actor=actor, at=clock.now())
    return move


@transaction.atomic
def go_on(move_id: int, *, at: dt.datetime) -> None:
    """One turn: the next ticket, or the end. A move that has ended stays as it is."""
    move: PolicyMove = PolicyMove.objects.select_for_update().get(pk=move_id)
    if not move.is_running:
        return
    left = movable(move.to, Clock.objects.filter(ticket__gt=move.reached), at)
    ticket_id = left.order_by("ticket").values_list("ticket", flat=True).first()
    if ticket_id is None:
        _end(move, S.DONE, actor=SYSTEM, at=at)
        return
    done = _move_ticket(ticket_id, move, at)
    counted = {name: F(name) + number for name, number in done.items()}
    PolicyMove.objects.filter(pk=move.pk).update(reached=ticket_id, seen=F("seen") + 1, **counted)
    set_timer(TIMER, on=move, due_at=at, at=at)


def _move_ticket(ticket_id: int, move: PolicyMove, at: dt.datetime) -> dict[str, int]:
    """The clocks of one ticket, with its lock held: how many went over, and how many ended."""
    ticket: Ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    foresight = Foresight(move.to)
    going = []
    for each in movable(move.to, Clock.objects.filter(ticket=ticket).told(), at):
        each.ticket = ticket
        seen = foresight.of(each, at)
        if seen.outcome != LATE:
            going.append(seen)
    if going:
        event = record(
            "clock.moved", on=ticket, actor=SYSTEM, at=at, version=str(move.to),
            clocks=[_said(each) for each in going],
        )  # fmt: skip
        for each in going:
            if each.outcome == ENDS:
                stop(each.clock, at, "policy", event, void=True)
            else:
                _go_over(each, move, at, event)
        keep_due(ticket)
    ended = sum(each.outcome == ENDS for each in going)
    return {"moved": len(going) - ended, "ended": ended}


def _go_over(seen: Foreseen, move: PolicyMove, at: dt.datetime, event: Event) -> None:
    moved = seen.clock
    assert seen.calendar is not None
    moved.target_s, moved.calendar_version = seen.target_s, seen.calendar
    reason = "calendar"
    if move.version is not None and move.version != moved.policy_version:
        moved.policy_version, reason = move.version, "policy"
    append(moved, seen.kind, at, reason, event, target=True, calendar=seen.calendar)


def _said(seen: Foreseen) -> dict[str, str]:
    """One clock in the event: from when to when it is due. Empty where it stands or ends."""
    was, now = seen.clock.due_at, seen.due_at
    return {
        "metric": seen.clock.metric,
        "was": was.isoformat() if was else "",
        "now": now.isoformat() if now else "",
        "outcome": seen.outcome,
    }


def _end(move: PolicyMove, status: PolicyMove.Status, *, actor: Actor, at: dt.datetime) -> None:
    move.status, move.ended_at = status, at
    move.save(update_fields=["status", "ended_at"])
    cancel(TIMER, on=move)
    to = move.to
    owner = to.policy if isinstance(to, PolicyVersion) else to.calendar
    name = f"{_news(to)}.{'moved' if status == S.DONE else 'move_cancelled'}"
    record(name, on=owner, actor=actor, at=at, version=str(to), number=move.moved, ended=move.ended)
