"""Hand a ticket to somebody, and let it rise in the queue. Called by the desk and by the clocks of a return."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.models import Ticket


@transaction.atomic
def assign(ticket_id: int, *, user_id: int | None, actor: Actor) -> Ticket:
    """Give the ticket to a member of staff, or to nobody. The same person again changes nothing."""
    from django.contrib.auth import get_user_model  # the user model is named by settings only

    ticket: Ticket | None = Ticket.objects.visible_to(actor).select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    check(actor, "ticket.assign")
    if ticket.assignee_id == user_id:
        return ticket
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user_id and user is None:
        raise NotFound
    ticket.assignee, ticket.updated_at = user, clock.now()
    ticket.save(update_fields=["assignee", "updated_at"])
    record("ticket.assigned", on=ticket, actor=actor, to=str(user) if user else "–")
    return ticket


def raise_priority(ticket_id: int, priority: int) -> None:
    """Make a ticket more urgent, never less: what a person made more urgent stays so. In the caller's transaction."""
    if Ticket.objects.filter(pk=ticket_id, priority__gt=priority).update(priority=priority):
        clocks.reprioritised(Ticket.objects.select_for_update().get(pk=ticket_id), clock.now())
