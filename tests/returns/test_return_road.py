"""The whole road of a return, and every fork of it, as actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict, NotFound, NotPermitted
from aftersales.ledger import repair, stops
from aftersales.ledger.models import Event, Outbound, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.outbox import Temporary
from aftersales.ledger.subject import subject_of
from aftersales.notices.models import Notice
from customers.models import Order, OrderLine
from returns.actions import verdicts
from returns.actions.decision import NoReturnAddress, approve_return, reject_return
from returns.actions.ending import ParcelUnderWay, expire_return, reopen_return, withdraw_return
from returns.actions.info import ask_info, give_info
from returns.actions.objections import NotContestable, contest_rejection, settle_contest
from returns.actions.payment import (
    MoreThanPaid,
    SecondPersonNeeded,
    record_payment,
    release_refund,
    retry_refund,
    settle_unknown,
)
from returns.actions.receiving import CountIncomplete, CountTooHigh, Finding, inspect_goods, receive_goods
from returns.actions.shipping import NumberTaken, enter_tracking, mark_delivered
from returns.actions.submission import ForeignLine, Item, QuantityUnavailable, submit_return
from returns.machine import WrongStatus
from returns.models import Refund, Return
from returns.providers import Payment
from returns.providers.sandbox import Sandbox
from tests.world import a_person, a_return, a_shop, a_sku, an_order, customer, member, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Drain = Callable[[], int]


def happened(ret: Return) -> list[str]:
    return list(Event.objects.filter(**subject_of(ret)).order_by("id").values_list("name", flat=True))


def pending(ret: Return) -> set[str]:
    return set(Timer.objects.pending().filter(**subject_of(ret)).values_list("kind", flat=True))


def sent_back(order: Order, **fields: object) -> Return:
    ret = a_return(order, **fields)  # type: ignore[arg-type]
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number=f"SF{order.pk:013d}", freight_told_minor=1200, actor=customer(order))
    ret.refresh_from_db()
    return ret


def inspected(ret: Return, *, accepted: int, refused: int = 0, grade: str = "intact", **fields: str) -> Return:
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: accepted + refused}, key="count-1", actor=staff("warehouse"))
    findings = []
    if accepted:
        findings.append(Finding(line.pk, accepted, True, grade, "restock", **fields))
    if refused:
        findings.append(Finding(line.pk, refused, False, "used", "send_back", note="领口有粉底渍"))
    inspect_goods(ret.pk, findings, clause="《七日无理由退货办法》第八条", actor=staff("warehouse"))
    ret.refresh_from_db()
    return ret


@pytest.mark.smoke
class TestTheMainRoad:
    def test_it_goes_from_request_to_paid_refund(self) -> None:
        order = an_order()
        ret = a_return(order, quantity=2)
        assert ret.status == "submitted"
        assert ret.ticket.due_at is not None
        approve_return(ret.pk, actor=staff())
        enter_tracking(ret.pk, carrier="SF", number="SF 1234567890123", actor=customer(order))
        ret.refresh_from_db()
        inspected(ret, accepted=2)
        assert ret.status == "refund_due"
        refund = ret.refunds.get()
        assert refund.total_minor == 25_600
        release_refund(refund.pk, actor=staff())
        record_payment(refund.pk, payment_ref="2026112300011", actor=staff())
        ret.refresh_from_db()
        assert ret.status == "closed"
        assert ret.ticket.__class__.objects.get(pk=ret.ticket_id).status == "closed"
        assert Order.objects.get(pk=order.pk).refunded_minor == 25_600
        assert pending(ret) == set()
        assert [name for name in happened(ret) if name.startswith("return.")] == [
            "return.submitted", "return.decided", "return.approved", "return.shipped_back", "return.delivered",
            "return.received", "return.decided", "return.inspected", "return.closed",
        ]  # fmt: skip

    def test_the_status_follows_from_the_events_every_time(self) -> None:
        ret = sent_back(an_order())
        assert happened(ret)[-1] == "return.shipped_back"
        assert pending(ret) == {"return.T5"}

    def test_the_shelf_gets_its_unit_back_once(self) -> None:
        order = an_order()
        sku = order.lines.get().sku
        assert sku is not None
        ret = inspected(sent_back(order), accepted=1)
        line = ret.lines.get()
        inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
        sku.refresh_from_db()
        assert sku.on_hand == 11


class TestSubmitting:
    def test_nobody_else_finds_the_order(self) -> None:
        mine, other = an_order(), an_order()
        with pytest.raises(NotFound):
            a_return(mine, actor=customer(other))

    def test_the_warehouse_may_not(self) -> None:
        with pytest.raises(NotPermitted):
            a_return(an_order(), actor=staff("warehouse"))

    @pytest.mark.parametrize("quantity", [0, -1, 3, 10**9])
    def test_it_takes_only_units_that_are_there(self, quantity: int) -> None:
        with pytest.raises(QuantityUnavailable):
            a_return(an_order(), quantity=quantity)

    def test_units_in_one_request_are_not_free_for_another(self) -> None:
        order = an_order()
        a_return(order, quantity=2)
        with pytest.raises(QuantityUnavailable, match="0"):
            a_return(order)
        assert OrderLine.objects.get(order=order).claimed_quantity == 2

    def test_the_same_line_for_two_reasons_counts_together(self) -> None:
        order = an_order()
        line = order.lines.get()
        items = [Item(line.pk, 1, "preference"), Item(line.pk, 2, "wrong_choice.size")]
        with pytest.raises(QuantityUnavailable):
            submit_return(order.pk, items, kind="return", actor=customer(order))

    def test_a_foreign_line_is_refused(self) -> None:
        order, other = an_order(), an_order()
        foreign = other.lines.get()
        with pytest.raises(ForeignLine):
            submit_return(order.pk, [Item(foreign.pk, 1, "preference")], kind="return", actor=customer(order, other))

    def test_an_empty_or_unknown_request_names_its_field(self) -> None:
        order = an_order()
        line = order.lines.get()
        for items, kind in (
            ([], "return"),
            ([Item(line.pk, 1, "nonsense")], "return"),
            ([Item(line.pk, 1, "preference")], "gift"),
        ):
            with pytest.raises(BadInput) as refusal:
                submit_return(order.pk, items, kind=kind, actor=customer(order))
            assert refusal.value.field
        assert not Return.objects.exists()
        assert OrderLine.objects.get(pk=line.pk).claimed_quantity == 0


class TestDeciding:
    def test_approving_twice_is_once(self) -> None:
        ret = a_return(an_order())
        approve_return(ret.pk, actor=staff())
        before = happened(ret)
        approve_return(ret.pk, actor=staff("lead"))
        assert happened(ret) == before

    def test_a_customer_and_the_warehouse_may_not(self) -> None:
        order = an_order()
        ret = a_return(order)
        for actor in (customer(order), staff("warehouse"), staff("auditor")):
            with pytest.raises(NotPermitted):
                approve_return(ret.pk, actor=actor)

    def test_without_a_return_address_nothing_is_approved(self) -> None:
        shop = a_shop(name="无址小店", return_address="", return_phone="", return_recipient="")
        ret = a_return(an_order(shop=shop))
        with pytest.raises(NoReturnAddress, match="无址小店"):
            approve_return(ret.pk, actor=staff())
        ret.refresh_from_db()
        assert ret.status == "submitted"

    def test_a_refusal_needs_reason_and_clause(self) -> None:
        ret = a_return(an_order())
        for reason, clause in (("", "R-35"), ("已使用", " ")):
            with pytest.raises(BadInput):
                reject_return(ret.pk, reason=reason, clause=clause, actor=staff())

    def test_an_objection_stops_the_clock_and_another_lead_lifts_it(self) -> None:
        order = an_order()
        ret = a_return(order)
        lead = staff("lead")
        reject_return(ret.pk, reason="标签已剪", clause="办法第八条", actor=lead)
        contest_rejection(ret.pk, story="标签是店里剪的", actor=customer(order))
        timer = Timer.objects.pending().get(kind="return.T7", **subject_of(ret))
        assert timer.paused_at is not None
        with pytest.raises(Conflict):
            settle_contest(ret.pk, upheld=False, answer="核实属实", actor=lead)
        settle_contest(ret.pk, upheld=False, answer="核实属实", actor=staff("lead", "second lead"))
        ret.refresh_from_db()
        assert (ret.status, ret.is_contested) == ("awaiting_return", False)

    def test_an_objection_that_fails_lets_the_clock_run_on(self, drain: object) -> None:
        order = an_order()
        ret = a_return(order)
        reject_return(ret.pk, reason="标签已剪", clause="办法第八条", actor=staff())
        first = contest_rejection(ret.pk, story="不是我剪的", actor=customer(order))
        assert contest_rejection(ret.pk, story="不是我剪的", actor=customer(order)) == first
        settle_contest(ret.pk, upheld=True, answer="照片可见剪口", actor=staff("lead"))
        with pytest.raises(NotContestable):
            contest_rejection(ret.pk, story="请再看一次", actor=customer(order))
        with clock.fixed(clock.now() + 8 * DAY):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "closed"
        assert OrderLine.objects.get(order=order).claimed_quantity == 0


class TestClocksOfTheShop:
    """What happens when nobody at the shop does anything."""

    def test_half_the_time_to_decide_raises_the_ticket_and_says_so_once(self, drain: Drain) -> None:
        begun = clock.now()
        with clock.fixed(begun):
            ret = a_return(an_order(), reason="quality_defect")
        with clock.fixed(begun + dt.timedelta(hours=23, minutes=59)):
            drain()
            ret.ticket.refresh_from_db()
            assert (ret.ticket.priority, happened(ret).count("return.reminded")) == (Ticket.Priority.NORMAL, 0)
        for _again in range(2):
            with clock.fixed(begun + dt.timedelta(hours=24, minutes=1)):
                drain()
        ret.refresh_from_db()
        ret.ticket.refresh_from_db()
        assert (ret.status, ret.ticket.priority) == ("submitted", Ticket.Priority.HIGH)
        told = Event.objects.get(name="return.reminded", **subject_of(ret))
        assert told.data["about"] == "T1"
        assert "return.T1" in pending(ret)
        assert not Notice.objects.filter(template="return.reminded").exists(), "the customer has nothing to do"

    def test_a_decision_in_time_is_not_warned_of(self, drain: Drain) -> None:
        begun = clock.now()
        with clock.fixed(begun):
            ret = a_return(an_order())
            approve_return(ret.pk, actor=staff())
        with clock.fixed(begun + dt.timedelta(hours=25)):
            drain()
        ret.ticket.refresh_from_db()
        assert ret.ticket.priority == Ticket.Priority.NORMAL
        assert "return.reminded" not in happened(ret)

    @pytest.mark.parametrize("paid", [False, True])
    def test_the_laws_seven_days_for_the_refund_call_the_lead_unless_it_is_paid(self, drain: Drain, paid: bool) -> None:
        begun, lead = clock.now(), member("lead")
        with clock.fixed(begun):
            ret = sent_back(an_order())
            mark_delivered(ret.parcels.get().pk, signed_at=begun, actor=staff("warehouse"))
            refund = inspected(ret, accepted=1).refunds.get()
            if paid:
                release_refund(refund.pk, actor=staff())
                record_payment(refund.pk, payment_ref="2026-1", actor=staff())
        with clock.fixed(begun + 7 * DAY - dt.timedelta(minutes=1)):
            drain()
            assert "return.escalated" not in happened(ret)
        for _again in range(2):
            with clock.fixed(begun + 7 * DAY + dt.timedelta(minutes=1)):
                drain()
                drain()
        ret.ticket.refresh_from_db()
        late = list(
            Event.objects.filter(name="return.escalated", **subject_of(ret)).values_list("data__about", flat=True)
        )
        notices = Notice.objects.filter(template="return.escalated", recipient_id=lead.pk)
        if paid:
            assert (late, notices.count()) == ([], 0)
            return
        assert late == ["T6"]
        assert ret.ticket.priority == Ticket.Priority.URGENT
        assert [notice.params["step"] for notice in notices] == ["T6"]


class TestProof:
    def test_the_shops_clock_stands_still_while_we_wait(self) -> None:
        order = an_order()
        ret = a_return(order, reason="quality_defect")
        due = Timer.objects.pending().get(kind="return.T1", **subject_of(ret)).due_at
        asked_at = clock.now()
        with clock.fixed(asked_at):
            ask_info(ret.pk, question="请补一张领口照片", actor=staff())
        with clock.fixed(asked_at + 2 * DAY):
            give_info(ret.pk, answer="已补", has_proof=True, actor=customer(order))
        timer = Timer.objects.pending().get(kind="return.T1", **subject_of(ret))
        assert timer.due_at == due + 2 * DAY
        assert pending(ret) == {"return.T1", "return.T1.warn"}

    def test_nothing_is_decided_without_a_person_while_that_is_stopped_and_a_lead_is_told(self, drain: object) -> None:
        lead, ret = staff("lead"), a_return(an_order())
        row = stops.stop("decisions", reason="the rules are wrong", actor=lead)
        for days, status in ((3, "submitted"), (4, "awaiting_return")):
            with clock.fixed(clock.now() + days * DAY):
                drain()  # type: ignore[operator]
                ret.refresh_from_db()
                assert ret.status == status
                told = Notice.objects.filter(template="return.escalated", recipient_id=lead.id or 0)
                assert [notice.params["step"] for notice in told] == ["T1"]
                assert ret.ticket.priority == Ticket.Priority.URGENT
                if row.ended_at is None:
                    row = stops.end_stop(row.pk, reason="put right", actor=lead)

    def test_what_decides_alone_says_so(self) -> None:
        assert {"return.T1.stopped", "return.T2", "return.T3", "return.T5", "return.T7"} <= Timer.DECIDING
        assert not {"return.T1", "return.T1.warn", "return.T6", "return.T12"} & Timer.DECIDING

    def test_no_answer_in_seven_days_expires_and_may_be_reopened_once(self, drain: object) -> None:
        order = an_order()
        ret = a_return(order)
        ask_info(ret.pk, question="请补照片", actor=staff())
        with clock.fixed(clock.now() + 7 * DAY + dt.timedelta(minutes=1)):
            drain()  # type: ignore[operator]
            ret.refresh_from_db()
            assert ret.status == "expired"
            assert OrderLine.objects.get(order=order).claimed_quantity == 0
            with pytest.raises(WrongStatus):  # it was taken for a second answer: thanked for, and lost
                give_info(ret.pk, answer="照片来了", has_proof=True, actor=customer(order))
            reopen_return(ret.pk, actor=customer(order))
            ret.refresh_from_db()
            assert ret.status == "submitted"
            assert OrderLine.objects.get(order=order).claimed_quantity == 1
        ask_info(ret.pk, question="再补一张", actor=staff())
        with clock.fixed(clock.now() + 20 * DAY):
            drain()  # type: ignore[operator]
        with pytest.raises(Conflict):
            reopen_return(ret.pk, actor=customer(order))

    def test_an_approval_that_expired_can_be_given_again(self, drain: object) -> None:
        order = an_order()
        ret = a_return(order)
        approve_return(ret.pk, actor=staff())
        with clock.fixed(clock.now() + 7.1 * DAY):
            drain()  # type: ignore[operator]
            reopen_return(ret.pk, actor=customer(order))
            for _ in range(2):
                approve_return(ret.pk, actor=staff("lead"))
        ret.refresh_from_db()
        assert (ret.status, ret.approval.by_id) == ("awaiting_return", staff("lead").id)
        assert "return.T3" in pending(ret)
        assert happened(ret).count("return.approved") == 2

    def test_one_that_expired_is_none_for_a_request_that_was_not_approved_again(self) -> None:
        """Who pressed “Approve” on an old page was told that it was approved."""
        ret = a_return(an_order())
        approve_return(ret.pk, actor=staff())
        expire_return(ret.pk, at=clock.now())
        reopen_return(ret.pk, actor=customer(ret.order))
        ask_info(ret.pk, question="请补照片", actor=staff())
        with pytest.raises(WrongStatus):
            approve_return(ret.pk, actor=staff())
        withdraw_return(ret.pk, actor=customer(ret.order))
        with pytest.raises(WrongStatus):
            approve_return(ret.pk, actor=staff())


class TestTheParcel:
    def test_one_number_belongs_to_one_return(self) -> None:
        first, second = an_order(), an_order()
        one, two = a_return(first), a_return(second)
        for ret in (one, two):
            approve_return(ret.pk, actor=staff())
        enter_tracking(one.pk, carrier="SF", number="SF9999999999999", actor=customer(first))
        with pytest.raises(NumberTaken):
            enter_tracking(two.pk, carrier="SF", number="sf 9999999999999", actor=customer(second))

    @pytest.mark.parametrize("number", ["", "abc", "1" * 40, "SF<script>", "顺丰"])
    def test_a_number_that_no_courier_prints_is_refused(self, number: str) -> None:
        order = an_order()
        ret = a_return(order)
        approve_return(ret.pk, actor=staff())
        with pytest.raises(BadInput) as refusal:
            enter_tracking(ret.pk, carrier="SF", number=number, actor=customer(order))
        assert refusal.value.field == "number"

    def test_the_laws_clock_runs_from_the_carriers_signature(self) -> None:
        ret = sent_back(an_order())
        parcel = ret.parcels.get()
        signed = clock.now() - DAY
        mark_delivered(parcel.pk, signed_at=signed, actor=staff("warehouse"))
        timer = Timer.objects.pending().get(kind="return.T6", **subject_of(ret))
        assert (timer.due_at, timer.source) == (signed + 7 * DAY, "law")

    def test_counts_add_up_over_days_and_a_page_counts_once(self) -> None:
        order = an_order(skus=[(a_sku(), 5)])
        ret = sent_back(order, quantity=5)
        line = ret.lines.get()
        for key in ("monday", "monday", "tuesday"):
            receive_goods(ret.pk, {line.pk: 2}, key=key, actor=staff("warehouse"))
        line.refresh_from_db()
        assert line.received_quantity == 4
        with pytest.raises(CountTooHigh):
            receive_goods(ret.pk, {line.pk: 2}, key="wednesday", actor=staff("warehouse"))

    def test_every_counted_unit_must_be_inspected(self) -> None:
        ret = sent_back(an_order(), quantity=2)
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 2}, key="k", actor=staff("warehouse"))
        with pytest.raises(CountIncomplete):
            inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))

    def test_only_what_came_and_was_accepted_is_refunded(self) -> None:
        """spree#14678: a refund was paid for units the warehouse never got."""
        order = an_order(skus=[(a_sku(price=8_999), 3)])
        ret = inspected(sent_back(order, quantity=3), accepted=1, refused=1)
        assert ret.refunds.get(purpose="goods").total_minor == 8_999
        assert OrderLine.objects.get(order=order).claimed_quantity == 1

    def test_nothing_accepted_is_a_refusal_that_can_be_contested(self) -> None:
        order = an_order()
        ret = inspected(sent_back(order), accepted=0, refused=1)
        assert ret.status == "return_refused"
        contest_rejection(ret.pk, story="拆封前就有", actor=customer(order))
        settle_contest(ret.pk, upheld=False, answer="采信开箱视频", actor=staff("lead"))
        ret.refresh_from_db()
        assert ret.status == "refund_due"
        assert ret.refunds.get().total_minor == 12_800


