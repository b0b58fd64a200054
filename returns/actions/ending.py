"""How a return ends without goods or money moving: withdrawn or expired; and how it is closed when all is done."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from returns import policy
from returns.actions import stock, units
from returns.machine import WITHDRAWABLE, S, move, must_be
from returns.models import InfoRequest, Return
from tickets.actions.closing import close_ticket
from tickets.actions.opening import set_progress
from tickets.actions.reopening import reopen_ticket
from tickets.models import Closure, Reopening


class ParcelUnderWay(Conflict):
    code = "parcel_under_way"
    sentence = _("The parcel is already on its way. Please write to us; we settle it together.")


@transaction.atomic
def withdraw_return(return_id: int, *, actor: Actor) -> Return:
    """The customer does not want it any more. The units are free again. Withdrawing twice changes nothing.

    Once the parcel travels only staff may do it, with the customer's word.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.withdraw")
    if ret.status == S.WITHDRAWN:
        return ret
    if actor.is_customer and ret.status == S.IN_TRANSIT:
        raise ParcelUnderWay
    must_be(ret, *WITHDRAWABLE, S.IN_TRANSIT)
    now = clock.now()
    move(ret, S.WITHDRAWN, at=now)
    _let_go(ret, at=now)
    record("return.withdrawn", on=ret, actor=actor, at=now)
    return ret


@transaction.atomic
def expire_return(return_id: int, *, at: dt.datetime) -> Return:
    """The customer's time ran out (T2, T3). The units are free again; the request may be reopened once."""
    ret: Return = Return.objects.lock(return_id)
    check(SYSTEM, "return.expire")
    if ret.status not in (S.NEED_INFO, S.AWAITING_RETURN):
        return ret
    was = ret.status
    move(ret, S.EXPIRED, at=at)
    _let_go(ret, at=at)
    record("return.expired", on=ret, actor=SYSTEM, at=at, was=was)
    return ret


@transaction.atomic
def reopen_return(return_id: int, *, actor: Actor) -> Return:
    """An expired request goes back to the queue, once, if its units are still free."""
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.submit")
    if ret.status == S.SUBMITTED and ret.reopened_count:
        return ret
    must_be(ret, S.EXPIRED)
    if ret.reopened_count:
        raise Conflict(_("A request can be reopened once. Please make a new one."), code="reopened_before")
    now = clock.now()
    units.hold_again(ret)
    move(ret, S.SUBMITTED, at=now)
    Return.objects.filter(pk=ret.pk).update(reopened_count=1)
    ret.reopened_count = 1
    reopen_ticket(ret.ticket_id, actor=actor, at=now, cause=Reopening.Cause.REQUEST)
    ret.ticket.refresh_from_db()
    timers.set_timer("return.T1", on=ret, due_at=now + policy.FIRST_DECISION, at=now)
    timers.set_timer("return.T1.warn", on=ret, due_at=now + policy.FIRST_DECISION_WARN, at=now)
    set_progress(ret.ticket, waiting_on="", due_at=now + policy.FIRST_DECISION, at=now)
    record("return.reopened", on=ret, actor=actor, at=now)
    return ret


def close_settled(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Everything was paid or sent: nothing is left to do. The caller holds the lock."""
    timers.cancel(on=ret)
    close(ret, actor=actor, at=at)


def close(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Close return and ticket together. The caller holds the lock and has checked that nothing is owed."""
    move(ret, S.CLOSED, at=at)
    close_ticket(ret.ticket_id, actor=SYSTEM, at=at, reason=Closure.Reason.REQUEST_ENDED)
    record("return.closed", on=ret, actor=actor, at=at)


def _let_go(ret: Return, *, at: dt.datetime) -> None:
    """Everything is free again and the ticket is done."""
    give_back(ret, at=at)
    close_ticket(ret.ticket_id, actor=SYSTEM, at=at, reason=Closure.Reason.REQUEST_ENDED)


def give_back(ret: Return, *, at: dt.datetime) -> None:
    """Units, stock and clocks are free again, and open questions lapse. The caller holds the lock."""
    timers.cancel(on=ret)
    for line in ret.lines.all():
        units.free_units(line, keep=line.accepted_quantity)
    stock.let_go(ret)
    InfoRequest.objects.filter(of=ret, answered_at=None, lapsed_at=None).update(lapsed_at=at)
