"""Hear an objection to a refusal and answer it; a lifted one goes on as accepted. Called by the portal, the desk and the API."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from returns import policy
from returns.actions import after_objection, decision, refusals, supplement, units, verdicts
from returns.actions.by import user_id_of
from returns.machine import S
from returns.models import Contest, Rejection, Return
from returns.models.decision import PART, REQUEST
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress


class NotContestable(Conflict):
    code = "not_contestable"
    sentence = _("There is no refusal to object to, or the time for it is over.")


@transaction.atomic
def contest_rejection(return_id: int, *, story: str, actor: Actor) -> Contest:
    """The customer objects to a refusal: its clock stops and a lead decides. The same again changes nothing.

    What was accepted beside a refused part is paid meanwhile: its clocks run on. A further objection, and one
    after a lead has answered, is refused (`NotContestable`) and not lost: whoever writes it must know that nobody would
    read it there.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.contest")
    rejection = Rejection.objects.filter(of=ret).order_by("-pk").first()
    if rejection is None:
        raise NotContestable
    if (known := Contest.objects.filter(rejection=rejection).first()) is not None:
        if known.settled_at is not None:
            raise NotContestable(
                _("Your objection has been answered. If something new has come up, please write to us.")
            )
        if known.story != clean_text(story, field="story", longest=2000):
            raise NotContestable(_("There is an objection already. Please write what is missing in it as a message."))
        return known
    if not _is_open(ret, rejection):
        raise NotContestable
    now = clock.now()
    contest = Contest.objects.create(rejection=rejection, story=clean_text(story, field="story", longest=2000), at=now)
    _set_contested(ret, contested=True)
    if rejection.stage == PART:
        timers.pause("return.T7", on=ret, at=now)
    else:
        timers.pause(on=ret, at=now)
    set_progress(ret.ticket, waiting_on="", due_at=now + policy.FIRST_DECISION_WARN, at=now)
    record("return.contested", on=ret, actor=actor, at=now)
    return contest


def _is_open(ret: Return, rejection: Rejection) -> bool:
    if rejection.lifted_at is not None or rejection.final_at is not None:
        return False
    return rejection.stage == PART or ret.status in (S.REJECTED, S.RETURN_REFUSED)


@transaction.atomic
def settle_contest(return_id: int, *, upheld: bool, answer: str, actor: Actor) -> Contest:
    """A lead answers the objection: the refusal stands, or it is lifted and the request goes on as approved.

    The one who refused may not settle it (four eyes), nor may a program of theirs: a key acts for its owner. A refusal
    of goods that stands is final with the answer; one of a request leaves the rest of its time. The same again changes
    nothing; another answer is refused (`DoneOtherwise`).
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.settle_contest")
    contest = Contest.objects.filter(rejection__of=ret).select_related("rejection").order_by("-id").first()
    if contest is None:
        raise NotContestable
    words = clean_text(answer, field="answer", longest=1000)
    if contest.settled_at is not None:
        if (contest.upheld, contest.answer) != (upheld, words):
            raise DoneOtherwise("return.contest_settled", on=ret)
        return contest
    judge = user_id_of(actor)
    if judge is None or contest.rejection.by_id == judge:
        raise Conflict(
            _("Whoever refused cannot settle the objection. Ask another lead or a manager."), code="same_person"
        )
    now = clock.now()
    contest.settled_at, contest.settled_by_id, contest.upheld = now, judge, upheld
    contest.answer = words
    contest.save(update_fields=["settled_at", "settled_by", "upheld", "answer"])
    _set_contested(ret, contested=False)
    record("return.contest_settled", on=ret, actor=actor, at=now, upheld=upheld)
    if not upheld:
        _lift(ret, contest.rejection, actor=actor, at=now)
    elif contest.rejection.stage == REQUEST:
        timers.resume("return.T7", on=ret, at=now)
        set_progress(ret.ticket, waiting_on="customer", due_at=None, at=now)
    else:
        refusals.finalize(ret, contest.rejection, actor=actor, at=now)
        after_objection.wait_again(ret, at=now)
    return contest


def _lift(ret: Return, rejection: Rejection, *, actor: Actor, at: dt.datetime) -> None:
    Rejection.objects.filter(pk=rejection.pk).update(lifted_at=at)
    if rejection.stage == REQUEST:
        timers.cancel(on=ret)
        decision.approve_after_objection(ret, actor=actor, at=at)
        return
    timers.cancel("return.T7", on=ret)
    verdicts.decide_as_told(ret, actor=actor, at=at)
    gained = units.accept_received(ret)
    if rejection.stage == PART:
        supplement.settle(ret, gained, actor=actor, at=at)
        return
    timers.resume("return.T6", on=ret, at=at)
    decision.settle_accepted(ret, actor=actor, at=at)


def _set_contested(ret: Return, *, contested: bool) -> None:
    Return.objects.filter(pk=ret.pk).update(is_contested=contested)
    ret.is_contested = contested
