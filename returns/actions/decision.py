"""Approve or refuse a request, and hear an objection. Called by the desk, the portal, the API and the clock (T1)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from returns import policy
from returns.actions import exchange, refunds, units, verdicts
from returns.actions.by import user_id_of
from returns.machine import S, move, must_be
from returns.models import Approval, Contest, Rejection, Return
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress


class NoReturnAddress(Conflict):
    """T4: an approval without an address would leave the customer with goods and nowhere to send them."""

    code = "no_return_address"
    sentence = _("%(shop)s has no complete return address. A manager enters it in the office; then approve again.")


class NotContestable(Conflict):
    code = "not_contestable"
    sentence = _("There is no refusal to object to, or the time for it is over.")


@transaction.atomic
def approve_return(return_id: int, *, actor: Actor) -> Return:
    """Let the goods come back, or, where nothing needs to come back, make the refund due at once.

    Approving twice changes nothing. Raises `NoReturnAddress`, `WrongStatus`, and `OutOfStock` for an exchange.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.approve")
    if ret.status != S.SUBMITTED and Approval.objects.filter(of=ret).exists():
        return ret  # in the queue an approval is one that expired before the request was reopened
    must_be(ret, S.SUBMITTED)
    now = clock.now()
    _approve(ret, actor=actor, at=now)
    return ret


def _approve(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Write the approval and open the next stretch of road. The caller holds the lock and has checked the status."""
    shop = ret.order.shop
    if not shop.can_take_back:
        raise NoReturnAddress(shop=shop.name)
    # A reopened request may have been approved before; where to and how much at most is frozen anew.
    Approval.objects.update_or_create(
        of=ret,
        defaults={
            "by_id": user_id_of(actor),
            "at": at,
            "recipient": shop.return_recipient,
            "phone": shop.return_phone,
            "address": shop.return_address,
            "most_minor": min(refunds.asked_minor(ret), ret.order.refundable.minor),
        },
    )
    if ret.kind == Return.Kind.EXCHANGE:
        exchange.begin(ret, actor=actor, at=at)
    timers.cancel("return.T1", "return.T1.warn", on=ret)
    if _nothing_comes_back(ret):
        units.accept_unsent(ret)
        record("return.approved", on=ret, actor=actor, at=at, goods_back=False)
        settle_accepted(ret, actor=actor, at=at)
        return
    move(ret, S.AWAITING_RETURN, at=at)
    deadline = at + policy.SHIP_BACK
    timers.set_timer("return.T3", on=ret, due_at=deadline, at=at)
    for number, after in enumerate(policy.REMIND_AFTER, start=1):
        timers.set_timer(f"return.T3.remind{number}", on=ret, due_at=at + after, at=at)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=at)
    record("return.approved", on=ret, actor=actor, at=at, goods_back=True, deadline=deadline.isoformat())


def settle_accepted(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """What is accepted becomes a replacement or a refund. The caller holds the lock."""
    if ret.kind == Return.Kind.EXCHANGE:
        exchange.go_on(ret, actor=actor, at=at)
    else:
        refunds.make_due(ret, actor=actor, at=at)


def _nothing_comes_back(ret: Return) -> bool:
    """Lost parcels and the like: every verdict knows no return leg."""
    outcomes = [each.outcome for each in verdicts.standing(ret)]
    no_way_back = all(outcome["return_leg_payer"] == "not_applicable" for outcome in outcomes)
    return no_way_back and not all(policy.nothing_due(outcome) for outcome in outcomes)


@transaction.atomic
def reject_return(return_id: int, *, reason: str, clause: str, alternative: str = "", actor: Actor) -> Return:
    """Refuse the request, with the reason, the clause and what is offered instead.

    The customer may object within seven days (T7); until the refusal is final it holds its units. Refusing twice
    changes nothing.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.refuse")
    if ret.status == S.REJECTED:
        return ret
    must_be(ret, S.SUBMITTED)
    now = clock.now()
    refuse(ret, stage="request", reason=reason, clause=clause, alternative=alternative, actor=actor, at=now)
    move(ret, S.REJECTED, at=now)
    timers.cancel(on=ret)
    timers.set_timer("return.T7", on=ret, due_at=now + policy.CONTEST, at=now)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=now)
    record("return.rejected", on=ret, actor=actor, at=now, deadline=(now + policy.CONTEST).isoformat())
    return ret


