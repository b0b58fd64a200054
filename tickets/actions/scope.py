"""The ticket an action is about: found within the actor's scope and locked. Used by the actions of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.prepared import prepared
from tickets.models import Ticket


class TicketClosed(Conflict):
    """What is closed is changed no more."""

    code = "ticket_closed"
    sentence = _("This ticket is closed. Reopen it first.")


class TicketMerged(Conflict):
    """The work goes on in another ticket."""

    code = "ticket_merged"
    sentence = _("This ticket was merged. Go on in %(ref)s.")


def locked(ticket_id: int, actor: Actor) -> Ticket:
    """The ticket, locked until the transaction ends. Raises `NotFound` for what the actor may not see."""
    found = _locked(actor.scope, pk=ticket_id)
    if not found:
        raise NotFound
    return found[0]


@prepared
def _locked(scope: Actor, *, pk: int) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).select_for_update().filter(pk=pk)
    return rows


def locked_all(ticket_ids: Sequence[int], actor: Actor) -> dict[int, Ticket]:
    """Several tickets by primary key, locked in one order, so that two who need the same ones never wait for each other."""
    seen = Ticket.objects.visible_to(actor).select_for_update().filter(pk__in=ticket_ids).order_by("pk")
    found = {ticket.pk: ticket for ticket in seen}
    if set(found) != set(ticket_ids):
        raise NotFound
    return found


def must_be_open(ticket: Ticket) -> None:
    """Raises `TicketMerged` or `TicketClosed`."""
    if ticket.merged_into is not None:
        raise TicketMerged(ref=ticket.merged_into.ref)
    if ticket.status == Ticket.Status.CLOSED:
        raise TicketClosed
