"""An exchange to its end: stock held, the difference either way, the replacement, and the ways out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.ledger.otherwise import DoneOtherwise
from customers.models import Order, Sku
from returns.actions.decision import approve_return, reject_return
from returns.actions.ending import expire_return, reopen_return, withdraw_return
from returns.actions.exchange import (
    DifferenceOpen,
    change_to_refund,
    replacement_delivered,
    settle_difference,
    ship_replacement,
)
from returns.actions.objections import contest_rejection, settle_contest
from returns.actions.payment import record_payment, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.shipping import NumberTaken, enter_tracking
from returns.actions.stock import OutOfStock
from returns.actions.submission import Item, submit_return
from returns.machine import WrongStatus
from returns.models import Return
from tests.world import a_return, a_shop, a_sku, an_order, customer, staff

pytestmark = pytest.mark.django_db


def on_shelf(sku: Sku) -> tuple[int, int]:
    sku.refresh_from_db()
    return sku.on_hand, sku.reserved


def an_exchange(wanted: Sku, *, quantity: int = 1, reason: str = "wrong_choice.size") -> tuple[Return, Order]:
    """A request for another variant of the first line's article."""
    order = an_order(skus=[(a_sku(), 2)])
    return a_return(order, kind="exchange", reason=reason, wanted=wanted, quantity=quantity), order


def accepted(ret: Return, order: Order, *, quantity: int = 1) -> Return:
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number=f"SF{order.pk:013d}", actor=customer(order))
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: quantity}, key="k", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, quantity, True, "intact", "restock")], actor=staff("warehouse"))
    ret.refresh_from_db()
    return ret


def sent(ret: Return) -> Return:
    ship_replacement(ret.pk, carrier="SF", number=f"SF9{ret.pk:012d}", actor=staff("warehouse"))
    replacement_delivered(ret.pk, actor=staff())
    ret.refresh_from_db()
    return ret


@pytest.mark.smoke
def test_the_same_price_goes_straight_through() -> None:
    wanted = a_sku(variant="白 L")
    ret, order = an_exchange(wanted)
    approve_return(ret.pk, actor=staff())
    assert on_shelf(wanted) == (10, 1)
    accepted(ret, order)
    assert ret.status == "awaiting_reship"
    assert sent(ret).status == "closed"
    assert on_shelf(wanted) == (9, 0)
    assert not ret.refunds.exists()
    assert Order.objects.get(pk=order.pk).refunded_minor == 0


def test_two_clicks_are_one_parcel() -> None:
    wanted = a_sku(variant="白 L")
    ret, order = an_exchange(wanted)
    accepted(ret, order)
    first = ship_replacement(ret.pk, carrier="SF", number="SF1111111111111", actor=staff("warehouse"))
    second = ship_replacement(ret.pk, carrier="SF", number="SF1111111111111", actor=staff("warehouse"))
    assert first == second
    with pytest.raises(DoneOtherwise):
        ship_replacement(ret.pk, carrier="SF", number="SF2222222222222", actor=staff("warehouse"))
    assert on_shelf(wanted) == (9, 0)


def test_the_customer_pays_the_difference_before_it_leaves() -> None:
    wanted = a_sku(variant="羊绒 M", price=15_000)
    ret, order = an_exchange(wanted)
    accepted(ret, order)
    assert ret.exchange.difference_minor == 2_200
    with pytest.raises(DifferenceOpen, match="22"):
        ship_replacement(ret.pk, carrier="SF", number="SF1111111111111", actor=staff("warehouse"))
    with pytest.raises(BadInput):
        settle_difference(ret.pk, payment_ref=" ", actor=staff())
    for _ in range(2):
        assert settle_difference(ret.pk, payment_ref="PAY-1", actor=staff()).payment_ref == "PAY-1"
    with pytest.raises(DoneOtherwise):
        settle_difference(ret.pk, payment_ref="PAY-2", actor=staff())
    assert sent(ret).status == "closed"