class TestMoney:
    def test_the_discount_share_is_refunded_to_the_fen_in_any_split(self) -> None:
        order = an_order(skus=[(a_sku(price=3_333), 3)], discount_minor=1_000)
        paid = order.lines.get().paid_minor
        total = 0
        for turn in range(3):
            ret = a_return(order)
            approve_return(ret.pk, actor=staff())
            enter_tracking(ret.pk, carrier="ZTO", number=f"7{turn:013d}", actor=customer(order))
            inspected(Return.objects.get(pk=ret.pk), accepted=1)
            refund = ret.refunds.get()
            total += refund.total_minor
            release_refund(refund.pk, actor=staff())
            record_payment(refund.pk, payment_ref=f"pay-{turn}", actor=staff())
        assert total == paid

    def test_the_shops_fault_gives_back_the_first_freight_and_the_way_back(self) -> None:
        order = an_order(skus=[(a_sku(), 1)], freight=1_000)
        ret = inspected(sent_back(order, reason="quality_defect"), accepted=1)
        goods, freight = ret.refunds.get(purpose="goods"), ret.refunds.get(purpose="freight")
        assert goods.total_minor == 13_800
        assert {each.kind: each.amount_minor for each in goods.components.all()} == {
            "goods": 12_800, "outbound_freight": 1_000,
        }  # fmt: skip
        assert freight.total_minor == 1_200

    def test_a_change_of_mind_pays_its_own_way_back(self) -> None:
        ret = inspected(sent_back(an_order(freight=1_000, skus=[(a_sku(), 1)])), accepted=1)
        assert [refund.purpose for refund in ret.refunds.all()] == ["goods"]
        assert ret.refunds.get().total_minor == 12_800

    def test_conditional_free_shipping_that_no_longer_holds_is_deducted(self) -> None:
        order = an_order(
            skus=[(a_sku(), 1), (a_sku(title="腰带", price=3_000), 1)],
            free_shipping="conditional", free_shipping_above_minor=15_000,
        )  # fmt: skip
        ret = inspected(sent_back(order), accepted=1)
        kinds = {each.kind: each.amount_minor for each in ret.refunds.get().components.all()}
        assert kinds == {"goods": 12_800, "free_shipping_lost": -1_200}

    def test_free_shipping_is_lost_once_and_by_all_returns_together(self) -> None:
        """Three at ¥60, free from ¥120: the second return breaks the condition, the third bears nothing again."""
        order = an_order(
            skus=[(a_sku(title=f"件 {n}", price=6_000), 1) for n in range(4)],
            free_shipping="conditional", free_shipping_above_minor=15_000,
        )  # fmt: skip
        lost = []
        for line in order.lines.order_by("id")[:3]:
            ret = submit_return(order.pk, [Item(line.pk, 1, "preference")], kind="return", actor=customer(order))
            approve_return(ret.pk, actor=staff())
            ret = inspected(ret, accepted=1)
            components = ret.refunds.get().components
            lost.append(sum(each.amount_minor for each in components.filter(kind="free_shipping_lost")))
        assert lost == [0, -1_200, 0]

    def test_a_large_refund_needs_two_different_people_and_the_second_a_lead(self) -> None:
        order = an_order(skus=[(a_sku(price=60_000), 1)])
        refund = inspected(sent_back(order), accepted=1).refunds.get()
        assert refund.needs_second
        agent = staff()
        assert release_refund(refund.pk, actor=agent).status == "due"
        with pytest.raises(SecondPersonNeeded):
            release_refund(refund.pk, actor=agent)
        with pytest.raises(NotPermitted):
            release_refund(refund.pk, actor=staff("agent", "second agent"))
        assert release_refund(refund.pk, actor=staff("lead")).status == "sending"

    def test_a_refund_never_passes_what_was_paid(self) -> None:
        order = an_order(skus=[(a_sku(), 1)])
        refund = inspected(sent_back(order), accepted=1).refunds.get()
        Order.objects.filter(pk=order.pk).update(refunded_minor=1)
        with pytest.raises(MoreThanPaid):
            release_refund(refund.pk, actor=staff())
        assert Refund.objects.get(pk=refund.pk).status == "due"

    def test_releasing_and_recording_twice_is_once(self) -> None:
        order = an_order()
        refund = inspected(sent_back(order), accepted=1).refunds.get()
        for _ in range(2):
            release_refund(refund.pk, actor=staff())
        for _ in range(2):
            record_payment(refund.pk, payment_ref="first", actor=staff())
        with pytest.raises(DoneOtherwise):
            record_payment(refund.pk, payment_ref="second", actor=staff())
        refund.refresh_from_db()
        assert refund.provider_ref == "first"
        assert Order.objects.get(pk=order.pk).refunded_minor == 12_800


