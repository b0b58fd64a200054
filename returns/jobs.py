"""What happens when a clock of a return runs out. Each handler is called by the sweep with the timer's row claimed.

The action it calls takes the return's lock and looks at the status again: whoever committed first is right.
"""

from __future__ import annotations

import datetime as dt

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import Refusal
from aftersales.ledger import stops, timers
from aftersales.ledger.daily import daily
from aftersales.ledger.models import Stop, Timer
from aftersales.ledger.record import record
from aftersales.ledger.timers import fires
from returns import policy
from returns.actions import decision, ending, handback, receiving, refusals, verdicts
from returns.actions.rulebook import replaying
from returns.actions.rulebook.backtesting import continue_backtest
from returns.machine import S
from returns.models import Handback, Rejection, Return
from tickets.actions.assignment import raise_priority
from tickets.models import Ticket


@fires("return.T1.warn")
def first_decision_soon(timer: Timer, now: dt.datetime) -> None:
    """Half the time to decide is gone: the ticket rises in the queue."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status == S.SUBMITTED:
        raise_priority(ret.ticket_id, Ticket.Priority.HIGH)
        record("return.reminded", on=ret, actor=SYSTEM, at=now, about="T1")


@fires("return.T1")
def first_decision_due(timer: Timer, now: dt.datetime) -> None:
    """Nobody decided in 48 hours: what the rules clearly allow is approved, everything else goes to a lead.

    While decisions without a person are stopped all of it does; what is undecided when the stop ends is looked at once more.
    """
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status != S.SUBMITTED:
        return
    if Stop.DECISIONS in stops.standing():
        timers.set_timer("return.T1.stopped", on=ret, due_at=now, at=now)
    elif _approved_itself(ret):
        return
    _escalate(ret, "T1", now)


@fires("return.T1.stopped", decides=True)
def first_decision_after_a_stop(timer: Timer, now: dt.datetime) -> None:
    """A lead knows of it already: what the rules clearly allow by now is approved, the rest stays theirs."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status == S.SUBMITTED:
        _approved_itself(ret)


def _approved_itself(ret: Return) -> bool:
    if not policy.may_approve_itself([verdict.outcome for verdict in verdicts.standing(ret)]):
        return False
    try:
        decision.approve_return(ret.pk, actor=SYSTEM)
    except Refusal:  # no return address, or nothing on the shelf: a person must see to it
        return False
    return True


@fires("return.T2.remind1", "return.T2.remind2", "return.T3.remind1", "return.T3.remind2")
def remind(timer: Timer, now: dt.datetime) -> None:
    """Tell the customer what we wait for, and until when."""
    ret: Return = Return.objects.lock(timer.subject_id)
    clock_name = timer.kind.split(".")[1]
    waiting = {"T2": S.NEED_INFO, "T3": S.AWAITING_RETURN}[clock_name]
    if ret.status == waiting:
        record("return.reminded", on=ret, actor=SYSTEM, at=now, about=clock_name)


@fires("return.T2", "return.T3", decides=True)
def customer_late(timer: Timer, now: dt.datetime) -> None:
    """No proof, or no parcel, in seven days: the request expires and may be reopened once."""
    expected = {"return.T2": S.NEED_INFO, "return.T3": S.AWAITING_RETURN}[timer.kind]
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status == expected:
        ending.expire_return(ret.pk, at=now)


@fires("return.T5", decides=True)
def receipt_late(timer: Timer, now: dt.datetime) -> None:
    """Arrived three days ago (or sent ten days ago) and nobody looked: taken as received, and said to be uninspected.

    Goods to be repaired that are still on their way cannot be: a lead asks the carrier after them.
    """
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.kind == Return.Kind.REPAIR and ret.status == S.IN_TRANSIT:
        _escalate(ret, "T5", now)
    elif ret.status in (S.IN_TRANSIT, S.DELIVERED, S.RECEIVED):
        receiving.accept_uninspected(ret.pk)


@fires("return.T6")
def refund_late(timer: Timer, now: dt.datetime) -> None:
    """Seven days since the carrier's signature: the law's limit for the refund (CRPL 25)."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status in (S.DELIVERED, S.RECEIVED, S.REFUND_DUE, S.REFUNDING):
        _escalate(ret, "T6", now)


@fires("return.T12")
def repair_late(timer: Timer, now: dt.datetime) -> None:
    """Thirty days in repair: by the three guarantees an exchange is due, which a lead offers (R-54)."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if ret.status == S.REPAIRING:
        _escalate(ret, "T12", now)


@fires("rules.backtest")
def try_rules(timer: Timer, now: dt.datetime) -> None:
    """The next piece of a back-test."""
    continue_backtest(timer.subject_id, at=now)


@fires("return.T7", decides=True)
def refusal_final(timer: Timer, now: dt.datetime) -> None:
    """Nobody objected in seven days."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if not ret.is_contested and Rejection.objects.filter(of=ret, lifted_at=None, final_at=None).exists():
        refusals.make_final(ret.pk, actor=SYSTEM, at=now)


@fires("return.T16", "return.T18")
def handback_late(timer: Timer, now: dt.datetime) -> None:
    """Refused goods were not sent back in time, or were kept in vain after they came back: a lead must see to it."""
    ret: Return = Return.objects.lock(timer.subject_id)
    back = Handback.objects.filter(of=ret, ended_at=None).first()
    if back is not None and (back.sent_at is None or back.came_back_at is not None):
        _escalate(ret, timer.kind.split(".")[1], now)


@fires("return.T17")
def handback_arrived(timer: Timer, now: dt.datetime) -> None:
    """Nothing was heard of the parcel with the refused goods for fifteen days: it has arrived."""
    ret: Return = Return.objects.lock(timer.subject_id)
    if Handback.objects.filter(of=ret, ended_at=None, came_back_at=None, sent_at__isnull=False).exists():
        handback.handback_delivered(ret.pk, actor=SYSTEM)


def _escalate(ret: Return, about: str, now: dt.datetime) -> None:
    raise_priority(ret.ticket_id, Ticket.Priority.URGENT)
    record("return.escalated", on=ret, actor=SYSTEM, at=now, about=about)


@daily("returns.replay")
def replay_verdicts(now: dt.datetime) -> None:
    """A sample of stored verdicts is decided again. A difference fails the run, which a person then finds in the office."""
    replaying.replay_sample(now)