def test_the_shop_pays_the_difference_and_closes_only_then() -> None:
    wanted = a_sku(variant="短袖 M", price=10_000)
    ret, order = an_exchange(wanted)
    accepted(ret, order)
    refund = ret.refunds.get(purpose="difference")
    assert refund.total_minor == 2_800
    assert sent(ret).status == "reshipped"
    release_refund(refund.pk, actor=staff())
    record_payment(refund.pk, payment_ref="P", actor=staff())
    ret.refresh_from_db()
    assert ret.status == "closed"
    assert Order.objects.get(pk=order.pk).refunded_minor == 2_800


def test_fewer_accepted_units_mean_a_smaller_difference() -> None:
    wanted = a_sku(variant="羊绒 M", price=15_000)
    ret, order = an_exchange(wanted, quantity=2)
    accepted(ret, order, quantity=1)
    assert ret.exchange.difference_minor == 2_200


def test_another_article_is_compared_with_what_was_paid() -> None:
    wanted = a_sku(title="羊毛围巾", variant="灰", price=9_900)
    ret, _ = an_exchange(wanted, reason="preference")
    approve_return(ret.pk, actor=staff())
    assert Return.objects.get(pk=ret.pk).exchange.difference_minor == 9_900 - 12_800


def test_out_of_stock_approves_nothing_and_a_refund_is_still_possible() -> None:
    wanted = a_sku(variant="白 L", on_hand=0)
    ret, _ = an_exchange(wanted)
    with pytest.raises(OutOfStock, match="白 L"):
        approve_return(ret.pk, actor=staff())
    ret.refresh_from_db()
    assert ret.status == "submitted"
    change_to_refund(ret.pk, actor=staff())
    approve_return(ret.pk, actor=staff())
    ret.refresh_from_db()
    assert (ret.kind, ret.status) == ("return", "awaiting_return")


def test_the_last_unit_is_promised_once() -> None:
    wanted = a_sku(variant="白 L", on_hand=1)
    first, _ = an_exchange(wanted)
    second, _ = an_exchange(wanted)
    approve_return(first.pk, actor=staff())
    with pytest.raises(OutOfStock):
        approve_return(second.pk, actor=staff())


def test_withdrawing_lets_the_stock_go() -> None:
    wanted = a_sku(variant="白 L")
    ret, order = an_exchange(wanted)
    approve_return(ret.pk, actor=staff())
    withdraw_return(ret.pk, actor=customer(order))
    assert on_shelf(wanted) == (10, 0)


def test_it_can_become_a_refund_after_the_goods_came_back() -> None:
    wanted = a_sku(variant="白 L")
    ret, order = an_exchange(wanted)
    accepted(ret, order)
    change_to_refund(ret.pk, actor=staff())
    ret.refresh_from_db()
    assert ret.status == "refund_due"
    assert ret.refunds.get().total_minor == 12_800
    assert on_shelf(wanted) == (10, 0)


def test_a_difference_the_customer_had_paid_comes_back_with_the_refund() -> None:
    wanted = a_sku(variant="羊绒 M", price=15_000)
    ret, order = an_exchange(wanted)
    accepted(ret, order)
    settle_difference(ret.pk, payment_ref="PAY-1", actor=staff())
    change_to_refund(ret.pk, actor=staff())
    assert {refund.purpose: refund.total_minor for refund in ret.refunds.all()} == {"goods": 12_800, "top_up": 2_200}
    for refund in ret.refunds.all():
        release_refund(refund.pk, actor=staff())
        record_payment(refund.pk, payment_ref=f"BACK-{refund.purpose}", actor=staff())
    ret.refresh_from_db()
    assert ret.status == "closed"
    assert Order.objects.get(pk=order.pk).refunded_minor == 12_800  # the top-up never was part of the order's payment


def test_a_difference_is_taken_only_when_it_is_certain() -> None:
    ret, _ = an_exchange(a_sku(variant="羊绒 M", price=15_000))
    approve_return(ret.pk, actor=staff())
    with pytest.raises(WrongStatus):
        settle_difference(ret.pk, payment_ref="PAY-1", actor=staff())


