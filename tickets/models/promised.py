"""Which ticket a promise belongs to, so that a broken one finds its way back to whoever must make it good."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from customers.models import Promise
from tickets.models.ticket import Ticket


class TicketPromise(models.Model):
    """A promise was made on this ticket, or the ticket was opened because it was broken."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="promised", verbose_name=_("ticket"))
    promise = models.OneToOneField(Promise, models.CASCADE, related_name="on_ticket", verbose_name=_("promise"))

    class Meta:
        verbose_name = _("promise on a ticket")
        verbose_name_plural = _("promises on tickets")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.promise_id}"


def on_seen_tickets(actor: Actor) -> Q:
    """Of promises: those on no ticket, and those on one that the actor sees. A closed team keeps what it has promised."""
    return Q(on_ticket=None) | Q(on_ticket__ticket__in=Ticket.objects.visible_to(actor))
