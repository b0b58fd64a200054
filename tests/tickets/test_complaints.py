"""A complaint from apology to root cause: each step once, in its order, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.accounts.models import Team, User
from aftersales.accounts.teams import leads_of
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict, NotFound, NotPermitted, Refusal
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.notices.models import Notice
from customers.actions.promises import break_promise, keep_promise
from customers.models import Order
from tests.world import an_order, customer, member, staff
from tickets.actions.closing import close_ticket
from tickets.actions.complaints import deciding, hearing, preventing, rating
from tickets.actions.complaints.apologising import apologise, waive_apology
from tickets.actions.complaints.due import answer_due
from tickets.actions.complaints.escalating import escalate, settle_escalation
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import note, receive_message, reply, send_held, undo
from tickets.actions.looking_over import apologises
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import Apology, Clock, Complaint, ComplaintClass, Ticket

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)  # Tuesday 12:00 in Shanghai
DAY = dt.timedelta(days=1)


@pytest.fixture
def order() -> Order:
    return an_order()


@pytest.fixture
def complaint(order: Order) -> Complaint:
    with clock.fixed(NOON):
        return open_complaint(
            code="quality",
            statement="电饭煲用了两次就不热了，客服说让我自己找厂家。",
            order_id=order.pk,
            actor=customer(order),
        )


@pytest.mark.parametrize("currency", ["EUR", "CNY"])
def test_without_an_order_its_money_is_the_shop_s(settings: Any, order: Order, currency: str) -> None:
    settings.SHOP_CURRENCY = currency
    made = open_complaint(code="quality", statement="没人接电话", person_id=order.person_id, actor=staff())
    assert (made.ticket.order, made.currency) == (None, currency)
    assert open_complaint(code="quality", statement="坏了", order_id=order.pk, actor=staff()).currency == order.currency


def fresh(complaint: Complaint) -> Complaint:
    found: Complaint = Complaint.objects.preloaded().get(pk=complaint.pk)
    return found


def names(complaint: Complaint) -> list[str]:
    return list(
        Event.objects.filter(
            subject_type="tickets.ticket", subject_id=complaint.ticket_id, name__startswith="complaint"
        )
        .order_by("id")
        .values_list("name", flat=True)
    )


def heard(complaint: Complaint) -> int:
    hearing.hear_out(complaint.ticket_id, statement="用了两次就不热；客服推给厂家。", actor=staff("agent"))
    return complaint.ticket_id


def understood(complaint: Complaint) -> int:
    pk = heard(complaint)
    hearing.understand(pk, real_problem="没人认账", aim="换一台新的", actor=staff("agent"))
    return pk


def test_the_classes_of_the_handbook_are_there() -> None:
    groups = set(ComplaintClass.objects.values_list("group", flat=True))
    assert groups == {"goods", "logistics", "communication", "aftersales"}
    assert str(ComplaintClass.objects.get(code="freight")) == "运费承担"


def test_a_complaint_is_a_ticket_due_by_the_end_of_its_day(complaint: Complaint) -> None:
    ticket = complaint.ticket
    assert (ticket.kind, ticket.queue.key, ticket.priority) == ("complaint", "complaints", Ticket.Priority.HIGH)
    assert ticket.process_due_at == complaint.answer_due_at == dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
    assert ticket.messages.get().text == complaint.statement
    assert names(complaint) == ["complaint.opened"]
    assert complaint.fault == "open"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("00:00", "24 24:00"), ("17:59", "24 24:00"), ("18:00", "25 12:00"), ("23:59", "25 12:00"),
    ],
)  # fmt: skip
def test_after_six_in_the_evening_it_is_noon_of_the_next_day(order: Order, received: str, due: str) -> None:
    zone, (hour, minute) = clock.shop_zone(), received.split(":")
    at = dt.datetime(2026, 11, 24, int(hour), int(minute), tzinfo=zone)
    day, time = due.split()
    wanted = clock.end_of_shop_day(dt.date(2026, 11, int(day))) if time == "24:00" else dt.datetime(
        2026, 11, int(day), 12, tzinfo=zone
    )  # fmt: skip
    assert answer_due(order, at) == wanted


def test_the_shop_sets_its_own_times(order: Order) -> None:
    order.shop.complaints_until, order.shop.complaints_next_day = dt.time(20), dt.time(9, 30)
    late = dt.datetime(2026, 11, 24, 20, tzinfo=clock.shop_zone())
    assert answer_due(order, late) == dt.datetime(2026, 11, 25, 9, 30, tzinfo=clock.shop_zone())


def test_what_it_is_about_must_be_known_and_ones_own(order: Order) -> None:
    with pytest.raises(BadInput):
        open_complaint(code="nonsense", statement="…", order_id=order.pk, actor=customer(order))
    with pytest.raises(NotFound):
        open_complaint(code="quality", statement="…", order_id=an_order().pk, actor=customer(order))
    with pytest.raises(NotFound):  # only staff may name a person
        open_complaint(code="quality", statement="…", person_id=order.person_id, actor=customer(order))
    with pytest.raises(NotPermitted):
        open_complaint(code="quality", statement="…", order_id=order.pk, actor=staff("warehouse"))
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("真的很抱歉让您遇到这样的事。", True), ("给您添麻烦了，对不起", True), ("We are sorry about this.", True),
        ("We apologise.", True), ("您好，请问是哪一单？", False), ("我们没必要道歉。", False),
        ("There is no reason to apologise.", False), ("", False),
    ],
)  # fmt: skip
def test_words_that_say_sorry(text: str, is_one: bool) -> None:
    assert apologises(text) is is_one


def test_the_first_answer_begins_with_an_apology(complaint: Complaint) -> None:
    agent = staff("agent")
    with pytest.raises(Conflict) as refused:
        reply(complaint.ticket_id, text="请提供照片。", actor=agent)
    assert refused.value.code == "apology_missing"
    note(complaint.ticket_id, text="先核实一下", actor=agent)  # colleagues may talk
    assert fresh(complaint).answered_at is None
    with clock.fixed(NOON):
        reply(complaint.ticket_id, text="非常抱歉，我们马上核实。", actor=agent)
        reply(complaint.ticket_id, text="请提供照片。", actor=agent)  # the second needs none
    assert Apology.objects.get().message is not None
    assert names(complaint) == ["complaint.opened", "complaint.apologised", "complaint.answered"]
    assert fresh(complaint).fault == "open"  # sorry is not guilty


def test_an_apology_taken_back_is_none(complaint: Complaint) -> None:
    agent = staff("agent")
    held = reply(complaint.ticket_id, text="很抱歉。", actor=agent, hold=dt.timedelta(seconds=10))
    assert fresh(complaint).answered_at is None
    undo(held.pk, actor=agent)
    assert not Apology.objects.exists()
    with pytest.raises(Conflict):
        reply(complaint.ticket_id, text="请提供照片。", actor=agent)
    again = reply(complaint.ticket_id, text="很抱歉。", actor=agent, hold=dt.timedelta(seconds=10))
    send_held(again.pk, at=NOON + DAY)
    send_held(again.pk, at=NOON + 2 * DAY)
    assert fresh(complaint).answered_at == Apology.objects.get().at == NOON + DAY
    assert fresh(complaint).was_answered_in_time is False


def test_without_an_apology_only_for_a_reason_that_is_kept(complaint: Complaint) -> None:
    agent = staff("agent")
    with pytest.raises(BadInput):
        waive_apology(complaint.ticket_id, reason=" ", actor=agent)
    for _ in range(2):
        waive_apology(complaint.ticket_id, reason="顾客要求只谈方案", actor=agent)
    with pytest.raises(DoneOtherwise):
        waive_apology(complaint.ticket_id, reason="另一个理由", actor=agent)
    reply(complaint.ticket_id, text="方案如下。", actor=agent)
    assert fresh(complaint).unapologetic_reason == "顾客要求只谈方案"
    assert names(complaint).count("complaint.apology_waived") == 1
    assert not Apology.objects.exists()


def test_a_spoken_apology_counts_as_the_answer_and_changes_no_fault(complaint: Complaint) -> None:
    agent = staff("agent")
    with pytest.raises(BadInput):
        apologise(complaint.ticket_id, words="我解释了原因", channel="phone", actor=agent)
    with clock.fixed(NOON + dt.timedelta(hours=1)):
        one = apologise(complaint.ticket_id, words="电话里向您道歉", channel="phone", actor=agent)
        two = apologise(complaint.ticket_id, words="电话里向您道歉", channel="phone", actor=agent)
    assert one == two
    now = fresh(complaint)
    assert (now.was_answered_in_time, now.fault, now.ticket.process_due_at) == (True, "open", one.at + DAY)
    assert not Timer.objects.pending().filter(kind="complaint.answer_due").exists()


def test_nothing_is_decided_before_the_customer_was_heard_out(complaint: Complaint) -> None:
    pk, agent, later = complaint.ticket_id, staff("agent"), clock.now() + DAY
    for early in (
        lambda: hearing.understand(pk, real_problem="a", aim="b", actor=agent),
        lambda: deciding.decide_fault(pk, fault="shop", reason="a", actor=agent),
        lambda: deciding.make_plan(pk, text="a", due_at=later, actor=agent),
        lambda: escalate(pk, to="platform", reason="a", due_at=later, actor=agent),
        lambda: preventing.write_cause(
            pk, root_cause="a", improvement="b", owner_id=member().pk, due_on=later.date(), actor=agent
        ),
        lambda: close_ticket(pk, actor=agent),
    ):
        with pytest.raises(Refusal) as refused:
            early()
        assert refused.value.code == "not_heard"
    heard(complaint)
    heard(complaint)
    assert names(complaint).count("complaint.heard") == 1
    with pytest.raises(Conflict) as refused:
        deciding.make_plan(pk, text="a", due_at=later, actor=agent)
    assert refused.value.code == "not_understood"


def test_fault_is_decided_apart_and_can_be_decided_anew(complaint: Complaint) -> None:
    pk, agent = heard(complaint), staff("agent")
    for fault in ("", "open", "moon"):
        with pytest.raises(BadInput):
            deciding.decide_fault(pk, fault=fault, reason="x", actor=agent)
    for _ in range(2):
        deciding.decide_fault(pk, fault="supplier", reason="加热盘批次问题", actor=agent)
    deciding.decide_fault(pk, fault="shop", reason="没有抽检", actor=agent)
    assert fresh(complaint).fault == "shop"
    assert names(complaint).count("complaint.fault_decided") == 2


def test_where_the_carrier_is_at_fault_the_customer_is_helped_the_same_day(complaint: Complaint) -> None:
    pk, agent = heard(complaint), staff("agent")
    apologise(pk, words="很抱歉", channel="phone", actor=agent)
    with clock.fixed(NOON):
        deciding.decide_fault(pk, fault="carrier", reason="途中丢失", actor=agent)
    now = fresh(complaint)
    assert now.ticket.process_due_at == now.interim_due_at == dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
    deciding.give_interim(pk, text="先寄一台备用机", actor=agent)
    deciding.give_interim(pk, text="先寄一台备用机", actor=agent)
    assert names(complaint).count("complaint.interim_given") == 1
    assert fresh(complaint).ticket.process_due_at != now.interim_due_at


def test_a_plan_is_no_answer_until_the_customer_hears_it(complaint: Complaint) -> None:
    pk, agent = understood(complaint), staff("agent")
    deciding.make_plan(pk, text="换新", due_at=clock.now() + 2 * DAY, actor=agent)
    answer = Clock.objects.get(ticket=pk, metric="answer")
    assert (answer.stopped_at, fresh(complaint).answered_at) == (None, None)
    reply(pk, text="非常抱歉，两天内给您换新。", actor=agent)
    answer.refresh_from_db()
    assert answer.stopped_at is not None
    assert answer.stopped_at == fresh(complaint).answered_at


def test_a_plan_is_a_promise_with_a_time(complaint: Complaint) -> None:
    pk, agent, due = understood(complaint), staff("agent"), clock.now() + 2 * DAY
    apologise(pk, words="很抱歉", channel="phone", actor=agent)
    with pytest.raises(BadInput):
        deciding.make_plan(pk, text="换新", due_at=clock.now() - DAY, actor=agent)
    for _ in range(2):
        deciding.make_plan(pk, text="换新", promise="周四前寄出新机", due_at=due, actor=agent)
    now = fresh(complaint)
    assert now.promise is not None
    assert (now.promise.text, now.promise.person_id, now.ticket.process_due_at) == (
        "周四前寄出新机",
        now.ticket.person_id,
        due,
    )
    assert complaint.ticket.person.promises.count() == 1
    with pytest.raises(Conflict) as refused:
        deciding.make_plan(pk, text="退款", due_at=due, actor=agent)
    assert refused.value.code == "promise_open"


def test_goodwill_above_the_limit_is_a_leads_to_give(complaint: Complaint) -> None:
    pk, due = understood(complaint), clock.now() + DAY
    with pytest.raises(Conflict) as refused:
        deciding.make_plan(pk, text="补偿", due_at=due, cost_minor=5_001, actor=staff("agent"))
    assert "¥50.01" in str(refused.value)
    assert fresh(complaint).planned_at is None
    deciding.make_plan(pk, text="补偿", due_at=due, cost_minor=5_001, actor=staff("lead"))
    assert fresh(complaint).cost_minor == 5_001


def test_a_broken_promise_opens_the_ticket_again_and_makes_it_urgent(
    complaint: Complaint, drain: Callable[[], int]
) -> None:
    pk, agent = understood(complaint), staff("agent")
    deciding.make_plan(pk, text="换新", due_at=clock.now() + DAY, actor=agent)
    promise = fresh(complaint).promise
    assert promise is not None
    break_promise(promise.pk, actor=agent)
    drain()
    break_promise(promise.pk, actor=agent)
    drain()
    now = fresh(complaint).ticket
    assert (now.status, now.priority) == ("open", Ticket.Priority.URGENT)
    assert now.due_at is not None
    assert now.due_at <= clock.now()
    assert names(complaint).count("complaint.promise_broken") == 1


def test_it_closes_only_with_a_root_cause_an_improvement_and_no_open_promise(
    complaint: Complaint, drain: Callable[[], int]
) -> None:
    pk, agent = understood(complaint), staff("agent")
    deciding.make_plan(pk, text="换新", due_at=clock.now() + DAY, actor=agent)
    with pytest.raises(Conflict) as refused:
        close_ticket(pk, actor=agent)
    assert "换新" in str(refused.value)
    promise = fresh(complaint).promise
    assert promise is not None
    keep_promise(promise.pk, actor=agent)
    drain()
    with pytest.raises(Conflict) as refused:
        close_ticket(pk, actor=agent)
    assert refused.value.code == "not_answered"
    apologise(pk, words="非常抱歉", channel="phone", actor=agent)
    with pytest.raises(Conflict) as refused:
        close_ticket(pk, actor=agent)
    assert refused.value.code == "cause_missing"
    with pytest.raises(BadInput):
        preventing.write_cause(
            pk, root_cause="a", improvement="b", owner_id=member().pk, due_on=dt.date(2020, 1, 1), actor=agent
        )
    for _ in range(2):
        preventing.write_cause(
            pk, root_cause="无人跟进", improvement="每天下班前清空投诉", owner_id=member("lead").pk,
            due_on=clock.shop_date(clock.now()), actor=agent,
        )  # fmt: skip
    assert close_ticket(pk, actor=agent).status == "closed"
    assert close_ticket(pk, actor=agent).status == "closed"
    with pytest.raises(Conflict) as refused:
        deciding.decide_fault(pk, fault="shop", reason="x", actor=agent)
    assert refused.value.code == "complaint_settled"
    row = fresh(complaint).improvements.get()
    assert preventing.finish_improvement(row.pk, actor=agent).done_at == preventing.finish_improvement(
        row.pk, actor=agent
    ).done_at  # fmt: skip
    with pytest.raises(NotFound):
        preventing.finish_improvement(row.pk, actor=customer(complaint.ticket.order))  # type: ignore[arg-type]


def test_what_is_not_for_us_closes_without_an_answer(complaint: Complaint) -> None:
    pk, agent = heard(complaint), staff("agent")
    preventing.write_cause(
        pk, root_cause="别家店铺的货", improvement="改退货卡的文字", owner_id=member().pk,
        due_on=clock.shop_date(clock.now()), actor=agent,
    )  # fmt: skip
    with pytest.raises(Conflict) as refused:
        close_ticket(pk, reason="no_answer", actor=agent)
    assert refused.value.code == "not_answered"
    assert close_ticket(pk, reason="not_for_us", actor=agent).status == "closed"


def test_a_talk_is_the_first_answer_where_sorry_was_said_or_need_not_be(complaint: Complaint) -> None:
    pk, agent = complaint.ticket_id, staff("agent")
    note(pk, text="电话里说明了经过", contact=True, actor=agent)
    assert fresh(complaint).answered_at is None
    waive_apology(pk, reason="客人自己说不必道歉", actor=agent)
    with clock.fixed(NOON + DAY / 24):
        note(pk, text="再次通话，约好周三换新", contact=True, actor=agent)
    assert fresh(complaint).answered_at == NOON + DAY / 24
    assert names(complaint).count("complaint.answered") == 1


def test_what_a_program_sends_is_not_our_answer(complaint: Complaint) -> None:
    reply(complaint.ticket_id, text="非常抱歉，我们已收到您的投诉。", actor=dataclasses.replace(staff(), kind="api"))
    assert (fresh(complaint).answered_at, "complaint.answered" in names(complaint)) == (None, False)
    reply(complaint.ticket_id, text="明天给您换一台新的。", actor=staff("agent"))
    assert fresh(complaint).answered_at is not None, "sorry was said already"


def test_it_is_looked_at_again_also_while_it_waits(complaint: Complaint, order: Order) -> None:
    with clock.fixed(NOON):
        apologise(complaint.ticket_id, words="非常抱歉", channel="phone", actor=staff())
        waiting = set_waiting(complaint.ticket_id, "supplier", actor=staff())
        assert (waiting.status, waiting.process_due_at) == ("waiting", NOON + DAY)
        assert set_waiting(complaint.ticket_id, "supplier", until=NOON + 3 * DAY, actor=staff()).process_due_at == (
            NOON + 3 * DAY
        )
        set_waiting(complaint.ticket_id, "customer", actor=staff())
    heard = receive_message(complaint.ticket_id, text="还没修好", actor=customer(order), at=NOON + DAY / 2)
    assert heard.ticket.process_due_at == NOON + DAY * 3 / 2, "and once the customer has written"


def test_an_escalation_has_a_reason_a_time_and_an_outcome(complaint: Complaint) -> None:
    pk, agent, due = heard(complaint), staff("agent"), clock.now() + DAY
    one = escalate(pk, to="platform", reason="要求十倍赔偿", due_at=due, actor=agent)
    assert escalate(pk, to="platform", reason="要求十倍赔偿", due_at=due, actor=agent) == one
    for reason, until in (("另一个", due), ("要求十倍赔偿", due + DAY)):
        with pytest.raises(DoneOtherwise, match="agent"):
            escalate(pk, to="platform", reason=reason, due_at=until, actor=staff("lead"))
    apologise(pk, words="非常抱歉", channel="phone", actor=agent)
    preventing.write_cause(
        pk, root_cause="a", improvement="b", owner_id=member().pk, due_on=due.date() + DAY, actor=agent
    )
    with pytest.raises(Conflict) as refused:
        close_ticket(pk, actor=agent)
    assert refused.value.code == "escalation_open"
    for _ in range(2):
        settle_escalation(one.pk, outcome="平台判定无需赔偿", actor=agent)
    with pytest.raises(DoneOtherwise):
        settle_escalation(one.pk, outcome="改口", actor=agent)
    one.refresh_from_db()
    assert one.outcome == "平台判定无需赔偿"
    assert close_ticket(pk, actor=agent).status == "closed"


def test_opened_again_it_is_due_with_its_next_step(complaint: Complaint) -> None:
    pk, agent = heard(complaint), staff("agent")
    reply(pk, text="很抱歉，我们马上核实。", actor=agent, at=NOON)
    preventing.write_cause(
        pk, root_cause="a", improvement="b", owner_id=member().pk, due_on=clock.now().date() + DAY, actor=agent
    )
    close_ticket(pk, actor=agent, at=NOON)
    reopen_ticket(pk, actor=agent, at=NOON + DAY)
    assert fresh(complaint).ticket.process_due_at == NOON + 2 * DAY


def test_satisfaction_is_asked_before_and_after(complaint: Complaint) -> None:
    pk, buyer = complaint.ticket_id, customer(complaint.ticket.order)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        rating.rate(pk, stage="before", score=6, channel="portal", actor=buyer)
    for _ in range(2):
        assert rating.rate(pk, stage="before", score=1, channel="portal", actor=buyer).score == 1
    with pytest.raises(rating.AnsweredBefore, match="1"):
        rating.rate(pk, stage="before", score=5, channel="portal", actor=buyer)
    with pytest.raises(Conflict):
        rating.rate(pk, stage="after", score=5, channel="portal", actor=buyer)
    understood(complaint)
    deciding.make_plan(pk, text="换新", due_at=clock.now() + DAY, actor=staff("agent"))
    rating.rate(pk, stage="after", score=5, channel="phone", actor=staff("agent"))
    with pytest.raises(NotFound):
        rating.rate(pk, stage="after", score=5, channel="portal", actor=customer(an_order()))


def test_a_day_without_an_answer_is_said_once(complaint: Complaint, drain: Callable[[], int]) -> None:
    with clock.fixed(NOON + DAY):
        drain()
        drain()
    assert names(complaint).count("complaint.answer_late") == 1
    assert fresh(complaint).ticket.priority == Ticket.Priority.URGENT


def test_an_answer_that_comes_late_is_told_as_late_though_no_worker_came_by(complaint: Complaint) -> None:
    with clock.fixed(NOON + DAY):
        reply(complaint.ticket_id, text="很抱歉，我们今天就处理。", actor=staff("agent"))
        reply(complaint.ticket_id, text="很抱歉，已经寄出。", actor=staff("agent"))
    assert names(complaint).count("complaint.answer_late") == 1
    said = Event.objects.get(name="complaint.answer_late")
    assert said.at == complaint.answer_due_at, "its own time"


def told(template: str) -> list[int]:
    """Who was told, by primary key, in order."""
    return sorted(Notice.objects.filter(template=template).values_list("recipient_id", flat=True))


def test_a_late_answer_is_told_to_the_leads_once(complaint: Complaint, drain: Callable[[], int]) -> None:
    leads = [member("lead").pk, member("lead", "another lead").pk]
    with clock.fixed(NOON + DAY):
        drain()
        drain()
    assert told("complaint.answer_late") == sorted(leads)
    about_the_answer = [
        each for each in Notice.objects.filter(template="clock.missed") if each.params["metric"] == "answer"
    ]
    assert about_the_answer == [], "the clock that missed the same answer says nothing of its own"


def test_an_escalation_is_told_to_the_leads_but_not_to_who_made_it(
    complaint: Complaint, drain: Callable[[], int]
) -> None:
    other, due = member("lead", "another lead"), clock.now() + DAY
    for _ in range(2):
        escalate(complaint.ticket_id, to="lead", reason="要求十倍赔偿", due_at=due, actor=staff("lead"))
        drain()
    assert told("complaint.escalated") == [other.pk]
    assert Notice.objects.get(template="complaint.escalated").params["reason"] == "要求十倍赔偿"


def test_the_leads_of_its_team_hear_and_all_of_them_where_it_has_none(
    complaint: Complaint, drain: Callable[[], int]
) -> None:
    team = Team.objects.create(name="甲组")
    Ticket.objects.filter(pk=complaint.ticket_id).update(team=team)
    leads = [member("lead", name) for name in ("first", "second")]
    assert leads_of(team.pk) == leads_of(None) == leads
    User.objects.filter(pk=leads[1].pk).update(team=team)
    with clock.fixed(NOON):  # later its late clock gives the ticket to a lead
        for _ in range(2):
            escalate(complaint.ticket_id, to="lead", reason="要求赔偿", due_at=NOON + DAY, actor=staff("agent"))
            drain()
    assert told("complaint.escalated") == [leads[1].pk]


def test_it_is_put_into_another_class(complaint: Complaint) -> None:
    for _ in range(2):
        hearing.classify(complaint.ticket_id, code="guarantee-refused", actor=staff("agent"))
    assert fresh(complaint).classification.group == "aftersales"
    assert names(complaint).count("complaint.classified") == 1
    with pytest.raises(NotPermitted):
        hearing.classify(complaint.ticket_id, code="quality", actor=staff("auditor"))
