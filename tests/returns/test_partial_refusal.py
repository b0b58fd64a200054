"""A part of the goods, or of the money, is refused at the inspection: said, contested, settled both ways, and paid once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.subject import subject_of
from customers.models import Order
from returns.actions.exchange import change_to_refund, replacement_delivered, ship_replacement
from returns.actions.objections import NotContestable, contest_rejection, settle_contest
from returns.actions.payment import mark_failed, mark_unknown, record_payment, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.refusals import make_final
from returns.models import Refund, Rejection, Return
from tests.returns.test_return_road import happened, inspected, pending, sent_back
from tests.world import a_sku, an_order, customer, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def in_part(order: Order | None = None, **asked: Any) -> Return:
    """Two shirts came back, one is accepted, one refused and to be sent back."""
    return inspected(sent_back(order or an_order(), quantity=2, **asked), accepted=1, refused=1)


def paid(ret: Return) -> None:
    for refund in ret.refunds.filter(status="due"):
        release_refund(refund.pk, actor=staff())
        record_payment(refund.pk, payment_ref=f"pay-{refund.ref}", actor=staff())
    ret.refresh_from_db()


def objected(ret: Return) -> Return:
    contest_rejection(ret.pk, story="拆封前就有粉底渍", actor=customer(ret.order))
    ret.refresh_from_db()
    return ret


def settled(ret: Return, *, upheld: bool) -> Return:
    settle_contest(ret.pk, upheld=upheld, answer="核对过照片", actor=staff("lead"))
    ret.refresh_from_db()
    return ret


def waits(ret: Return) -> tuple[str, dt.datetime | None]:
    """On whom the ticket waits, and until when."""
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    return ticket.waiting_on, ticket.process_due_at


class TestRefusing:
    def test_the_clause_and_the_reason_are_kept_and_the_rest_is_due_at_once(self) -> None:
        ret = in_part()
        refusal = Rejection.objects.get(of=ret)
        assert (refusal.stage, refusal.clause, refusal.reason) == (
            "part",
            "《七日无理由退货办法》第八条",
            "领口有粉底渍",
        )
        assert ret.status == "refund_due"
        assert ret.refunds.get().total_minor == 12_800
        assert {"return.T6", "return.T7"} <= pending(ret)
        event = Event.objects.get(name="return.partly_refused", **subject_of(ret))
        assert event.data["units"] == 1

    @pytest.mark.parametrize(("clause", "note", "field"), [("", "脏", "clause"), ("办法第八条", "", "note")])
    def test_it_needs_a_clause_and_a_reason(self, clause: str, note: str, field: str) -> None:
        ret = sent_back(an_order(), quantity=2)
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 2}, key="k", actor=staff("warehouse"))
        findings = [
            Finding(line.pk, 1, True, "intact", "restock"),
            Finding(line.pk, 1, False, "used", "scrap", note=note),
        ]
        with pytest.raises(BadInput) as refusal:
            inspect_goods(ret.pk, findings, clause=clause, actor=staff("warehouse"))
        assert refusal.value.field == field
        assert not Rejection.objects.exists()

    def test_paying_the_accepted_part_leaves_the_return_open_until_the_refusal_is_final(self) -> None:
        ret = in_part()
        paid(ret)
        assert (ret.status, ret.closed_at) == ("refunded", None)
        assert type(ret.ticket).objects.get(pk=ret.ticket_id).waiting_on == "customer"


class TestObjecting:
    def test_only_the_clock_of_the_refusal_stands_still(self) -> None:
        ret = objected(in_part())
        clocks = {each.kind: each.paused_at for each in Timer.objects.pending().filter(**subject_of(ret))}
        assert ret.is_contested
        assert clocks["return.T7"] is not None
        assert clocks["return.T6"] is None
        paid(ret)
        assert ret.status == "refunded"

    def test_a_second_time_is_the_first_and_after_the_answer_it_is_refused_in_words(self) -> None:
        ret = objected(in_part())
        again = contest_rejection(ret.pk, story="拆封前就有粉底渍", actor=customer(ret.order))
        with pytest.raises(NotContestable, match="留言"):
            contest_rejection(ret.pk, story="再说一次", actor=customer(ret.order))
        assert again.story == "拆封前就有粉底渍"
        assert happened(ret).count("return.contested") == 1
        settled(ret, upheld=False)
        with pytest.raises(NotContestable, match="已经答复"):
            contest_rejection(ret.pk, story="第三次", actor=customer(ret.order))

    def test_too_late_is_refused(self, drain: Callable[[], int]) -> None:
        ret = in_part()
        with clock.fixed(clock.now() + 8 * DAY):
            drain()
            with pytest.raises(NotContestable):
                contest_rejection(ret.pk, story="晚了", actor=customer(ret.order))
        assert Rejection.objects.get().final_at is not None

    def test_the_inspector_does_not_answer(self) -> None:
        order = an_order()
        ret = sent_back(order, quantity=2)
        line, lead = ret.lines.get(), staff("lead")
        receive_goods(ret.pk, {line.pk: 2}, key="k", actor=lead)
        findings = [
            Finding(line.pk, 1, True, "intact", "scrap"),
            Finding(line.pk, 1, False, "used", "scrap", note="脏"),
        ]
        inspect_goods(ret.pk, findings, clause="办法第八条", actor=lead)
        objected(ret)
        with pytest.raises(Conflict) as refusal:
            settle_contest(ret.pk, upheld=True, answer="不同意", actor=lead)
        assert refusal.value.code == "same_person"

    def test_it_is_not_made_final_meanwhile(self) -> None:
        ret = objected(in_part())
        with pytest.raises(Conflict) as refusal:
            make_final(ret.pk, actor=staff())
        assert refusal.value.code == "contested"


class TestLifted:
    @pytest.mark.parametrize("first_paid", [True, False])
    def test_the_rest_is_paid_once_beside_the_first_refund(self, first_paid: bool) -> None:
        ret = in_part()
        if first_paid:
            paid(ret)
        settled(objected(ret), upheld=False)
        assert ret.status == "refund_due"
        more = ret.refunds.get(purpose=Refund.Purpose.OBJECTION)
        assert (more.total_minor, [each.quantity for each in more.components.all()]) == (12_800, [1])
        with pytest.raises(DoneOtherwise):
            settle_contest(ret.pk, upheld=False, answer="again", actor=staff("lead"))
        paid(ret)
        assert (ret.status, Order.objects.get(pk=ret.order_id).refunded_minor) == ("closed", 25_600)
        assert ret.refunds.count() == 2
        assert ret.lines.get().accepted_quantity == 2
        assert pending(ret) == set()

    @pytest.mark.parametrize("accepted", [1, 2])
    def test_any_split_sums_to_the_fen(self, accepted: int) -> None:
        order = an_order(skus=[(a_sku(price=3_333), 3)], discount_minor=1_000, freight=1_000)
        ret = sent_back(order, quantity=3, reason="quality_defect")
        ret = inspected(ret, accepted=accepted, refused=3 - accepted, found_reason="quality_defect")
        settled(objected(ret), upheld=False)
        paid(ret)
        goods = sum(each.total_minor for each in ret.refunds.exclude(purpose="freight"))
        assert goods == order.paid_minor
        assert ret.refunds.get(purpose="freight").total_minor == 1_200

    def test_units_in_another_request_by_now_are_left_to_that_one(self) -> None:
        from tests.world import a_return

        ret = objected(in_part())
        a_return(ret.order, quantity=1)
        settled(ret, upheld=False)
        assert not ret.refunds.filter(purpose="objection").exists()
        assert ret.lines.get().accepted_quantity == 1

    def test_money_kept_back_for_another_cause_is_paid_after_all(self) -> None:
        order = an_order(freight=1_000)
        ret = sent_back(order, quantity=2, reason="quality_defect")
        ret = inspected(ret, accepted=2, found_reason="preference", note="没有质量问题")
        refusal = Rejection.objects.get(of=ret)
        assert (refusal.stage, refusal.reason) == ("part", "没有质量问题")
        assert refusal.clause  # the rules that pay less name it
        assert ret.refunds.get().total_minor == 25_600
        settled(objected(ret), upheld=False)
        owed = dict(ret.refunds.values_list("purpose", "total_minor"))
        assert owed == {"goods": 25_600, "objection": 1_000, "freight": 1_200}
        paid(ret)
        assert (ret.status, Order.objects.get(pk=order.pk).refunded_minor) == ("closed", order.paid_minor)


class TestUpheld:
    def test_the_refusal_is_final_and_the_goods_are_due_to_go_back(self) -> None:
        ret = in_part()
        paid(ret)
        settled(objected(ret), upheld=True)
        assert Rejection.objects.get().final_at is not None
        assert (ret.status, ret.handback.sent_at) == ("refunded", None)
        assert pending(ret) == {"return.T6", "return.T16"}
        assert not ret.refunds.filter(purpose="objection").exists()

    def test_where_nothing_goes_back_it_closes(self) -> None:
        ret = sent_back(an_order(), quantity=2)
        line = ret.lines.get()
        receive_goods(ret.pk, {line.pk: 2}, key="k", actor=staff("warehouse"))
        findings = [
            Finding(line.pk, 1, True, "intact", "restock"),
            Finding(line.pk, 1, False, "used", "scrap", note="脏"),
        ]
        inspect_goods(ret.pk, findings, clause="办法第八条", actor=staff("warehouse"))
        paid(ret)
        settled(objected(ret), upheld=True)
        assert ret.status == "closed"

    def test_where_it_stands_the_money_of_the_rest_is_due_when_it_was(self) -> None:
        ret = objected(in_part())
        with clock.fixed(clock.now() + dt.timedelta(hours=5)):
            settled(ret, upheld=True)
        assert (ret.status, *waits(ret)) == ("refund_due", "", ret.refunds.get().due_at)

    def test_while_finance_pays_the_rest_by_hand_it_is_on_their_list_again(self) -> None:
        ret = in_part()
        refund = release_refund(ret.refunds.get().pk, actor=staff())
        assert waits(ret) == ("finance", refund.due_at)
        assert waits(objected(ret))[0] == ""
        for _ in range(2):
            settled(ret, upheld=True)
        assert (ret.status, *waits(ret)) == ("refunding", "finance", refund.due_at)

    def test_a_payment_in_doubt_or_refused_needs_somebody_at_once(self) -> None:
        for mark, status in ((mark_unknown, "refunding"), (mark_failed, "refund_due")):
            ret = in_part(an_order())
            refund = release_refund(ret.refunds.get().pk, actor=staff())
            ret.refresh_from_db()
            mark(refund, ret, why="timeout")
            objected(ret)
            with clock.fixed(now := clock.now()):
                settled(ret, upheld=True)
            assert (ret.status, *waits(ret)) == (status, "", now)


class TestExchange:
    def exchanged(self) -> Return:
        return in_part(kind="exchange", reason="wrong_choice.size", wanted=a_sku(variant="白 L"))

    def test_before_the_replacement_leaves_the_rest_travels_with_it(self) -> None:
        ret = settled(objected(self.exchanged()), upheld=False)
        assert (ret.status, ret.lines.get().accepted_quantity) == ("awaiting_reship", 2)
        ship_replacement(ret.pk, carrier="SF", number="SF5555555555555", actor=staff("warehouse"))
        wanted = ret.lines.get().wanted_sku
        assert wanted is not None
        assert (wanted.on_hand, wanted.reserved) == (8, 0)
        replacement_delivered(ret.pk, actor=staff())
        ret.refresh_from_db()
        assert ret.status == "closed"
        assert not ret.refunds.exists()

    def test_where_the_refusal_stands_the_ticket_waits_for_the_parcel_again(self) -> None:
        ret = self.exchanged()
        assert waits(ret)[0] == "warehouse"
        assert waits(objected(ret))[0] == ""
        now = clock.now()
        with clock.fixed(now):
            for _ in range(2):
                settled(ret, upheld=True)
            assert waits(ret) == ("warehouse", now + dt.timedelta(hours=48))
        assert happened(ret).count("return.refusal_final") == 1

    def test_and_for_the_customer_where_they_owe_a_difference(self) -> None:
        dearer = a_sku(variant="白 L", price=19_900)
        ret = in_part(kind="exchange", reason="wrong_choice.size", wanted=dearer)
        assert waits(settled(objected(ret), upheld=True))[0] == "customer"

    def test_and_for_the_carrier_where_the_parcel_is_on_its_way(self) -> None:
        ret = self.exchanged()
        ship_replacement(ret.pk, carrier="SF", number="SF5555555555555", actor=staff("warehouse"))
        assert waits(settled(objected(ret), upheld=True)) == ("carrier", None)

    def test_a_parcel_that_leaves_takes_no_open_objection_out_of_the_queue(self) -> None:
        ret = objected(self.exchanged())
        answer_due = waits(ret)
        assert answer_due[1] is not None
        for _ in range(2):
            ship_replacement(ret.pk, carrier="SF", number="SF5555555555555", actor=staff("warehouse"))
        assert waits(ret) == answer_due
        assert waits(settled(ret, upheld=True)) == ("carrier", None)

    @pytest.mark.parametrize("first_paid", [True, False])
    def test_what_it_was_cheaper_is_part_of_the_refund_it_becomes(self, first_paid: bool) -> None:
        """The difference of the unit accepted later was paid beside the full price of both."""
        ret = in_part(
            an_order(skus=[(a_sku(), 2), (a_sku(title="大衣", price=50_000), 1)]),
            kind="exchange", reason="wrong_choice.size", wanted=a_sku(variant="短袖 L", price=10_000),
        )  # fmt: skip
        settled(objected(ret), upheld=False)
        assert dict(ret.refunds.values_list("purpose", "total_minor")) == {"difference": 2_800, "objection": 2_800}
        if first_paid:
            paid(ret)
        change_to_refund(ret.pk, actor=staff())
        assert ret.refunds.get(purpose="goods").total_minor == 25_600 - (5_600 if first_paid else 0)
        paid(ret)
        assert (ret.status, Order.objects.get(pk=ret.order_id).refunded_minor) == ("closed", 25_600)

    def test_after_it_left_the_rest_is_paid(self) -> None:
        ret = self.exchanged()
        ship_replacement(ret.pk, carrier="SF", number="SF5555555555555", actor=staff("warehouse"))
        replacement_delivered(ret.pk, actor=staff())
        ret.refresh_from_db()
        assert ret.status == "reshipped"  # open until the refused unit is settled
        settled(objected(ret), upheld=False)
        assert ret.refunds.get().total_minor == 12_800
        paid(ret)
        assert ret.status == "closed"
