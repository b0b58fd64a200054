"""Announce events to the webhooks that asked for them."""

from __future__ import annotations

from collections import defaultdict

from django.utils import translation

from aftersales.ledger import outbox
from aftersales.ledger.catalogue import event_type, listens
from aftersales.ledger.models import Event
from aftersales.notices.models import Webhook
from aftersales.notices.wording import sign_name

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
    "repair.shipped",
    "ticket.opened",
    "ticket.replied",
    "ticket.closed",
    "review.added",
    "review.overdue",
)


@listens(*ANNOUNCED, name="notices.webhooks")
def announce(event: Event) -> None:
    """One outbox row for each webhook that wants this event; the event's number is the id the receiver sees."""
    for webhook in Webhook.objects.filter(ended_at=None):
        if event.name in webhook.events and webhook.kind == Webhook.Kind.ROBOT:
            outbox.put(
                channel="robot",
                key=f"robot:{event.pk}:{webhook.pk}",
                on=webhook,
                destination=f"webhook:{webhook.pk}",
                payload={"text": _line(event)},
            )
        elif event.name in webhook.events:
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


def _line(event: Event) -> str:
    """What happened, for a group of colleagues: in the shop's own language, and what it happened to."""
    with translation.override("zh-hans"):
        told = str(event_type(event.name).text) % defaultdict(str, event.data)
        return f"【{sign_name()}】{told} {getattr(event.subject, 'ref', '')}".strip()
