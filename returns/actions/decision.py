"""Approve or refuse a request. Called by the desk, the portal, the API and the clock (T1)."""

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
from returns.actions import exchange, refunds, repair, units, verdicts
from returns.actions.by import user_id_of
from returns.actions.refusals import refuse, says_the_same
from returns.machine import S, move, must_be
from returns.models import Approval, Return
from returns.models.decision import REQUEST
from tickets.actions.opening import set_progress

# An approval that is there in one of these expired before the request was taken up again, or ended with it.
_NOT_APPROVED = (S.SUBMITTED, S.NEED_INFO, S.REJECTED, S.EXPIRED, S.WITHDRAWN)


class NoReturnAddress(Conflict):
    """T4: an approval without an address would leave the customer with goods and nowhere to send them."""

    code = "no_return_address"
    sentence = _("%(shop)s has no complete return address. A manager enters it in the office; then approve again.")


class NothingToRepair(Conflict):
    code = "nothing_to_repair"
    sentence = _(
        "By the rules nothing comes back here, so there is nothing to repair. Change it to a refund with the customer."
    )


@transaction.atomic
def approve_return(return_id: int, *, actor: Actor) -> Return:
    """Let the goods come back, or, where nothing needs to come back, make the refund due at once.

    Approving twice changes nothing. Raises `NoReturnAddress`, `WrongStatus`, `OutOfStock` for an
    exchange and `NothingToRepair` for a repair.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.approve")
    if ret.status not in _NOT_APPROVED and Approval.objects.filter(of=ret).exists():
        return ret
    must_be(ret, S.SUBMITTED)
    now = clock.now()
    _approve(ret, actor=actor, at=now)
    return ret


def approve_after_objection(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """A lead has lifted the refusal of a request: it goes on as approved. The caller holds the lock."""
    _approve(ret, actor=actor, at=at)


def _approve(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Write the approval and open the next stretch of road. The caller holds the lock and has checked the status."""
    shop = ret.order.shop
    if not shop.can_take_back:
        raise NoReturnAddress(shop=shop.name)
    if ret.kind == Return.Kind.REPAIR and _nothing_comes_back(ret):
        raise NothingToRepair
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
    timers.cancel(*policy.FIRST_DECISION_TIMERS, on=ret)
    if _nothing_comes_back(ret):
        units.accept_unsent(ret)
        record("return.approved", on=ret, actor=actor, at=at, goods_back=False)
        settle_accepted(ret, actor=actor, at=at)
        return
    move(ret, S.AWAITING_RETURN, at=at)
    deadline = at + policy.SHIP_BACK
    timers.set_timer("return.T3", on=ret, due_at=deadline, at=at)
    for number, after in enumerate(policy.REMIND_AFTER, start=1):
        timers.set_timer(f"return.T3.remind{number}", on=ret, due_at=at + after, at=at, useful_until=deadline)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=at)
    record("return.approved", on=ret, actor=actor, at=at, goods_back=True, deadline=deadline.isoformat())


def settle_accepted(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """What is accepted is replaced, repaired or refunded. The caller holds the lock."""
    if ret.kind == Return.Kind.EXCHANGE:
        exchange.go_on(ret, actor=actor, at=at)
    elif ret.kind == Return.Kind.REPAIR:
        repair.begin(ret, actor=actor, at=at)
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

    The customer may object within seven days (T7); until the refusal is final it holds its units. The same again
    changes nothing; refused with other words already, it raises `DoneOtherwise`.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.refuse")
    if ret.status == S.REJECTED:
        if not says_the_same(ret, reason=reason, clause=clause, alternative=alternative):
            raise DoneOtherwise("return.rejected", on=ret)
        return ret
    must_be(ret, S.SUBMITTED)
    now = clock.now()
    refuse(ret, stage=REQUEST, reason=reason, clause=clause, alternative=alternative, actor=actor, at=now)
    move(ret, S.REJECTED, at=now)
    timers.cancel(on=ret)
    timers.set_timer("return.T7", on=ret, due_at=now + policy.CONTEST, at=now)
    set_progress(ret.ticket, waiting_on="customer", due_at=None, at=now)
    record("return.rejected", on=ret, actor=actor, at=now, deadline=(now + policy.CONTEST).isoformat())
    return ret
