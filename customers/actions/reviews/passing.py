"""Leave a review without a public reply, with the reason; or take it up again. And see its time run out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.actions.reviews.adding import REPLY_TIMER
from customers.actions.reviews.refusals import ReviewSettled
from customers.actions.reviews.replying import locked, standing
from customers.actions.words import kept_text
from customers.models import Review

_S = Review.State


@transaction.atomic
def pass_review(review_id: int, *, why: str, actor: Actor) -> Review:
    """Nobody answers it in public. The same again changes nothing.

    Raises `ReviewSettled` once it is answered, and `DoneOtherwise` where it is left for another reason.
    """
    review = locked(review_id, actor)
    reason = kept_text(why, field="why", longest=200)
    if review.state == _S.PASSED:
        if review.passed_why != reason:
            raise DoneOtherwise("review.passed", on=review)
        return review
    if review.state == _S.ANSWERED:
        raise ReviewSettled(state=review.get_state_display())
    at = clock.now()
    review.state, review.settled_at, review.passed_why = _S.PASSED, at, reason
    review.save(update_fields=["state", "settled_at", "passed_why"])
    timers.cancel(REPLY_TIMER, on=review)
    record("review.passed", on=review, actor=actor, at=at, why=reason)
    return review


@transaction.atomic
def resume_review(review_id: int, *, actor: Actor) -> Review:
    """It is to be answered after all. One that is not left changes nothing."""
    review = locked(review_id, actor)
    if review.state != _S.PASSED:
        return review
    at = clock.now()
    review.state = _S.READY if standing(review) else _S.OPEN
    review.settled_at, review.passed_why, review.passed_code, review.passed_params = None, "", "", {}
    review.save(update_fields=["state", "settled_at", "passed_why", "passed_code", "passed_params"])
    if review.reply_due_at is not None and review.reply_due_at > at:
        timers.set_timer(REPLY_TIMER, on=review, due_at=review.reply_due_at, at=at)
    record("review.resumed", on=review, actor=actor, at=at)
    return review


@transaction.atomic
def reply_overdue(review_id: int, *, at: dt.datetime) -> None:
    """The time of the public reply is over. Settled meanwhile: nothing. Called by the timer, which fires once."""
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    if review is None or review.is_settled:
        return
    record("review.overdue", on=review, actor=SYSTEM, at=at)
