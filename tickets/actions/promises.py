"""Promises made on a ticket: one that is open holds the ticket, one that was broken opens it again for the lead to see.

Called by the desk and by the listener of what happens to promises in the archive.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.promises import make_promise
from customers.models import Promise
from tickets.actions.assignment import raise_priority
from tickets.actions.opening import open_ticket, set_progress
from tickets.actions.reopening import reopen_ticket
from tickets.actions.scope import locked, must_be_open
from tickets.models import Complaint, Ticket, TicketPromise


class StillPromised(BadInput):
    """A ticket with an open promise is closed with a reason, or not at all."""

    code = "still_promised"
    sentence = gettext_lazy(
        "“%(promise)s” is promised and still open. Keep it, say that it cannot be kept, or write below why this ticket is"
        " closed all the same."
    )


@transaction.atomic
def promise_on_ticket(
    ticket_id: int, *, text: str, due_at: dt.datetime, actor: Actor, terms: dict[str, Any] | None = None
) -> Promise:
    """Promise the customer of an open ticket something by `due_at` (UTC). Raises what `make_promise` raises."""
    ticket = locked(ticket_id, actor)
    check(actor, "promise.make")
    must_be_open(ticket)
    promise = make_promise(
        ticket.person_id, text=text, order_id=ticket.order_id, due_at=due_at, terms=terms, actor=actor,
        made_in=Promise.Place.TICKET,
    )  # fmt: skip
    TicketPromise.objects.create(ticket=ticket, promise=promise)
    _touch(ticket, promise.made_at)
    return promise


def promise_kept(promise_id: int, *, at: dt.datetime) -> None:
    """Its ticket has changed: pages of it that stand open are renewed."""
    promise = Promise.objects.get(pk=promise_id)
    if (ticket := ticket_of(promise)) is not None:
        _touch(ticket, at)


def _touch(ticket: Ticket, at: dt.datetime) -> None:
    Ticket.objects.filter(pk=ticket.pk, updated_at__lt=at).update(updated_at=at)


def promised_on(ticket: Ticket) -> QuerySet[Promise]:
    """What is promised and still open on the ticket, and on those that were merged into it."""
    here = Ticket.objects.filter(Q(pk=ticket.pk) | Q(merged_into=ticket)).order_by().values("pk")
    rows: QuerySet[Promise] = Promise.objects.unsettled().filter(on_ticket__ticket__in=here)
    return rows


def must_be_kept_or_explained(ticket: Ticket, why: str) -> str:
    """The reason as it is kept with the closing, "" where nothing is promised any more. Raises `StillPromised`.

    Read with the ticket locked. The promise stays open: when its time is over it opens the ticket again.
    """
    given = promised_on(ticket).order_by(F("due_at").asc(nulls_last=True)).first()
    if given is None:
        return ""
    if not (words := " ".join(why.split())[:300]):
        raise StillPromised(field="why", promise=given.text)
    return words


def ticket_of(promise: Promise) -> Ticket | None:
    """The ticket a promise is dealt with on: the one it was made on or opened, for a complaint's plan that of the complaint."""
    link = TicketPromise.objects.filter(promise=promise).select_related("ticket__merged_into").first()
    return (link.ticket.merged_into or link.ticket) if link is not None else None


@transaction.atomic
def promise_broken(promise_id: int, *, at: dt.datetime) -> Ticket | None:
    """Its ticket opens again, urgent and due now; a promise without one gets a ticket. None where a complaint sees to it."""
    if Complaint.objects.filter(promise_id=promise_id).exists():
        return None
    promise = Promise.objects.select_related("person", "order").get(pk=promise_id)
    link = TicketPromise.objects.filter(promise=promise).select_related("ticket").first()
    ticket = _again(link.ticket, at) if link is not None else _new(promise, at)
    raise_priority(ticket.pk, Ticket.Priority.URGENT)
    record("ticket.promise_broken", on=ticket, actor=SYSTEM, at=at, text=promise.text)
    return ticket


def _again(ticket: Ticket, at: dt.datetime) -> Ticket:
    ticket = ticket.merged_into or ticket
    was_closed = ticket.status == Ticket.Status.CLOSED
    ticket = reopen_ticket(ticket.pk, actor=SYSTEM, at=at)
    if was_closed or not _is_led_by_a_request(ticket):  # a running request keeps its own clock and whom it waits for
        set_progress(ticket, waiting_on="", due_at=at, at=at)
    return ticket


def _is_led_by_a_request(ticket: Ticket) -> bool:
    return hasattr(ticket, "goods_return")


def _new(promise: Promise, at: dt.datetime) -> Ticket:
    with translation.override("zh-hans"):  # the shop's own language: nobody in particular opened it
        title = _("Promise broken: %(text)s") % {"text": promise.text}
    ticket = open_ticket(
        kind=Ticket.Kind.TASK, title=title, person=promise.person, order=promise.order, actor=SYSTEM, at=at, due_at=at,
        queue_key="tasks",
    )  # fmt: skip
    TicketPromise.objects.create(ticket=ticket, promise=promise)
    return ticket
