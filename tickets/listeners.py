"""What tickets do when something happens: to a reply, a promise, a parcel, a review, a complaint, a consent, a colleague."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from customers.models import Purpose, Shipment
from customers.models.shipment import TrackingStatus
from tickets.actions.complaints.lateness import promise_settled
from tickets.actions.conversation.undelivered import did_not_arrive
from tickets.actions.leaving import hand_over
from tickets.actions.opening import open_ticket
from tickets.actions.promises import promise_broken, promise_kept
from tickets.actions.reviews import open_for_review, review_settled
from tickets.actions.visits import calling_off, planning
from tickets.models import Ticket, VisitPlan

_REPLIES = ("ticket.replied", "ticket.answered")
_MAY_ARRIVE = (Notice.State.PENDING, Notice.State.SENT, Notice.State.SHOWN, Notice.State.UNKNOWN)


@listens("notice.undelivered", name="tickets.reply_undelivered")
def about_a_reply_that_did_not_arrive(event: Event) -> None:
    """Unless they were, or will be, told of it in another way; or it only said that there is something to read on their page,
    of which they have heard often enough today."""
    notice: Notice | None = event.subject
    if notice is None or notice.template not in _REPLIES or notice.event is None:
        return
    if notice.template == "ticket.replied" and notice.state == Notice.State.CAPPED:
        return
    others = Notice.objects.filter(event=notice.event, template=notice.template).exclude(pk=notice.pk)
    if not others.filter(state__in=_MAY_ARRIVE).exists():
        did_not_arrive(notice.event.data.get("message", 0), at=event.at)


@listens("chat.not_taken", name="tickets.chat_not_taken")
def about_a_reply_the_chat_tool_refused(event: Event) -> None:
    did_not_arrive(event.data["message"], at=event.at)


@listens("promise.kept", "promise.broken", name="tickets.complaint_promise")
def about_a_promise(event: Event) -> None:
    promise_settled(event.subject_id, broken=event.name == "promise.broken", at=event.at)
    (promise_broken if event.name == "promise.broken" else promise_kept)(event.subject_id, at=event.at)


@listens("shipment.stuck", "shipment.unfollowed", name="tickets.chase")
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


@listens("shipment.moved", name="tickets.plan_visits")
def visit_after_signing(event: Event) -> None:
    """The visits that ask how the goods are."""
    if event.data["status"] in (TrackingStatus.SIGNED, TrackingStatus.SIGNED_BY_OTHER) and event.subject is not None:
        planning.plan_after_signing(event.subject.order_id, at=event.at)


@listens("ticket.closed", name="tickets.visit_after_complaint")
def visit_after_complaint(event: Event) -> None:
    """The visit that asks whether a complaint was settled well."""
    if event.subject is not None and event.subject.kind == Ticket.Kind.COMPLAINT:
        planning.plan_after_ticket(event.subject_id, VisitPlan.Occasion.COMPLAINT, at=event.at)


@listens("consent.withdrawn", name="tickets.no_visits")
def no_visits_any_more(event: Event) -> None:
    """Whoever says no is not asked again, from this moment on."""
    if event.data["purpose"] == Purpose.VISITS:
        calling_off.wants_none(event.subject_id, at=event.at)


@listens("user.locked_out", name="tickets.left_behind")
def what_somebody_leaves(event: Event) -> None:
    """Nobody answers or hears of what stays with who is gone."""
    hand_over(event.subject_id, at=event.at)
