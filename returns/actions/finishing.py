"""Whether anything of a settled return is left to do, and its end when nothing is. Called after each last step."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.kernel.actor import Actor
from returns import policy
from returns.actions.ending import close_settled
from returns.machine import S, move
from returns.models import Contest, Handback, Refund, Rejection, Return
from tickets.actions.opening import set_progress


def open_refunds(ret: Return) -> QuerySet[Refund]:
    """The refunds of the return that are not settled. A failed one that was tried again does not count."""
    newer = Refund.objects.filter(of=OuterRef("of"), purpose=OuterRef("purpose"), pk__gt=OuterRef("pk"))
    open_ones = ret.refunds.filter(status__in=("due", "sending", "unknown", "failed"))
    return open_ones.exclude(Q(Exists(newer), status="failed"))


def is_all_paid(ret: Return) -> bool:
    """Whether no refund of the return is still open."""
    return not open_refunds(ret).exists()


def finish_if_done(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Close a return whose refunds are paid, whose replacement has arrived, and whose refused goods are settled.

    Where money is done and something else is not, the ticket says what is waited for. The caller holds the lock.
    """
    if not is_all_paid(ret):
        return
    if ret.status in (S.REFUND_DUE, S.REFUNDING):
        move(ret, S.REFUNDED, at=at)
    if ret.status not in (S.REFUNDED, S.RESHIPPED, S.RETURN_REFUSED):
        return
    if ret.status == S.RESHIPPED and ret.reshipment.delivered_at is None:
        return
    waits = _waits_for(ret)
    if waits is None:
        close_settled(ret, actor=actor, at=at)
    else:
        set_progress(ret.ticket, waiting_on=waits[0], due_at=waits[1], at=at)


def _waits_for(ret: Return) -> tuple[str, dt.datetime | None] | None:
    """On whom, and until when, a return waits whose money is settled; None where it waits for nothing."""
    refusal = Rejection.objects.filter(of=ret, lifted_at=None, final_at=None).first()
    if refusal is not None:
        objection = Contest.objects.filter(rejection=refusal, settled_at=None).first()
        return ("", objection.at + policy.FIRST_DECISION_WARN) if objection else ("customer", None)
    back = Handback.objects.filter(of=ret, ended_at=None).first()
    if back is None:
        return None
    if back.sent_at is None:
        return "warehouse", back.due_at
    return ("customer", back.keep_until) if back.came_back_at else ("carrier", None)
