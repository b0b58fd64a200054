"""Whom a ticket waited for, told from its events: for a clock that is begun later than what it counts. Reads only.

A reply begins to wait for the customer and their message ends it without an event of their own, so what was said is read too.
"""

from __future__ import annotations

import datetime as dt

from aftersales.ledger.models import Event
from tickets.models import Message, Ticket

_W = Ticket.WaitingOn
_NAMES = (
    "ticket.waits", "ticket.resumed", "ticket.woken", "ticket.closed",
    "ticket.message_received", "ticket.replied", "ticket.noted",
)  # fmt: skip


def turns(ticket: Ticket, at: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """From when on it waited for whom ("" for nobody), oldest first, in the order in which it became known; up to now, `at`.

    How it stands now is known for certain and has the last word.
    """
    found: list[tuple[dt.datetime, str]] = [(ticket.opened_at, _W.NOBODY)]
    later = Message.objects.filter(ticket=ticket, contact=True, at__gt=ticket.opened_at)
    talks = set(later.values_list("pk", flat=True))  # one that opened it lets nobody wait
    # A reply lets nobody wait while something of its own is due later; only waiting for somebody changes when that is.
    has_own_time = not ticket.waiting_on and ticket.process_due_at is not None and ticket.process_due_at > at
    events = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk, name__in=_NAMES)
    heard = 0  # the newest message of the customer: a reply written before it lets nobody wait
    for event in events.order_by("pk"):
        before, message = found[-1][1], event.data.get("message", 0)
        if event.name == "ticket.message_received":
            heard = message
        crossed = event.name == "ticket.replied" and heard > message
        whom = _after(event, before, talks, asks=not has_own_time and not crossed)
        if whom != before:
            found.append((max(event.at, found[-1][0]), whom))
    now = ticket.waiting_on
    if found[-1][1] != now:
        if now:
            found.append((max(ticket.waiting_since or at, found[-1][0]), now))
        else:
            found.pop()
    return found


def _after(event: Event, whom: str, talks: set[int], *, asks: bool) -> str:
    """Whom it waits for after this, where it waited for `whom` before."""
    if event.name == "ticket.waits":
        return str(event.data["whom"])
    if event.name == "ticket.message_received":
        return _W.NOBODY if whom in (_W.CUSTOMER, _W.LATER) else whom
    if event.name in ("ticket.replied", "ticket.noted"):
        spoke = event.actor_kind == "staff" and (event.name == "ticket.replied" or event.data.get("message") in talks)
        return _W.CUSTOMER if spoke and asks and not whom else whom
    return _W.NOBODY
