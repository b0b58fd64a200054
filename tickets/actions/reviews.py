"""The ticket of a review: what is to be put right behind a bad one, or the thanks for a good one.

The reply in public is the review's own (`customers.actions.reviews`); the ticket is where the shop finds out, helps and
learns. Called by the listeners and by the desk.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions.people import own_person
from customers.models import Review
from tickets.actions.opening import open_ticket, set_progress
from tickets.models import ReviewTicket, Ticket

CHANNEL = "review"


@transaction.atomic
def open_for_review(review_id: int, *, actor: Actor, at: dt.datetime | None = None) -> Ticket:
    """Open the ticket of a review, once: a second call gives the first ticket. Due when the public reply is.

    A bad review is a task, since nobody has written to us; a good one is praise. Whoever is not known stands under the
    shop's own entry. Raises `NotFound`.
    """
    review = Review.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=review_id).first()
    if review is None:
        raise NotFound
    known = ReviewTicket.objects.filter(review=review).select_related("ticket").first()
    if known is not None:
        ticket: Ticket = known.ticket
        return ticket
    at = at or clock.now()
    with translation.override("zh-hans"):  # the shop's own language: it may be opened by nobody in particular
        title = _("Review on %(platform)s, %(stars)s of 5 stars: %(words)s") % {
            "platform": review.get_platform_display(), "stars": review.stars,
            "words": " ".join(review.excerpt.split())[:80],
        }  # fmt: skip
    good = not review.is_bad and review.person is not None
    ticket = open_ticket(
        kind=Ticket.Kind.PRAISE if good else Ticket.Kind.TASK, title=title, person=review.person or own_person(at=at),
        order=review.order, actor=actor, at=at, due_at=review.reply_due_at, channel=CHANNEL,
        queue_key="questions" if good else "complaints",
    )  # fmt: skip
    ReviewTicket.objects.create(review=review, ticket=ticket)
    return ticket


@transaction.atomic
def review_settled(review_id: int, *, at: dt.datetime) -> None:
    """Its public reply stands, or none will: an open ticket is no longer due for it. A closed one stays closed."""
    known = ReviewTicket.objects.filter(review=review_id).first()
    ticket = Ticket.objects.select_for_update().filter(pk=known.ticket_id).first() if known else None
    if ticket is None or ticket.status == Ticket.Status.CLOSED or ticket.process_due_at is None:
        return
    set_progress(ticket, waiting_on=ticket.waiting_on, due_at=None, at=at)