def refuse(
    ret: Return, *, stage: str, reason: str, clause: str, alternative: str, actor: Actor, at: dt.datetime
) -> Rejection:
    """Write a refusal. A refusal without a reason and a clause is not one (`001`: never refuse curtly)."""
    if not clause.strip():
        raise BadInput(_("Name the rule or clause the refusal rests on."), field="clause", code="clause_missing")
    return Rejection.objects.create(
        of=ret,
        stage=stage,
        reason=clean_text(reason, field="reason", longest=1000),
        clause=clean_text(clause, field="clause", longest=200),
        alternative=clean_text(alternative, field="alternative", longest=500) if alternative.strip() else "",
        by_id=user_id_of(actor),
        at=at,
    )


@transaction.atomic
def contest_rejection(return_id: int, *, story: str, actor: Actor) -> Contest:
    """The customer objects to a refusal: its clock stops and a lead decides. Objecting twice changes nothing.

    Once a lead has answered, a further objection is refused (`NotContestable`) and not lost: whoever writes it must know
    that nobody would read it there.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.contest")
    rejection = Rejection.objects.filter(of=ret, lifted_at=None).first()
    if rejection is None or ret.status not in (S.REJECTED, S.RETURN_REFUSED):
        raise NotContestable
    if (known := Contest.objects.filter(rejection=rejection).first()) is not None:
        if known.settled_at is not None:
            raise NotContestable(
                _("Your objection has been answered. If something new has come up, please write to us.")
            )
        return known
    now = clock.now()
    contest = Contest.objects.create(rejection=rejection, story=clean_text(story, field="story", longest=2000), at=now)
    _set_contested(ret, contested=True)
    timers.pause(on=ret, at=now)
    set_progress(ret.ticket, waiting_on="", due_at=now + policy.FIRST_DECISION_WARN, at=now)
    record("return.contested", on=ret, actor=actor, at=now)
    return contest


@transaction.atomic
def settle_contest(return_id: int, *, upheld: bool, answer: str, actor: Actor) -> Contest:
    """A lead answers the objection: the refusal stands, or it is lifted and the request goes on as approved.

    The one who refused may not settle it (four eyes), nor may a program of theirs: a key acts for its owner. Settling
    twice changes nothing.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.settle_contest")
    contest = Contest.objects.filter(rejection__of=ret).select_related("rejection").order_by("-id").first()
    if contest is None:
        raise NotContestable
    if contest.settled_at is not None:
        return contest
    judge = user_id_of(actor)
    if judge is None or contest.rejection.by_id == judge:
        raise Conflict(
            _("Whoever refused cannot settle the objection. Ask another lead or a manager."), code="same_person"
        )
    now = clock.now()
    contest.settled_at, contest.settled_by_id, contest.upheld = now, judge, upheld
    contest.answer = clean_text(answer, field="answer", longest=1000)
    contest.save(update_fields=["settled_at", "settled_by", "upheld", "answer"])
    _set_contested(ret, contested=False)
    record("return.contest_settled", on=ret, actor=actor, at=now, upheld=upheld)
    if upheld:
        timers.resume("return.T7", on=ret, at=now)
        set_progress(ret.ticket, waiting_on="customer", due_at=None, at=now)
    else:
        _lift(ret, contest.rejection, actor=actor, at=now)
    return contest


def _lift(ret: Return, rejection: Rejection, *, actor: Actor, at: dt.datetime) -> None:
    Rejection.objects.filter(pk=rejection.pk).update(lifted_at=at)
    if rejection.stage == "request":
        timers.cancel(on=ret)
        _approve(ret, actor=actor, at=at)
        return
    timers.cancel("return.T7", on=ret)
    timers.resume("return.T6", on=ret, at=at)
    units.accept_received(ret)
    settle_accepted(ret, actor=actor, at=at)


def _set_contested(ret: Return, *, contested: bool) -> None:
    Return.objects.filter(pk=ret.pk).update(is_contested=contested)
    ret.is_contested = contested
