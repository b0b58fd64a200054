"""A repair to its end: mended and sent back, or given up for an exchange or the money; and what it tells the next request."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.sweep import sweep
from customers.models import Category, Order, OrderLine, Sku
from returns import gather, policy
from returns.actions import verdicts
from returns.actions.decision import NothingToRepair, approve_return
from returns.actions.exchange import change_to_refund, replacement_delivered, ship_replacement
from returns.actions.objections import contest_rejection, settle_contest
from returns.actions.payment import record_payment, release_refund
from returns.actions.receiving import Finding, accept_uninspected, inspect_goods, receive_goods
from returns.actions.repair import give_up_repair, record_repair
from returns.actions.shipping import arrive, enter_tracking
from returns.actions.stock import OutOfStock
from returns.actions.submission import Item, submit_return
from returns.actions.supplement import RepairLeft
from returns.actions.units import accept_received
from returns.machine import WrongStatus
from returns.models import Repair, Return
from tests.world import a_return, a_sku, an_order, customer, staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def bought(*, days_ago: int = 20, quantity: int = 1) -> Order:
    """A kettle of the three guarantees, delivered some days ago."""
    sku = a_sku()
    Category.objects.update(goods_class="three_guarantees", warranty_days=365)
    return an_order(skus=[(sku, quantity)], days_ago=days_ago)


def a_repair(order: Order | None = None, *, quantity: int = 1) -> Return:
    return a_return(order or bought(), kind="repair", reason="not_working", quantity=quantity)


def two_lines(order: Order) -> Return:
    line = order.lines.get()
    items = [Item(line.pk, 1, "not_working", "It stays cold"), Item(line.pk, 1, "flaw", "The lid is loose")]
    return submit_return(order.pk, items, kind="repair", actor=customer(order))


def in_the_workshop(
    ret: Return | None = None,
    *,
    refused: int = 0,
    refused_line: bool = False,
    freight: int = 1_500,
    cause: str = "manufacturer",
) -> Return:
    """Counted and inspected: `refused` units of the first line, or the whole last one, are not accepted."""
    ret = ret or a_repair()
    approve_return(ret.pk, actor=staff())
    enter_tracking(
        ret.pk, carrier="SF", number=f"SF{ret.pk:013d}", freight_told_minor=freight, actor=customer(ret.order)
    )
    lines = list(ret.lines.order_by("pk"))
    receive_goods(ret.pk, {line.pk: line.quantity for line in lines}, key="k", actor=staff("warehouse"))
    lost = {lines[0].pk: refused} | ({lines[-1].pk: lines[-1].quantity} if refused_line else {})
    found = []
    for line in lines:
        bad = lost.get(line.pk, 0)
        if line.quantity > bad:
            found.append(
                Finding(line.pk, line.quantity - bad, True, "damaged", "repair", found_cause=cause, note="Fell")
            )
        if bad:
            found.append(Finding(line.pk, bad, False, "wrong", "send_back", note="Not ours"))
    inspect_goods(ret.pk, found, clause="R-52" if any(lost.values()) else "", actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def mended(ret: Return) -> Return:
    record_repair(ret.pk, fault="The thermostat was burnt", parts="T-125", actor=staff("warehouse"))
    return Return.objects.get(pk=ret.pk)


def home_again(ret: Return) -> Return:
    ship_replacement(ret.pk, carrier="SF", number=f"SF8{ret.pk:012d}", actor=staff("warehouse"))
    replacement_delivered(ret.pk, actor=staff())
    return Return.objects.get(pk=ret.pk)


def test_a_repair_goes_to_the_workshop_and_back_to_the_customer() -> None:
    ret = in_the_workshop()
    assert (ret.status, ret.ticket.waiting_on) == ("repairing", "warehouse")
    begun, freight = ret.ticket.process_due_at, ret.refunds.get()
    assert (freight.purpose, freight.total_minor) == ("freight", 1_500)  # the shop bears both ways of a free repair
    assert verdicts.legs_of(ret) == policy.Legs("shop", "shop", "shop")
    release_refund(freight.pk, actor=staff("lead"))
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.ticket.waiting_on, ret.ticket.process_due_at) == ("warehouse", begun)  # a transfer stops no repair
    ret = mended(ret)
    due = ret.ticket.process_due_at
    record_payment(freight.pk, payment_ref="P-1", actor=staff("lead"))
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.status, ret.ticket.waiting_on, ret.ticket.process_due_at) == ("awaiting_reship", "warehouse", due)
    ret = home_again(ret)
    assert ret.status == "closed"
    assert OrderLine.objects.get(order=ret.order).claimed_quantity == 0  # it is the customer's unit again
    told = Event.objects.filter(subject_type="returns.return", subject_id=ret.pk, name__startswith="repair.")
    assert [event.name for event in told.order_by("pk")] == [
        "repair.begun", "repair.done", "repair.shipped", "repair.delivered",
    ]  # fmt: skip


def test_goods_without_a_number_came_in_on_the_day_they_were_counted() -> None:
    """The thirty days ran from the inspection, and by the rules the goods were still with the customer."""
    ret, counted = a_repair(), clock.now()
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    with clock.fixed(counted):
        receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    with clock.fixed(counted + 2 * DAY):
        found = Finding(line.pk, 1, True, "damaged", "repair", found_cause="manufacturer", note="Fell")
        inspect_goods(ret.pk, [found], actor=staff("warehouse"))
    assert Repair.objects.get(of=ret).came_in_at == counted
    facts = verdicts.standing(ret)[0].facts
    assert (facts["goods_with"], facts["days_since_goods_back"]) == ("shop", 2)


def test_a_repair_recorded_twice_is_one() -> None:
    ret = in_the_workshop()
    for _ in range(2):
        mended(ret)
    with pytest.raises(DoneOtherwise):
        record_repair(ret.pk, fault="Something else", actor=staff("warehouse"))
    assert Repair.objects.get().fault == "The thermostat was burnt"
    assert Event.objects.filter(name="repair.done").count() == 1


def test_a_repair_names_its_fault_and_is_the_workshops() -> None:
    ret = in_the_workshop()
    with pytest.raises(BadInput):
        record_repair(ret.pk, fault=" ", actor=staff("warehouse"))
    with pytest.raises(NotPermitted):
        record_repair(ret.pk, fault="Burnt", actor=staff("agent"))
    with pytest.raises(WrongStatus):
        record_repair(a_repair().pk, fault="Burnt", actor=staff("warehouse"))
    assert Repair.objects.get().outcome == ""


def test_what_is_accepted_for_repair_goes_nowhere_else() -> None:
    ret = a_repair()
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    with pytest.raises(BadInput):
        inspect_goods(ret.pk, [Finding(line.pk, 1, True, "damaged", "restock")], actor=staff("warehouse"))


def test_what_cannot_be_repaired_is_exchanged() -> None:
    ret = in_the_workshop()
    sku = Sku.objects.get()
    for _twice in range(2):
        give_up_repair(ret.pk, fault="The board is burnt through", instead="exchange", actor=staff())
    ret = Return.objects.get(pk=ret.pk)
    sku.refresh_from_db()
    assert (ret.kind, ret.status, ret.repair.outcome, sku.reserved) == ("exchange", "awaiting_reship", "beyond", 1)
    assert all(each.outcome["requested"] == "exchange" for each in verdicts.standing(ret))
    ret.refunds.update(status="paid")
    assert home_again(ret).status == "closed"
    assert Event.objects.filter(name="exchange.shipped").count() == 1


def test_what_cannot_be_repaired_is_paid_back() -> None:
    ret = in_the_workshop()
    for _twice in range(2):
        give_up_repair(ret.pk, fault="The board is burnt through", instead="return", actor=staff())
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.kind, ret.status) == ("return", "refund_due")
    assert ret.refunds.get(purpose="goods").total_minor == ret.order.lines.get().paid_minor
    assert Timer.objects.filter(kind="return.T6", subject_id=ret.pk, status="pending").exists()


def test_an_empty_shelf_leaves_the_repair_as_it_was() -> None:
    ret = in_the_workshop()
    Sku.objects.update(on_hand=0)
    with pytest.raises(OutOfStock):
        give_up_repair(ret.pk, fault="Burnt through", instead="exchange", actor=staff())
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.kind, ret.status, ret.repair.outcome) == ("repair", "repairing", "")


def test_a_repair_becomes_a_refund_before_the_goods_are_here_and_not_once_they_are_mended() -> None:
    ret = a_repair()
    change_to_refund(ret.pk, actor=staff())
    assert Return.objects.get(pk=ret.pk).kind == "return"
    with pytest.raises(WrongStatus):
        change_to_refund(mended(in_the_workshop()).pk, actor=staff())


def test_the_clock_approves_a_free_repair_and_none_for_a_fee() -> None:
    free, paid = a_repair(), a_repair(bought(days_ago=700))
    assert verdicts.standing(free)[0].outcome["remedies"][0] == "repair_free"
    assert verdicts.standing(paid)[0].outcome["remedies"][0] == "repair_paid"
    with clock.fixed(clock.now() + 3 * DAY):
        sweep("test")
    assert Return.objects.get(pk=free.pk).status == "awaiting_return"
    assert Return.objects.get(pk=paid.pk).status == "submitted"


def test_where_nothing_comes_back_there_is_nothing_to_repair() -> None:
    order = bought()
    order.shipments.update(status="lost_suspected", signed_at=None)
    ret = a_return(Order.objects.get(pk=order.pk), kind="repair", reason="carrier_loss")
    with pytest.raises(NothingToRepair):
        approve_return(ret.pk, actor=staff())


def test_thirty_days_in_repair_are_a_leads_to_settle() -> None:
    ret = in_the_workshop()
    with clock.fixed(clock.now() + 31 * DAY):
        sweep("test")
    assert Event.objects.filter(name="return.escalated", data__about="T12", subject_id=ret.pk).exists()


def sent_in() -> Return:
    ret = a_repair()
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number="SF1234567890", actor=customer(ret.order))
    return Return.objects.get(pk=ret.pk)


def test_a_parcel_that_came_and_nobody_looked_at_is_repaired_all_the_same() -> None:
    ret = sent_in()
    arrive(ret, signed_at=clock.now(), actor=SYSTEM, at=clock.now())
    with clock.fixed(clock.now() + 4 * DAY):
        sweep("test")
    assert Return.objects.get(pk=ret.pk).status == "repairing"


def test_a_parcel_lost_on_its_way_is_not_in_repair() -> None:
    ret = sent_in()
    with clock.fixed(clock.now() + 11 * DAY):
        sweep("test")
    assert Return.objects.get(pk=ret.pk).status == "in_transit"
    assert Event.objects.filter(name="return.escalated", data__about="T5", subject_id=ret.pk).count() == 1
    with pytest.raises(WrongStatus):
        accept_uninspected(ret.pk)


@pytest.mark.parametrize(("instead", "status"), [("exchange", "awaiting_reship"), ("return", "refund_due")])
def test_a_repair_that_broke_again_before_it_left_can_be_given_up(instead: str, status: str) -> None:
    ret = mended(in_the_workshop())
    for _twice in range(2):
        give_up_repair(ret.pk, fault="It broke again", instead=instead, actor=staff())
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.kind, ret.status, ret.repair.outcome, ret.repair.fault) == (instead, status, "beyond", "It broke again")
    assert Event.objects.filter(name="repair.failed", subject_id=ret.pk).count() == 1


def test_an_exchange_that_never_was_a_repair_cannot_be_given_up_as_one() -> None:
    ret = in_the_workshop()
    give_up_repair(ret.pk, fault="Burnt", instead="exchange", actor=staff())
    Repair.objects.filter(of=ret).delete()
    with pytest.raises(WrongStatus):
        give_up_repair(ret.pk, fault="Burnt", instead="return", actor=staff())


def test_for_what_cannot_be_repaired_only_accepted_units_are_held() -> None:
    ret = in_the_workshop(a_repair(bought(quantity=2), quantity=2), refused=1)
    Sku.objects.update(on_hand=1, reserved=0)
    give_up_repair(ret.pk, fault="Burnt through", instead="exchange", actor=staff())
    assert Sku.objects.get().reserved == 1
    contest_rejection(ret.pk, story="They are both yours", actor=customer(ret.order))
    with pytest.raises(OutOfStock):
        settle_contest(ret.pk, upheld=False, answer="You are right", actor=staff("lead"))
    Sku.objects.update(on_hand=2)
    settle_contest(ret.pk, upheld=False, answer="You are right", actor=staff("lead"))
    assert Sku.objects.get().reserved == 2
    ship_replacement(ret.pk, carrier="SF", number="SF8000000000", actor=staff("warehouse"))
    sku = Sku.objects.get()
    assert (sku.on_hand, sku.reserved) == (0, 0)


def test_a_line_of_which_nothing_was_accepted_needs_nothing_from_the_shelf() -> None:
    ret = in_the_workshop(two_lines(bought(quantity=2)), refused_line=True)
    Sku.objects.update(on_hand=1, reserved=0)
    give_up_repair(ret.pk, fault="Burnt through", instead="exchange", actor=staff())
    assert [line.wanted_sku_id is None for line in ret.lines.order_by("pk")] == [False, True]


def test_an_objection_that_was_right_brings_the_rest_into_the_same_repair() -> None:
    ret = mended(in_the_workshop(a_repair(bought(quantity=2), quantity=2), refused=1))
    contest_rejection(ret.pk, story="They are both yours", actor=customer(ret.order))
    settle_contest(ret.pk, upheld=False, answer="You are right", actor=staff("lead"))
    ret = Return.objects.get(pk=ret.pk)
    assert (ret.status, ret.repair.outcome, ret.lines.get().accepted_quantity) == ("repairing", "", 2)
    assert mended(ret).status == "awaiting_reship"


@pytest.mark.parametrize(("upheld", "is_mended"), [(False, False), (True, False), (True, True)])
def test_once_the_objection_is_answered_the_ticket_waits_for_the_workshop_again(upheld: bool, is_mended: bool) -> None:
    ret = in_the_workshop(a_repair(bought(quantity=2), quantity=2), refused=1)
    ret = mended(ret) if is_mended else ret
    contest_rejection(ret.pk, story="They are both yours", actor=customer(ret.order))
    now = clock.now()
    with clock.fixed(now):
        settle_contest(ret.pk, upheld=upheld, answer="We looked again", actor=staff("lead"))
    ticket = Return.objects.get(pk=ret.pk).ticket
    target = policy.FIRST_DECISION if is_mended else policy.REPAIR_TARGET
    assert (ticket.waiting_on, ticket.process_due_at) == ("warehouse", now + target)
    assert not Timer.objects.filter(kind="return.T6", subject_id=ret.pk, status="pending").exists()


def test_what_was_refused_cannot_join_repaired_goods_that_have_left() -> None:
    ret = home_again(mended(in_the_workshop(a_repair(bought(quantity=2), quantity=2), refused=1, freight=0)))
    assert ret.status == "reshipped"  # the refusal is open to an objection
    contest_rejection(ret.pk, story="They are both yours", actor=customer(ret.order))
    with pytest.raises(RepairLeft):
        settle_contest(ret.pk, upheld=False, answer="You are right", actor=staff("lead"))
    assert OrderLine.objects.get(order=ret.order).claimed_quantity == 0
    assert not ret.refunds.exists()


def test_accepting_the_rest_claims_no_unit_that_went_home_repaired() -> None:
    ret = home_again(mended(in_the_workshop(a_repair(bought(quantity=2), quantity=2), refused=1, freight=0)))
    assert accept_received(ret) == {ret.lines.get().pk: 1}
    line = ret.lines.get()
    assert (line.accepted_quantity, line.held_quantity, line.order_line.claimed_quantity) == (2, 1, 1)


def told_of(order: Order) -> int:
    again = Order.objects.preloaded().get(pk=order.pk)
    ask = gather.Ask(again.lines.get(), 1, "not_working", "repair")
    return int(verdicts.preview(again, [ask], at=clock.now())[0]["facts"]["repairs"])


def test_two_lines_repaired_in_one_visit_are_one_repair() -> None:
    ret = mended(in_the_workshop(two_lines(bought(quantity=2))))
    assert told_of(ret.order) == 1


def test_damage_of_the_buyers_own_is_no_repair_that_counts() -> None:
    assert told_of(mended(in_the_workshop(cause="buyer")).order) == 0
    assert told_of(mended(in_the_workshop()).order) == 1


def test_finished_repairs_count_in_the_next_request() -> None:
    """Two repairs that did not help: an exchange is due for what only a repair was due for before (R-53)."""
    order = bought(days_ago=40)
    line = order.lines.get()

    def facts() -> dict[str, object]:
        again = Order.objects.preloaded().get(pk=order.pk)
        ask = gather.Ask(again.lines.get(), 1, "not_working", "repair")
        return dict(verdicts.preview(again, [ask], at=clock.now())[0])

    first = facts()
    assert (first["facts"]["repairs"], first["remedies"]) == (0, ["repair_free"])  # type: ignore[index]
    for turn in (1, 2):
        ret = in_the_workshop(a_return(Order.objects.get(pk=order.pk), kind="repair", reason="not_working"), freight=0)
        Repair.objects.filter(of=ret).update(came_in_at=clock.now() - 5 * DAY)
        home_again(mended(ret))
        told = facts()["facts"]
        assert (told["repairs"], told["days_in_repair"]) == (turn, 5 * turn)  # type: ignore[index]
    assert "exchange" in facts()["remedies"]  # type: ignore[operator]
    line.refresh_from_db()
    assert line.claimed_quantity == 0


def test_the_warranty_is_longer_by_the_days_in_repair() -> None:
    order = bought(days_ago=40)
    Category.objects.update(warranty_days=38)
    ret = in_the_workshop(a_return(order, kind="repair", reason="not_working"), freight=0)
    Repair.objects.filter(of=ret).update(came_in_at=clock.now() - 3 * DAY)
    asked = gather.Ask(order.lines.get(), 1, "not_working", "repair")
    assert verdicts.preview(order, [asked], at=clock.now())[0]["facts"]["warranty"] == "expired"
    home_again(mended(ret))
    again = Order.objects.preloaded().get(pk=order.pk)
    assert verdicts.preview(again, [asked], at=clock.now())[0]["facts"]["warranty"] == "valid"
