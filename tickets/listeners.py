"""What tickets do when something happens in the archive: a promise kept or broken, a parcel that stands still."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from customers.models import Shipment
from tickets.actions.complaints.lateness import promise_settled
from tickets.actions.opening import open_ticket
from tickets.actions.promises import promise_broken
from tickets.actions.reviews import open_for_review, review_settled
from tickets.models import Ticket


@listens("promise.kept", "promise.broken", name="tickets.complaint_promise")
def about_a_promise(event: Event) -> None:
    promise_settled(event.subject_id, broken=event.name == "promise.broken", at=event.at)
    if event.name == "promise.broken":
        promise_broken(event.subject_id, at=event.at)


@listens("shipment.stuck", name="tickets.chase")
def chase_the_carrier(event: Event) -> None:
    """A ticket to ask the carrier, once for each parcel, unless somebody works on one of that order already."""
    shipment: Shipment = event.subject
    if not event.data["chase"] or Ticket.objects.open().filter(order=shipment.order, channel="tracking").exists():
        return
    with translation.override("zh-hans"):  # the shop's own language: nobody in particular opened it
        title = _("Ask the carrier: %(parcel)s has not moved") % {"parcel": shipment}
    open_ticket(
        kind=Ticket.Kind.TASK,
        title=title,
        person=shipment.order.person,
        order=shipment.order,
        actor=SYSTEM,
        at=event.at,
        due_at=event.at,
        queue_key="questions",
        channel="tracking",
    )


@listens("review.added", "review.changed", name="tickets.bad_review")
def about_a_bad_review(event: Event) -> None:
    """A bad review that is still to be answered gets a ticket, once; also one that was changed for the worse."""
    if event.data["bad"]:
        open_for_review(event.subject_id, actor=SYSTEM, at=event.at)


@listens("review.published", "review.passed", name="tickets.review_settled")
def about_a_settled_review(event: Event) -> None:
    """The public reply is no longer what its ticket is due for."""
    review_settled(event.subject_id, at=event.at)
