"""Ask the customer for proof and take it. Called by the desk, the portal and the API."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from returns import policy
from returns.actions import verdicts
from returns.actions.by import user_id_of
from returns.machine import S, move, must_be
from returns.models import InfoRequest, Return
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress


class AnsweredAlready(Conflict):
    code = "answered_already"
    sentence = _("This was answered already, in other words. Please write what is missing as a message.")


@transaction.atomic
def ask_info(return_id: int, *, question: str, actor: Actor) -> InfoRequest:
    """Ask for proof. The shop's clock (T1) stands still while the customer's (T2) runs."""
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.ask")
    must_be(ret, S.SUBMITTED)
    now = clock.now()
    deadline = now + policy.PROOF
    request = InfoRequest.objects.create(
        of=ret, question=clean_text(question, field="question", longest=1000), by_id=user_id_of(actor), at=now
    )
    move(ret, S.NEED_INFO, at=now)
    timers.pause(*policy.FIRST_DECISION_TIMERS, on=ret, at=now)
    timers.set_timer("return.T2", on=ret, due_at=deadline, at=now)
    for number, after in enumerate(policy.REMIND_AFTER, start=1):
        timers.set_timer(f"return.T2.remind{number}", on=ret, due_at=now + after, at=now, useful_until=deadline)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=now)
    record("return.info_requested", on=ret, actor=actor, at=now, deadline=deadline.isoformat())
    return request


@transaction.atomic
def give_info(return_id: int, *, answer: str, has_proof: bool, actor: Actor) -> Return:
    """The customer answers; the rules speak again and the shop's clock runs on. The same again changes nothing.

    A further answer (`AnsweredAlready`), and one to a question that has lapsed (`WrongStatus`), is refused and not lost:
    whoever writes it must know.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.answer")
    request = InfoRequest.objects.filter(of=ret).order_by("-pk").first()
    if request is None:
        raise Conflict(_("Nothing was asked about this request."), code="nothing_asked")
    words = clean_text(answer, field="answer", longest=2000)
    if request.answered_at is not None:
        if request.answer != words:
            raise AnsweredAlready
        return ret
    must_be(ret, S.NEED_INFO)
    now = clock.now()
    request.answer = words
    request.answered_at = now
    request.save(update_fields=["answer", "answered_at"])
    move(ret, S.SUBMITTED, at=now)
    timers.cancel("return.T2", "return.T2.remind1", "return.T2.remind2", on=ret)
    timers.resume(*policy.FIRST_DECISION_TIMERS, on=ret, at=now)
    verdicts.decide_told(ret, actor=actor, at=now, has_proof=has_proof)
    set_progress(ret.ticket, waiting_on="", due_at=timers.due_at("return.T1", on=ret), at=now)
    record("return.info_given", on=ret, actor=actor, at=now)
    return ret
