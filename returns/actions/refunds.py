"""What is to be paid back and why: components, units, and the refund that becomes due. Paying it is in `payment`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from returns import policy
from returns.actions.finishing import finish_if_done
from returns.actions.verdicts import outbound_payers
from returns.machine import S, move
from returns.models import FreightEntry, Refund, RefundComponent, Return, ReturnLine
from tickets.actions.opening import set_progress

LIVE = ("due", "sending", "paid", "unknown")
# What an exchange pays back before its replacement leaves; what an objection added to it stands beside it.
DIFFERENCES = (Refund.Purpose.DIFFERENCE, Refund.Purpose.OBJECTION)


def asked_minor(ret: Return) -> int:
    """What the request could cost at most, in minor units: goods and the first delivery."""
    goods = sum(line.order_line.paid_for(line.quantity).minor for line in ret.lines.select_related("order_line__order"))
    return goods + ret.order.freight_minor


def goods_components(ret: Return) -> list[policy.Addend]:
    """The addends of the goods refund: the share really paid for each accepted unit, then the first delivery,
    less a difference paid while it was an exchange.

    A unit's share is taken after those already settled, so that any split over any number of returns sums to exactly
    what was paid for the line (largest remainder).
    """
    addends = []
    for line, already in _accepted(ret):
        share = line.order_line.paid_for(line.accepted_quantity, already=already)
        addends.append(policy.Addend("goods", share, line.pk, line.accepted_quantity))
    addends += _outbound(ret)
    addends += _difference_paid(ret)
    return policy.cap([each for each in addends if each.amount], ret.order.refundable)


def _accepted(ret: Return) -> Iterator[tuple[ReturnLine, int]]:
    """Each line with accepted units, and how many units of its order line were settled before it."""
    settled = Counter[int]()
    for line in ret.lines.filter(accepted_quantity__gt=0).select_related("order_line__order"):
        if line.order_line_id not in settled:
            settled[line.order_line_id] = settled_units(line, apart_from=ret)
        yield line, settled[line.order_line_id]
        settled[line.order_line_id] += line.accepted_quantity


def settled_units(line: ReturnLine, *, apart_from: Return | None = None) -> int:
    """How many units of the order line have been refunded or are about to be, by whatever return but that one."""
    earlier = RefundComponent.objects.filter(
        kind=RefundComponent.Kind.GOODS,
        line__order_line=line.order_line,
        refund__status__in=LIVE,
    )
    if apart_from is not None:
        earlier = earlier.exclude(refund__of=apart_from)
    return earlier.aggregate(units=Sum("quantity"))["units"] or 0


def _outbound(ret: Return) -> list[policy.Addend]:
    """The first delivery, line by line: refunded where the shop bears it (Civil Code 566), deducted once where free
    shipping is lost."""
    order = ret.order
    if order.freight_minor:
        return [policy.Addend("outbound_freight", freight_share(ret))]
    payers = outbound_payers(ret)
    accepted = {payers.get(line.pk) for line, _ in _accepted(ret)}
    if "buyer" in accepted and order.free_shipping == "conditional" and not _charged(ret):
        cost = sum(shipment.freight_cost_minor for shipment in order.shipments.all())
        lost = Money(cost or order.shop.freight_estimate_minor, order.currency)
        return [policy.Addend("free_shipping_lost", -lost)]
    return []


def _charged(ret: Return) -> bool:
    """Whether an earlier return of the order has borne the lost free delivery: there was one delivery."""
    lost = RefundComponent.objects.filter(
        kind=RefundComponent.Kind.FREE_SHIPPING_LOST, refund__of__order=ret.order_id, refund__status__in=LIVE
    )
    return lost.exists()


def _difference_paid(ret: Return) -> list[policy.Addend]:
    """An exchange that became a refund: a difference already on its way to the customer is part of what they get."""
    paid = ret.refunds.filter(purpose__in=DIFFERENCES, status__in=LIVE)
    return [policy.Addend("price_difference", -each.total) for each in paid]


def freight_share(ret: Return) -> Money:
    """The part of the freight that travelled for the accepted units and comes back, by what was paid for them: all of it
    where the shop bears the first delivery of the line, half where it is split."""
    payers = outbound_payers(ret)
    order = ret.order
    bought = list(order.lines.order_by("id"))
    shares = Money(order.freight_minor, order.currency).split([max(each.paid_minor, 1) for each in bought])
    by_line = {each.pk: share.split([1] * each.quantity) for each, share in zip(bought, shares, strict=True)}
    total = Money.zero(order.currency)
    for line, already in _accepted(ret):
        units = by_line[line.order_line_id][already : already + line.accepted_quantity]
        share = sum((unit.minor for unit in units), 0)
        total += Money({"shop": share, "split": share // 2}.get(payers.get(line.pk, ""), 0), order.currency)
    return total


def make_due(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """The goods are accepted: write what is to be paid and to what end. The caller holds the lock."""
    components = goods_components(ret)
    total = sum((each.amount.minor for each in components), 0)
    if total > 0:
        add_refund(ret, Refund.Purpose.GOODS, components, actor=actor, at=at)
    add_return_freight(ret, actor=actor, at=at)
    move(ret, S.REFUND_DUE, at=at)
    if total > 0:
        set_progress(ret.ticket, waiting_on="", due_at=at + policy.REFUND_TARGET, at=at)
    else:
        finish_if_done(ret, actor=actor, at=at)


def add_refund(
    ret: Return, purpose: Refund.Purpose, components: list[policy.Addend], *, actor: Actor, at: dt.datetime
) -> Refund:
    """One refund with its components. Above the shop's limit it needs two people."""
    total = Money(sum(each.amount.minor for each in components), ret.currency)
    refund = Refund.objects.create(
        ref=new_ref("F"),
        of=ret,
        purpose=purpose,
        total_minor=total.minor,
        currency=ret.currency,
        created_at=at,
        due_at=at + policy.REFUND_TARGET,
        needs_second=total.minor > ret.order.shop.second_person_above_minor,
    )
    RefundComponent.objects.bulk_create(
        RefundComponent(
            refund=refund, kind=each.kind, line_id=each.line_id, quantity=each.quantity, amount_minor=each.amount.minor
        )
        for each in components
    )
    record("refund.due", on=ret, actor=actor, at=at, refund=refund.ref, amount=str(total), amount_minor=total.minor)
    return refund


def add_return_freight(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """Where the shop bears the way back, what the customer laid out is due as a transfer of its own."""
    entry = FreightEntry.objects.get(of=ret, leg=FreightEntry.Leg.RETURN)
    told = ret.parcels.aggregate(sum=Sum("freight_told_minor"))["sum"] or 0
    owed = {"shop": told, "split": told // 2}.get(entry.payer, 0)
    if told:
        FreightEntry.objects.filter(pk=entry.pk).update(amount_minor=told)
    if owed and not ret.refunds.filter(purpose=Refund.Purpose.FREIGHT, status__in=LIVE).exists():
        add_refund(
            ret,
            Refund.Purpose.FREIGHT,
            [policy.Addend("return_freight", Money(owed, ret.currency))],
            actor=actor,
            at=at,
        )
