"""What follows when a partial refusal is lifted: the rest of the money, or the rest of the goods. Called by objections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.money import Money
from aftersales.ledger import timers
from returns import policy
from returns.actions import exchange, refunds, repair, verdicts
from returns.actions.finishing import finish_if_done, is_all_paid
from returns.machine import S, move
from returns.models import Refund, RefundComponent, Return
from tickets.actions.opening import set_progress

_TRANSFERS = (Refund.Purpose.FREIGHT, Refund.Purpose.TOP_UP)


class RepairLeft(Conflict):
    code = "repair_left"
    sentence = _(
        "The repaired goods have left already, and nothing can join them. Let the refusal stand, tell the customer that"
        " the rest is repaired after all, and open a new repair for it."
    )


def settle(ret: Return, gained: Mapping[int, int], *, actor: Actor, at: dt.datetime) -> None:
    """Pay, or put into the replacement's parcel, the units that are accepted only now. The caller holds the lock.

    `gained` maps return-line ids to units. A replacement that has left is not sent a second time: its missing units are
    paid back. Repaired goods that have left are joined by nothing (`RepairLeft`). The first refund is never touched, so
    that no fen can be paid twice.
    """
    if ret.kind == Return.Kind.REPAIR and ret.status == S.RESHIPPED:
        raise RepairLeft
    if ret.kind == Return.Kind.EXCHANGE and ret.status == S.AWAITING_RESHIP:
        exchange.take_more(ret, gained, actor=actor, at=at)
    elif ret.kind == Return.Kind.REPAIR and ret.status in (S.REPAIRING, S.AWAITING_RESHIP):
        repair.take_more(ret, actor=actor, at=at)
    else:
        owed = policy.cap(_owed(ret, gained), _room(ret))
        if sum(each.amount.minor for each in owed) > 0:
            refunds.add_refund(ret, Refund.Purpose.OBJECTION, owed, actor=actor, at=at)
    refunds.add_return_freight(ret, actor=actor, at=at)
    if is_all_paid(ret):
        finish_if_done(ret, actor=actor, at=at)
        return
    if ret.status == S.REFUNDED:
        move(ret, S.REFUND_DUE, at=at)
    if ret.status not in (S.REPAIRING, S.AWAITING_RESHIP) and timers.due_at("return.T6", on=ret) is None:
        timers.set_timer("return.T6", on=ret, due_at=at + policy.REFUND_TARGET, at=at, source="law")
    if ret.status in (S.REFUND_DUE, S.REFUNDING, S.RESHIPPED):
        set_progress(ret.ticket, waiting_on="", due_at=at + policy.REFUND_TARGET, at=at)


def _owed(ret: Return, gained: Mapping[int, int]) -> list[policy.Addend]:
    """The shares of the units gained, each after all that were settled before it; then what the first refund kept back."""
    addends = []
    for line in ret.lines.select_related("order_line__order"):
        if units := gained.get(line.pk, 0):
            share = line.order_line.paid_for(units, already=refunds.settled_units(line))
            addends.append(policy.Addend("goods", share, line.pk, units))
    if ret.kind == Return.Kind.RETURN:
        addends += _delivery(ret)
    return [each for each in addends if each.amount]


def _delivery(ret: Return) -> list[policy.Addend]:
    """The first delivery as it is borne now, less what the return's own refunds have given or taken for it."""
    order, addends = ret.order, []
    if order.freight_minor:
        mine, everybody = _paid("outbound_freight", of=ret), _paid("outbound_freight", of__order=order)
        more = min(refunds.freight_share(ret).minor - mine, order.freight_minor - everybody)
        addends.append(policy.Addend("outbound_freight", Money(max(more, 0), order.currency)))
    if "buyer" not in verdicts.outbound_payers(ret).values():
        taken = -_paid("free_shipping_lost", of=ret)
        addends.append(policy.Addend("free_shipping_lost", Money(taken, order.currency)))
    return addends


def _paid(kind: str, **scope: object) -> int:
    """Sum of the components of that kind in refunds that count, in minor units."""
    scope = {f"refund__{name}": value for name, value in scope.items()}
    parts = RefundComponent.objects.filter(kind=kind, refund__status__in=refunds.LIVE, **scope)
    return int(parts.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def _room(ret: Return) -> Money:
    """What may still go back for the order, without the refunds that are due and have reserved nothing yet."""
    due = Refund.objects.filter(of__order=ret.order_id, status="due").exclude(purpose__in=_TRANSFERS)
    return ret.order.refundable - Money(due.aggregate(sum=Sum("total_minor"))["sum"] or 0, ret.currency)