class TestTheProvider:
    @pytest.fixture
    def refund(self) -> Refund:
        return self._refund(12_800)

    def _refund(self, price: int) -> Refund:
        shop = a_shop(name=f"沙箱店 {price}", refund_provider="sandbox")
        order = an_order(shop=shop, skus=[(a_sku(title=f"件 {price}", price=price), 1)])
        return inspected(sent_back(order), accepted=1).refunds.get()

    def test_the_outbox_pays_and_the_return_closes(self, refund: Refund, drain: object) -> None:
        release_refund(refund.pk, actor=staff())
        drain()  # type: ignore[operator]
        refund.refresh_from_db()
        assert (refund.status, refund.provider_ref) == ("paid", f"SANDBOX-{refund.ref}")
        assert refund.of.status == "closed"

    def test_a_refusal_gives_the_money_back_and_asks_a_person(self, drain: object) -> None:
        refund = self._refund(12_891)
        release_refund(refund.pk, actor=staff())
        drain()  # type: ignore[operator]
        refund.refresh_from_db()
        assert refund.status == "failed"
        assert refund.of.status == "refund_due"
        assert Order.objects.get(pk=refund.of.order_id).refunded_minor == 0

    def test_a_lost_answer_is_asked_again_with_the_same_key(self, drain: object) -> None:
        from django.core.cache import cache

        refund = self._refund(12_892)
        before = cache.get("sandbox:count", 0)
        release_refund(refund.pk, actor=staff())
        drain()  # type: ignore[operator]
        with clock.fixed(clock.now() + DAY / 2):
            drain()  # type: ignore[operator]
        refund.refresh_from_db()
        assert refund.status == "paid"
        assert cache.get("sandbox:count") == before + 1

    def test_what_was_looked_up_is_not_sent_again_from_the_office(
        self, refund: Refund, drain: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The row stayed among the stuck ones; tried again there after the refund had been made anew, it paid twice."""
        from django.core.cache import cache

        def away(self: Sandbox, payment: Payment) -> str:
            raise Temporary("away for a day")

        before = cache.get("sandbox:count", 0)
        release_refund(refund.pk, actor=staff())
        with monkeypatch.context() as patch:
            patch.setattr(Sandbox, "pay", away)
            drain()  # type: ignore[operator]
            with clock.fixed(clock.now() + 1.1 * DAY):
                drain()  # type: ignore[operator]
        item = Outbound.objects.get(channel="refund")
        assert item.status == "quarantined"
        lead = staff("lead")
        settle_unknown(refund.pk, was_paid=False, payment_ref="", actor=lead)
        release_refund(retry_refund(refund.pk, actor=staff()).pk, actor=staff())
        drain()  # type: ignore[operator]
        with pytest.raises(repair.NotStuck):
            repair.retry(item, reason="?", actor=lead)
        assert cache.get("sandbox:count") == before + 1

    def test_nobody_can_say_how_it_went_while_it_is_sent_again(self, refund: Refund) -> None:
        release_refund(refund.pk, actor=staff())
        Refund.objects.filter(pk=refund.pk).update(status="unknown")  # and the office put the row back to work
        with pytest.raises(Conflict):
            settle_unknown(refund.pk, was_paid=False, payment_ref="", actor=staff("lead"))
        assert Refund.objects.get(pk=refund.pk).status == "unknown"


class TestEnding:
    def test_withdrawing_frees_the_units_and_closes_the_ticket(self) -> None:
        order = an_order()
        ret = a_return(order, quantity=2)
        withdraw_return(ret.pk, actor=customer(order))
        withdraw_return(ret.pk, actor=customer(order))
        ret.refresh_from_db()
        assert (ret.status, ret.ticket.__class__.objects.get(pk=ret.ticket_id).status) == ("withdrawn", "closed")
        assert OrderLine.objects.get(order=order).claimed_quantity == 0
        assert pending(ret) == set()
        assert happened(ret).count("return.withdrawn") == 1

    def test_once_the_parcel_travels_only_staff_may(self) -> None:
        order = an_order()
        ret = sent_back(order)
        with pytest.raises(ParcelUnderWay):
            withdraw_return(ret.pk, actor=customer(order))
        withdraw_return(ret.pk, actor=staff())

    def test_what_is_withdrawn_cannot_be_approved(self) -> None:
        order = an_order()
        ret = a_return(order)
        withdraw_return(ret.pk, actor=customer(order))
        with pytest.raises(WrongStatus):
            approve_return(ret.pk, actor=staff())


class TestClocks:
    def test_after_48_hours_what_the_rules_allow_is_approved(self, drain: object) -> None:
        ret = a_return(an_order())
        with clock.fixed(clock.now() + 2 * DAY + dt.timedelta(seconds=1)):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "awaiting_return"
        assert ret.approval.by is None

    def test_what_they_do_not_allow_goes_to_a_lead(self, drain: object) -> None:
        ret = a_return(an_order(days_ago=40))
        with clock.fixed(clock.now() + 2 * DAY + dt.timedelta(seconds=1)):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "submitted"
        assert "return.escalated" in happened(ret)

    def test_nothing_fires_early(self, drain: object) -> None:
        ret = a_return(an_order())
        with clock.fixed(clock.now() + 2 * DAY - dt.timedelta(minutes=1)):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "submitted"

    def test_the_customer_is_reminded_twice_then_the_approval_expires(self, drain: object) -> None:
        order = an_order()
        ret = a_return(order)
        approve_return(ret.pk, actor=staff())
        for days in (3.1, 6.1, 7.1):
            with clock.fixed(clock.now() + days * DAY):
                drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert happened(ret).count("return.reminded") == 2
        assert ret.status == "expired"

    def test_three_days_after_arrival_the_customer_waits_no_longer(self, drain: object) -> None:
        ret = sent_back(an_order())
        mark_delivered(ret.parcels.get().pk, actor=staff("warehouse"))
        with clock.fixed(clock.now() + 3 * DAY + dt.timedelta(minutes=1)):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "refund_due"
        assert ret.refunds.get().total_minor == 12_800
        assert pending(ret) == {"return.T6"}

    def test_ten_days_after_the_number_it_is_over_for_good(self, drain: object) -> None:
        ret = sent_back(an_order())
        with clock.fixed(clock.now() + 10 * DAY + dt.timedelta(minutes=1)):
            drain()  # type: ignore[operator]
        ret.refresh_from_db()
        assert ret.status == "refund_due"
        assert pending(ret) == {"return.T6"}

    def test_the_laws_clock_goes_on_when_an_objection_was_right(self) -> None:
        order = an_order()
        ret = inspected(sent_back(order), accepted=0, refused=1)
        contest_rejection(ret.pk, story="拆封前就有", actor=customer(order))
        settle_contest(ret.pk, upheld=False, answer="采信开箱视频", actor=staff("lead"))
        timer = Timer.objects.pending().get(**subject_of(ret))
        assert (timer.kind, timer.paused_at) == ("return.T6", None)


def test_a_stranger_sees_nothing() -> None:
    ret = a_return(an_order())
    stranger = customer(an_order(person=a_person("王芳")))
    assert not Return.objects.visible_to(stranger).exists()
    with pytest.raises(NotFound):
        withdraw_return(ret.pk, actor=stranger)


def test_a_request_in_time_is_judged_by_its_own_day_however_late_the_goods_are_inspected() -> None:
    """R-37: asking within the seven days is enough; what the parcel and the warehouse take does not count."""
    order = an_order(days_ago=5)
    ret = sent_back(order)
    told = [verdict.outcome for verdict in verdicts.standing(ret)]
    with clock.fixed(clock.now() + 6 * DAY):
        inspected(ret, accepted=1)
    found = [verdict.outcome for verdict in verdicts.standing(ret)]
    assert found[0]["facts"]["days_since_receipt"] == told[0]["facts"]["days_since_receipt"] == 5
    assert "return_refund" in found[0]["remedies"]


def test_a_parcel_nobody_knows_does_not_arrive() -> None:
    with pytest.raises(NotFound):
        mark_delivered(10**9, actor=staff("warehouse"))


def test_parcels_and_promises_are_read_once_however_many_lines() -> None:
    asked = []
    for count in (1, 8):
        order = an_order(skus=[(a_sku(title=f"件 {count} {n}"), 1) for n in range(count)])
        items = [Item(line.pk, 1, "preference") for line in order.lines.all()]
        with CaptureQueriesContext(connection) as queries:
            submit_return(order.pk, items, kind="return", actor=customer(order))
        asked.append(sum('FROM "customers_shipment"' in each["sql"] for each in queries.captured_queries))
    assert asked[0] == asked[1]
