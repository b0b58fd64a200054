"""What tickets do when something happens elsewhere: a promise made in a complaint was kept, or was not."""

from __future__ import annotations

from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from tickets.actions.complaints.lateness import promise_settled


@listens("promise.kept", "promise.broken", name="tickets.complaint_promise")
def about_a_promise(event: Event) -> None:
    promise_settled(event.subject_id, broken=event.name == "promise.broken", at=event.at)
