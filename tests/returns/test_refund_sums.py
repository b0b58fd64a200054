"""However an order is sent back, in whatever split and order, what is refunded is what was paid: to the fen."""

from __future__ import annotations

import random

import pytest

from customers.models import Order
from returns.actions.decision import approve_return
from returns.actions.payment import record_payment, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.submission import Item, submit_return
from tests.world import a_sku, an_order, customer, staff

pytestmark = pytest.mark.django_db


def sent_back_and_paid(order: Order, units: dict[int, int]) -> None:
    """One return of these units for a defect, received, inspected and paid."""
    items = [Item(line, quantity, "quality_defect") for line, quantity in units.items()]
    ret = submit_return(order.pk, items, kind="return", actor=customer(order))
    approve_return(ret.pk, actor=staff())
    lines = list(ret.lines.all())
    receive_goods(ret.pk, {line.pk: line.quantity for line in lines}, key="k", actor=staff("warehouse"))
    findings = [Finding(line.pk, line.quantity, True, "damaged", "supplier") for line in lines]
    inspect_goods(ret.pk, findings, actor=staff("warehouse"))
    for refund in ret.refunds.all():
        release_refund(refund.pk, actor=staff())
        release_refund(refund.pk, actor=staff("lead"))
        record_payment(refund.pk, payment_ref="P", actor=staff())


@pytest.mark.parametrize("seed", range(12))
def test_any_split_sums_to_what_was_paid(seed: int) -> None:
    random.seed(seed)
    skus = [(a_sku(title=f"件 {seed} {n}", price=random.randint(1, 9_999)), random.randint(1, 4)) for n in range(3)]
    goods = sum(sku.price_minor * quantity for sku, quantity in skus)
    order = an_order(skus=skus, discount_minor=0, freight=random.choice([0, 1, 999, 1_000]))
    discount = random.randint(0, goods // 2)
    weights = [line.paid_minor for line in order.lines.all()]
    from aftersales.kernel.money import Money

    for line, share in zip(order.lines.all(), Money(discount, "CNY").split(weights), strict=True):
        line.paid_minor -= share.minor
        line.save(update_fields=["paid_minor"])
    order.paid_minor -= discount
    order.save(update_fields=["paid_minor"])
    units = [line.pk for line in order.lines.all() for _ in range(line.quantity)]
    random.shuffle(units)
    while units:
        count = random.randint(1, len(units))
        batch, units = units[:count], units[count:]
        sent_back_and_paid(order, {pk: batch.count(pk) for pk in dict.fromkeys(batch)})
    order.refresh_from_db()
    assert order.refunded_minor == order.paid_minor


def test_two_reasons_on_one_line_share_its_fen() -> None:
    order = an_order(skus=[(a_sku(price=3_333), 3)], discount_minor=1)
    line = order.lines.get()
    items = [Item(line.pk, 1, "quality_defect"), Item(line.pk, 2, "flaw")]
    ret = submit_return(order.pk, items, kind="return", actor=customer(order))
    approve_return(ret.pk, actor=staff())
    lines = list(ret.lines.all())
    receive_goods(ret.pk, {each.pk: each.quantity for each in lines}, key="k", actor=staff("warehouse"))
    findings = [Finding(each.pk, each.quantity, True, "damaged", "scrap") for each in lines]
    inspect_goods(ret.pk, findings, actor=staff("warehouse"))
    assert ret.refunds.get(purpose="goods").total_minor == order.paid_minor
