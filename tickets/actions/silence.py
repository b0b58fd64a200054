"""A customer who no longer answers: when to remind them, when to close. Set by whatever lets a ticket wait for the customer.

Each queue says it in the office, and says nothing until somebody writes it there. "Later" is a timer row; the customer's reply
cancels it, and whoever it wakes (`silence_due`) looks at the ticket again.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from aftersales.kernel.worktime import BusinessHours
from aftersales.ledger import timers
from aftersales.ledger.models import Timer
from aftersales.ledger.subject import subject_of
from tickets.actions.clockwork import newest_calendar
from tickets.actions.kept_open import is_held
from tickets.models import Queue, Ticket
from tickets.models.calendar import SHOP

REMINDS, CLOSES = "ticket.remind_silent", "ticket.close_silent"
_FURTHEST = 366  # days without a working day after which a calendar is no use


def watch(ticket: Ticket, at: dt.datetime) -> None:
    """The shop has spoken or waits from now on: the days of silence are counted from here. In the caller's transaction.

    A ticket with a day of its own to look again, a complaint and a running request are for people to follow.
    """
    rule = ticket.queue
    if not (rule.remind_after or rule.close_after) or not is_silent(ticket) or is_held(ticket):
        return
    timers.cancel(REMINDS, CLOSES, on=ticket)
    if rule.remind_after:
        timers.set_timer(REMINDS, on=ticket, due_at=_after(at, rule.remind_after), at=at)
    elif rule.close_after:
        timers.set_timer(CLOSES, on=ticket, due_at=_after(at, rule.close_after), at=at)


def reminded(ticket: Ticket, at: dt.datetime) -> None:
    """From the reminder on the customer has the rest of the days, however late it went."""
    rule = ticket.queue
    if rule.close_after:
        rest = max(rule.close_after - (rule.remind_after or 0), 1)
        timers.set_timer(CLOSES, on=ticket, due_at=_after(at, rest), at=at)


def moved(ticket: Ticket, at: dt.datetime) -> None:
    """It lies in another queue: the days are counted by that one's rule, from now. Reminded before, nobody is reminded again."""
    timers.cancel(REMINDS, CLOSES, on=ticket)
    done = Timer.objects.filter(kind=REMINDS, status=Timer.Status.DONE, **subject_of(ticket))
    if not is_silent(ticket) or not done.filter(set_at__gte=ticket.waiting_since).exists():
        watch(ticket, at)
    elif not is_held(ticket):
        reminded(ticket, at)


def again(ticket: Ticket, at: dt.datetime) -> None:
    """It cannot be closed today: look again on the next working day."""
    timers.set_timer(CLOSES, on=ticket, due_at=_after(at, 1), at=at)


def watch_missing(at: dt.datetime) -> int:
    """Tickets that waited when a queue's rule was written, or came from another queue: counted from today. Returns how many.

    One whose wait was watched before is left alone, so that nobody is reminded twice of the same thing.
    """
    with_rule = Queue.objects.exclude(remind_after=None, close_after=None).values("pk")
    found = Ticket.objects.filter(
        queue__in=with_rule, status=Ticket.Status.WAITING, waiting_on=Ticket.WaitingOn.CUSTOMER, waiting_until=None
    ).exclude(kind=Ticket.Kind.COMPLAINT)
    watched = Timer.objects.filter(
        kind__in=(REMINDS, CLOSES), subject_type="tickets.ticket", subject_id=OuterRef("pk"),
        set_at__gte=OuterRef("waiting_since"),
    )  # fmt: skip
    missing = found.exclude(Exists(watched)).select_related("queue")
    number = 0
    for ticket in missing.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        watch(ticket, at)
        number += 1
    return number


def is_silent(ticket: Ticket) -> bool:
    """Whether it waits for the customer and nobody has a plan of their own for it."""
    waits = ticket.status == Ticket.Status.WAITING and ticket.waiting_on == Ticket.WaitingOn.CUSTOMER
    return waits and ticket.waiting_until is None and ticket.kind != Ticket.Kind.COMPLAINT


def _after(at: dt.datetime, days: int) -> dt.datetime:
    """So many working days of the shop later, at the same time of day or when it opens next (UTC)."""
    hours = newest_calendar(SHOP).business_hours()
    local = at.astimezone(hours.zone)
    return hours.next_open(dt.datetime.combine(_later(hours, local.date(), days), local.time(), hours.zone))


def _later(hours: BusinessHours, day: dt.date, days: int) -> dt.date:
    closed = 0
    while days and closed < _FURTHEST:
        day += dt.timedelta(days=1)
        closed = 0 if hours.on(day) else closed + 1
        days -= 0 if closed else 1
    return day