def test_a_third_exchange_of_the_same_unit_works() -> None:
    """spree#8332: the second exchange raised an invalid transition. Here the order line stays the customer's unit."""
    wanted = a_sku(variant="白 L")
    order = an_order(skus=[(a_sku(), 3)])
    for turn in range(3):
        ret = a_return(order, kind="exchange", reason="wrong_choice.size", wanted=wanted)
        approve_return(ret.pk, actor=staff())
        enter_tracking(ret.pk, carrier="ZTO", number=f"7{turn:013d}", actor=customer(order))
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
        inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
        ship_replacement(ret.pk, carrier="ZTO", number=f"78{turn:012d}", actor=staff("warehouse"))
        replacement_delivered(ret.pk, actor=staff())
        assert Return.objects.get(pk=ret.pk).status == "closed"


def test_two_wishes_for_one_line_have_a_difference_each() -> None:
    """The difference of the second wish was taken for both."""
    cheaper, dearer = a_sku(variant="短袖", price=9_000), a_sku(variant="羊绒", price=13_000)
    order = an_order(skus=[(a_sku(price=10_000), 3)])
    line = order.lines.get()
    items = [
        Item(line.pk, 1, "preference", wanted_sku_id=cheaper.pk),
        Item(line.pk, 2, "wrong_choice.size", wanted_sku_id=dearer.pk),
    ]
    ret = submit_return(order.pk, items, kind="exchange", actor=customer(order))
    approve_return(ret.pk, actor=staff())
    lines = list(ret.lines.all())
    receive_goods(ret.pk, {each.pk: each.quantity for each in lines}, key="k", actor=staff("warehouse"))
    findings = [Finding(each.pk, each.quantity, True, "intact", "restock") for each in lines]
    inspect_goods(ret.pk, findings, actor=staff("warehouse"))
    assert Return.objects.get(pk=ret.pk).exchange.difference_minor == -1_000 + 2 * 3_000


def test_while_the_customer_owes_the_difference_nothing_is_due_here() -> None:
    ret, _ = for_less(cents=-1_000)
    assert (ret.ticket.waiting_on, ret.ticket.process_due_at) == ("customer", None)
    settle_difference(ret.pk, payment_ref="P", actor=staff())
    ret.ticket.refresh_from_db()
    assert ret.ticket.waiting_on == "warehouse"
    assert ret.ticket.process_due_at is not None


def test_one_that_expired_after_approval_can_be_approved_again() -> None:
    wanted = a_sku(variant="羊绒 M", price=15_000)
    ret, order = an_exchange(wanted)
    approve_return(ret.pk, actor=staff())
    expire_return(ret.pk, at=clock.now())
    assert on_shelf(wanted) == (10, 0)
    reopen_return(ret.pk, actor=customer(order))
    approve_return(ret.pk, actor=staff())
    assert on_shelf(wanted) == (10, 1)
    ret.refresh_from_db()
    assert (ret.status, ret.exchange.difference_status) == ("awaiting_return", "customer_owes")


def for_less(*, cents: int = 2_800, **fields: Any) -> tuple[Return, Order]:
    """An exchange for a cheaper variant, accepted, beside a dear article that stays with the customer."""
    wanted = a_sku(variant="短袖 M", price=12_800 - cents)
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="大衣", price=50_000), 1)], **fields)
    return accepted(a_return(order, kind="exchange", reason="wrong_choice.size", wanted=wanted), order), order


def test_a_difference_paid_before_is_part_of_the_refund() -> None:
    """Both were paid: more for the article than the customer gave for it."""
    ret, _ = for_less()
    difference = ret.refunds.get()
    release_refund(difference.pk, actor=staff())
    record_payment(difference.pk, payment_ref="P", actor=staff())
    change_to_refund(ret.pk, actor=staff())
    assert ret.refunds.get(purpose="goods").total_minor == 12_800 - 2_800


def test_a_difference_that_the_provider_refused_does_not_hold_up_the_refund(drain: Callable[[], int]) -> None:
    ret, _ = for_less(cents=91, shop=a_shop(name="沙箱店", refund_provider="sandbox"))
    release_refund(ret.refunds.get().pk, actor=staff())
    drain()
    change_to_refund(ret.pk, actor=staff())
    release_refund(ret.refunds.get(purpose="goods").pk, actor=staff())
    drain()
    ret.refresh_from_db()
    assert (ret.status, ret.refunds.get(purpose="difference").status) == ("closed", "cancelled")


