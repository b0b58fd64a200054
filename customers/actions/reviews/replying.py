"""Answer a review in public: write the reply past the guard, take it back, say that it stands on the platform."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.actions.reviews.adding import REPLY_TIMER
from customers.actions.reviews.known import known_of
from customers.actions.reviews.refusals import NoReply, PrivateReply, ReviewSettled
from customers.actions.words import kept_text
from customers.models import Review, ReviewReply
from customers.reviewing import look_over

_HOLE = re.compile(r"\{[a-z_]{1,30}\}")  # a variable of a phrase that had no value
LONGEST_REPLY = 500  # Taobao's limit, the shortest of the platforms'
_S = Review.State


def locked(review_id: int, actor: Actor) -> Review:
    """The review within scope, locked in the caller's transaction. Raises `NotFound`, `NotPermitted`."""
    seen = Review.objects.visible_to(actor).select_for_update(of=("self",)).select_related("person")
    review: Review | None = seen.filter(pk=review_id).first()
    if review is None:
        raise NotFound
    check(actor, "review.answer")
    return review


def standing(review: Review) -> ReviewReply | None:
    """The reply that counts, or None."""
    return ReviewReply.objects.filter(review=review, withdrawn_at=None).first()


@transaction.atomic
def write_reply(review_id: int, *, text: str, actor: Actor) -> ReviewReply:
    """Make a reply ready to be copied to the platform; it takes the place of an earlier one. The same again changes nothing.

    Raises `PrivateReply` with every place where the guard found what must not be public, `ReviewSettled`, `BadInput`.
    """
    review = locked(review_id, actor)
    words = kept_text(text, field="text", longest=LONGEST_REPLY)
    before = standing(review)
    if before is not None and before.text == words:
        return before
    if review.is_settled:
        raise ReviewSettled(state=review.get_state_display())
    if hole := _HOLE.search(words):
        raise BadInput(_("%(hole)s was not filled in. Write what belongs there."), field="text", hole=hole[0])
    if findings := look_over(words, known_of(review)):
        raise PrivateReply(findings)
    at = clock.now()
    if before is not None:
        before.withdrawn_at = at
        before.save(update_fields=["withdrawn_at"])
    reply = ReviewReply.objects.create(
        review=review, text=words, by_id=actor.id if actor.kind == "staff" else None, at=at
    )
    review.state = _S.READY
    review.save(update_fields=["state"])
    record("review.replied", on=review, actor=actor, at=at)
    return reply


@transaction.atomic
def publish_reply(review_id: int, *, actor: Actor) -> Review:
    """Somebody has put the reply on the platform: the clock ends. Twice changes nothing. Raises `NoReply`."""
    review = locked(review_id, actor)
    if review.state == _S.ANSWERED:
        return review
    reply = standing(review)
    if review.state == _S.PASSED:
        raise ReviewSettled(state=review.get_state_display())
    if reply is None:
        raise NoReply
    at = clock.now()
    reply.published_at = at
    reply.save(update_fields=["published_at"])
    review.state, review.settled_at = _S.ANSWERED, at
    review.save(update_fields=["state", "settled_at"])
    timers.cancel(REPLY_TIMER, on=review)
    record("review.published", on=review, actor=actor, at=at)
    return review


@transaction.atomic
def withdraw_reply(review_id: int, *, actor: Actor) -> Review:
    """The reply was not right, or has been taken off the platform: the review is to be answered again.

    Without a reply nothing changes. A reply time that is over stays over.
    """
    review = locked(review_id, actor)
    reply = standing(review)
    if reply is None:
        return review
    at = clock.now()
    reply.withdrawn_at = at
    reply.save(update_fields=["withdrawn_at"])
    review.state, review.settled_at = _S.OPEN, None
    review.save(update_fields=["state", "settled_at"])
    if review.reply_due_at is not None and review.reply_due_at > at:
        timers.set_timer(REPLY_TIMER, on=review, due_at=review.reply_due_at, at=at)
    record("review.reply_withdrawn", on=review, actor=actor, at=at)
    return review
