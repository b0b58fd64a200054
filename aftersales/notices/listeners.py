"""Announce events to the webhooks that asked for them."""

from __future__ import annotations

from aftersales.ledger import outbox
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices.models import Webhook

# Events another program may hear. Their data names people nowhere.
ANNOUNCED = (
    "return.submitted",
    "return.approved",
    "return.rejected",
    "return.received",
    "return.inspected",
    "return.withdrawn",
    "return.closed",
    "refund.paid",
    "exchange.shipped",
    "ticket.opened",
    "ticket.replied",
    "ticket.closed",
)


@listens(*ANNOUNCED, name="notices.webhooks")
def announce(event: Event) -> None:
    """One outbox row for each webhook that wants this event; the event's number is the id the receiver sees."""
    for webhook in Webhook.objects.filter(ended_at=None):
        if event.name in webhook.events:
            outbox.put(
                channel="webhook",
                key=f"webhook:{event.pk}:{webhook.pk}",
                on=webhook,
                destination=f"webhook:{webhook.pk}",  # a receiver that is down delays no other
                payload={
                    "id": event.pk,
                    "event": event.name,
                    "at": event.at.isoformat(),
                    "subject": {"type": event.subject_type, "ref": getattr(event.subject, "ref", "")},
                    "by": event.actor_kind,
                    "data": event.data,
                },
            )