def test_the_shop_gives_back_no_more_than_it_got() -> None:
    """R-96 compares list prices; for an article bought at half price that came to more than was paid."""
    order = an_order(skus=[(a_sku(), 1), (a_sku(title="大衣", price=50_000), 1)])
    order.lines.filter(number="1").update(paid_minor=5_000)
    Order.objects.filter(pk=order.pk).update(paid_minor=55_000)
    wanted = a_sku(variant="短袖 M", price=2_000)
    ret = accepted(a_return(order, kind="exchange", reason="wrong_choice.size", wanted=wanted), order)
    assert ret.refunds.get().total_minor == 5_000


def test_a_changed_wish_is_judged_anew() -> None:
    """A refund for a flaw gives the first freight back; an exchange does not."""
    order = an_order(skus=[(a_sku(), 1)], freight=1_000)
    ret = accepted(a_return(order, kind="exchange", reason="flaw", wanted=a_sku(variant="白 L")), order)
    change_to_refund(ret.pk, actor=staff())
    assert ret.refunds.get(purpose="goods").total_minor == 13_800


@pytest.mark.parametrize("stage", ["request", "goods"])
def test_an_objection_is_lifted_as_a_refund_where_the_shelf_is_empty(stage: str) -> None:
    wanted = a_sku(variant="白 L", on_hand=1)
    ret, order = an_exchange(wanted)
    if stage == "request":
        reject_return(ret.pk, reason="标签已剪", clause="办法第八条", actor=staff())
    else:
        approve_return(ret.pk, actor=staff())
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
        finding = Finding(line.pk, 1, False, "used", "send_back", note="领口有粉底渍")
        inspect_goods(ret.pk, [finding], clause="办法第八条", actor=staff("warehouse"))
    Sku.objects.filter(pk=wanted.pk).update(on_hand=0)
    contest_rejection(ret.pk, story="不是我剪的", actor=customer(order))
    with pytest.raises(OutOfStock):
        settle_contest(ret.pk, upheld=False, answer="采信", actor=staff("lead"))
    change_to_refund(ret.pk, actor=staff())
    settle_contest(ret.pk, upheld=False, answer="采信", actor=staff("lead"))
    ret.refresh_from_db()
    assert ret.status == ("awaiting_return" if stage == "request" else "refund_due")


def test_one_tracking_number_is_one_replacement() -> None:
    wanted = a_sku(variant="白 L")
    (first, one), (second, two) = an_exchange(wanted), an_exchange(wanted)
    accepted(first, one)
    accepted(second, two)
    ship_replacement(first.pk, carrier="SF", number="SF1111111111111", actor=staff("warehouse"))
    with pytest.raises(NumberTaken):
        ship_replacement(second.pk, carrier="SF", number="SF1111111111111", actor=staff("warehouse"))
    assert on_shelf(wanted) == (9, 1)


def test_no_difference_is_taken_for_an_exchange_that_is_over() -> None:
    ret, order = an_exchange(a_sku(variant="羊绒 M", price=15_000))
    approve_return(ret.pk, actor=staff())
    withdraw_return(ret.pk, actor=customer(order))
    with pytest.raises(Conflict):
        settle_difference(ret.pk, payment_ref="PAY-1", actor=staff())


def test_nor_for_one_that_became_a_refund() -> None:
    ret, _ = an_exchange(a_sku(variant="羊绒 M", price=15_000))
    approve_return(ret.pk, actor=staff())
    change_to_refund(ret.pk, actor=staff())
    with pytest.raises(Conflict):
        settle_difference(ret.pk, payment_ref="PAY-1", actor=staff())


def test_an_article_priced_in_another_currency_is_none_to_choose() -> None:
    order = an_order(currency="BRL")
    with pytest.raises(BadInput):
        a_return(order, kind="exchange", reason="wrong_choice.size", wanted=a_sku(variant="白 L"))
