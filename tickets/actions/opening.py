"""Open a ticket, say how it stands, and open it again. Called by the return actions, the desk and the portal."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.models import Order, Person
from tickets.models import Queue, Ticket

# The queues that actions put tickets into, with the names they start with; a manager may rename them.
_SHIPPED = {"returns": ("退换货", "Returns", 0), "questions": ("咨询", "Questions", 1)}


def queue(key: str) -> Queue:
    """The queue of that key, made at its first use."""
    zh, en, position = _SHIPPED[key]
    found, _ = Queue.objects.get_or_create(key=key, defaults={"name_zh": zh, "name_en": en, "position": position})
    return found


@transaction.atomic
def open_ticket(
    *,
    kind: str,
    title: str,
    person: Person,
    order: Order | None,
    actor: Actor,
    at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
    queue_key: str = "returns",
    channel: str = "form",
) -> Ticket:
    """Put one piece of work into a queue."""
    check(actor, "ticket.open")
    at = at or clock.now()
    ticket = Ticket.objects.create(
        ref=new_ref("T"),
        kind=kind,
        title=title[:150],
        person=person,
        order=order,
        queue=queue(queue_key),
        channel=channel,
        opened_at=at,
        updated_at=at,
        due_at=due_at,
    )
    record("ticket.opened", on=ticket, actor=actor, at=at, kind=kind)
    return ticket


def set_progress(
    ticket: Ticket, *, waiting_on: str, due_at: dt.datetime | None, at: dt.datetime, queue_key: str | None = None
) -> None:
    """Say who must act next and by when. Called by actions that hold the ticket's lock through their own row."""
    ticket.status = Ticket.Status.WAITING if waiting_on else Ticket.Status.OPEN
    ticket.waiting_on, ticket.due_at, ticket.updated_at = waiting_on, due_at, at
    fields = ["status", "waiting_on", "due_at", "updated_at"]
    if queue_key is not None:
        ticket.queue = queue(queue_key)
        fields.append("queue")
    ticket.closed_at = None
    ticket.save(update_fields=[*fields, "closed_at"])


@transaction.atomic
def reopen_ticket(ticket_id: int, *, actor: Actor, at: dt.datetime | None = None) -> Ticket:
    """There is something to do after all. An open ticket stays as it is."""
    ticket: Ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    check(actor, "ticket.open")
    if ticket.status != Ticket.Status.CLOSED:
        return ticket
    at = at or clock.now()
    ticket.status, ticket.closed_at, ticket.updated_at = Ticket.Status.OPEN, None, at
    ticket.save(update_fields=["status", "closed_at", "updated_at"])
    record("ticket.reopened", on=ticket, actor=actor, at=at)
    return ticket
