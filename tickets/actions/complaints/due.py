"""When the shop must act next in a complaint, and the clock that says so when nobody did."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock
from aftersales.ledger import timers
from customers.models import Order, Shop
from tickets.actions.complaints.next_step import next_due
from tickets.actions.opening import WAITING_FIELDS, set_progress, wait_for
from tickets.models import Complaint, Ticket
from tickets.sla import same_day

ANSWER_TIMER = "complaint.answer_due"


def answer_due(order: Order | None, received_at: dt.datetime) -> dt.datetime:
    """24:00 of the day of receipt where the shop is; what comes too late in the day, at a time of the next day (UTC)."""
    shop = order.shop if order is not None else Shop()  # the defaults where there is no order, so no shop
    return same_day(
        received_at,
        clock.shop_zone(),
        until=_seconds(shop.complaints_until),
        then=_seconds(shop.complaints_next_day),
    )


def say_due(complaint: Complaint, at: dt.datetime) -> None:
    """Write on the ticket when somebody must act next. In the caller's transaction, with the ticket locked."""
    ticket = complaint.ticket
    if ticket.status == Ticket.Status.CLOSED:
        return
    until, why = ticket.waiting_until, ticket.waiting_why
    set_progress(ticket, waiting_on=ticket.waiting_on, due_at=next_due(complaint, at), at=at)
    if ticket.waiting_on:  # whoever is waited for is waited for as before
        wait_for(ticket, ticket.waiting_on, at=at, until=until, why=why)
        ticket.save(update_fields=WAITING_FIELDS)


def watch_answer(complaint: Complaint, at: dt.datetime) -> None:
    """Set the clock of the first answer. In the caller's transaction."""
    timers.set_timer(ANSWER_TIMER, on=complaint, due_at=complaint.answer_due_at, at=at)


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second
