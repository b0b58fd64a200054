"""Visits: planned once whatever repeats, called off when the goods went back or the customer says no, made until they cope."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.notices.models import Notice
from customers.actions.consents import give_consent, refuse, refuses
from customers.models import Order, OrderLine, Purpose
from tests.customers.test_tracking import on_its_way, scan, told
from tests.tickets.visits import a_visit, an_appliance, at, due
from tests.world import a_complaint, a_person, an_order, customer, member, staff
from tickets.actions.closing import end
from tickets.actions.visits import calling_off, planning
from tickets.actions.visits.calling_off import call_off, goods_went_back
from tickets.actions.visits.giving import CannotVisit, give_visit
from tickets.actions.visits.guards import VisitEnded
from tickets.actions.visits.planning import plan_after_signing, plan_missing
from tickets.actions.visits.recording import Said, record_callback, record_missed, record_outcome
from tickets.models import Ticket, Visit, VisitPlan, VisitStep
from tickets.notices import ask_the_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WELL = Said(satisfaction=5)


def planned() -> list[tuple[str, int, str]]:
    """Plan, step and day of every open visit."""
    rows = Visit.objects.open().order_by("due_at", "number")
    return [(visit.plan.code, visit.number, f"{clock.shop_date(visit.due_at):%m-%d}") for visit in rows]


def events(visit: Visit) -> list[str]:
    return list(Event.objects.filter(subject_type="tickets.visit", subject_id=visit.pk).values_list("name", flat=True))


# --- Planning ---


def test_a_signature_plans_the_visits_of_the_most_exact_plan_once(drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        order = an_appliance(status=Order.Status.SHIPPED)
        shipment = order.shipments.get()
        shipment.status, shipment.signed_at = "in_transit", None
        shipment.save()
        for _again in range(2):
            told(shipment, scan("signed"), text=f"{_again}")
            drain()
    assert planned() == [("appliances", 1, "11-05"), ("appliances", 2, "11-16")]
    assert Timer.objects.pending().filter(kind=planning.DUE).count() == 2


@pytest.mark.parametrize(("promised", "late"), [(at(2, 0), []), (at(1, 23), [("after-late", 1, "11-03")])])
def test_a_parcel_that_came_late_is_apologised_for_beside_the_usual_visits(
    promised: dt.datetime, late: list[tuple[str, int, str]]
) -> None:
    with clock.fixed(at(2)):
        order = an_appliance(promised_at=promised)
        plan_after_signing(order.pk, at=clock.now())
        calling_off.goods_went_back(order.pk, at=clock.now())
    assert planned() == [*late, ("appliances", 1, "11-05"), ("appliances", 2, "11-16")]


def test_nothing_is_planned_while_a_parcel_is_on_its_way() -> None:
    order = an_order(status=Order.Status.SHIPPED)
    Order.objects.filter(pk=order.pk).update(delivered_at=None)
    order.shipments.update(signed_at=None)
    assert plan_after_signing(order.pk, at=clock.now()) == 0


def test_a_parcel_in_transit_plans_nothing(drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        told(on_its_way(), scan("in_transit"))
        drain()
    assert planned() == []


def test_what_would_be_long_due_is_not_planned() -> None:
    order = an_order(days_ago=200)
    assert plan_after_signing(order.pk, at=clock.now()) == 0


def test_an_import_is_planned_by_the_day_and_once() -> None:
    with clock.fixed(at(2)):
        an_order(days_ago=1)
        plan_missing(clock.now())
        plan_missing(clock.now())
    assert planned() == [("after-signing", 1, "11-04")]


def test_many_orders_are_planned_in_as_many_statements_as_few() -> None:
    with clock.fixed(at(2)):
        counts = []
        for orders in (2, 9):
            for _ in range(orders):
                an_order(days_ago=1)
            with CaptureQueriesContext(connection) as asked:
                plan_missing(clock.now())
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(planned()) == 11
    assert Timer.objects.pending().filter(kind=planning.DUE).count() == 11
    assert Event.objects.filter(name="visit.planned").count() == 11


def test_a_visit_is_due_at_ten_where_the_shop_is() -> None:
    with clock.fixed(at(2, 23, 30)):
        visit = a_visit()
    assert visit.due_at == at(5, 10)


def test_a_plan_that_is_switched_off_plans_nothing() -> None:
    VisitPlan.objects.update(is_active=False)
    assert plan_after_signing(an_order(days_ago=0).pk, at=clock.now()) == 0


def test_a_closed_complaint_is_followed_by_a_visit_of_its_team(drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        ticket = a_complaint(an_order()).ticket
        with transaction.atomic():
            end(Ticket.objects.select_for_update().get(pk=ticket.pk), reason="solved", actor=staff(), at=clock.now())
        drain()
    visit = Visit.objects.get(after=ticket)
    assert (visit.plan.code, clock.shop_date(visit.due_at)) == ("after-complaint", dt.date(2026, 11, 5))


# --- Calling off ---


def test_goods_that_went_back_are_not_asked_about() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        assert goods_went_back(visit.order_id or 0, at=clock.now()) == 0, "a refund that took nothing back"
        OrderLine.objects.filter(order=visit.order).update(claimed_quantity=1)
        assert goods_went_back(visit.order_id or 0, at=clock.now()) == 2
        assert goods_went_back(visit.order_id or 0, at=clock.now()) == 0
    visit.refresh_from_db()
    assert (visit.state, visit.why) == ("cancelled", Visit.Why.RETURNED)
    assert events(visit) == ["visit.planned", "visit.cancelled"]
    assert not Timer.objects.pending().filter(kind=planning.DUE).exists()


def test_an_order_that_is_off_or_all_paid_back_is_not_asked_about() -> None:
    with clock.fixed(at(2)):
        off, paid_back = an_appliance(status=Order.Status.CANCELLED), an_appliance()
        assert plan_after_signing(off.pk, at=clock.now()) == 0
        assert plan_after_signing(paid_back.pk, at=clock.now()) == 2
        Order.objects.filter(pk=paid_back.pk).update(refunded_minor=paid_back.paid_minor)
        assert goods_went_back(paid_back.pk, at=clock.now()) == 2
        assert plan_after_signing(paid_back.pk, at=clock.now()) == 0
    assert planned() == []


def test_whoever_says_no_is_not_asked_again(drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        refuse(visit.person_id, purpose="visits", proof="电话", actor=staff())
        refuse(visit.person_id, purpose="visits", proof="again", actor=staff())
        drain()
    assert set(Visit.objects.values_list("state", "why")) == {("cancelled", "consent")}
    assert Event.objects.filter(name="consent.withdrawn").count() == 1


def test_a_refusal_between_planning_and_its_time_is_seen_then() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        refuse(visit.person_id, purpose="visits", proof="chat", actor=staff())
    due(visit)
    assert (visit.state, visit.why, visit.assignee) == ("cancelled", "consent", None)
    give_consent(visit.person_id, purpose="visits", proof="form", actor=staff())
    assert not refuses(visit.person_id, Purpose.VISITS)


def invited(drain: Callable[[], int], *, told: bool) -> Visit:
    """A message asks for an answer; it waits in the outbox, or has not even been written yet."""
    with clock.fixed(at(2)):
        order = an_order(days_ago=0)
        plan_after_signing(order.pk, at=clock.now())
        visit = due(Visit.objects.get(order=order))
        assert visit.state == "invited"
        if told:
            with transaction.atomic():
                ask_the_customer(Event.objects.get(name="visit.invited"))
    return visit


def test_an_invitation_that_waits_is_taken_back_with_the_no(drain: Callable[[], int]) -> None:
    visit = invited(drain, told=True)
    with clock.fixed(at(6)):
        refuse(visit.person_id, purpose="visits", proof="电话", actor=staff())
        calling_off.wants_none(visit.person_id, at=clock.now())
        drain()
    notice = Notice.objects.select_related("outbound").get(template="visit.invited")
    assert notice.outbound is not None
    assert (notice.state, notice.outbound.status) == ("stopped", "cancelled")


def test_an_invitation_that_is_not_yet_written_is_not_written_after_the_no(drain: Callable[[], int]) -> None:
    visit = invited(drain, told=False)
    with clock.fixed(at(6)):
        calling_off.wants_none(visit.person_id, at=clock.now())
        drain()
    assert not Notice.objects.filter(template="visit.invited").exists()


def test_an_invitation_that_has_left_stays_as_it_is(drain: Callable[[], int]) -> None:
    visit = invited(drain, told=True)
    with clock.fixed(at(6)):
        drain()
        calling_off.wants_none(visit.person_id, at=clock.now())
    assert Notice.objects.get(template="visit.invited").state in ("sent", "shown")
    visit.refresh_from_db()
    assert visit.state == "cancelled"


def test_it_is_called_off_by_hand_with_a_reason_once() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        with pytest.raises(BadInput):
            call_off(visit.pk, reason=" ", actor=staff())
        for _ in range(2):
            call_off(visit.pk, reason="已在店里聊过", actor=staff())
        with pytest.raises(DoneOtherwise):
            call_off(visit.pk, reason="again", actor=staff())
    visit.refresh_from_db()
    assert (visit.why, visit.why_words) == ("staff", "已在店里聊过")
    with pytest.raises(VisitEnded):
        record_outcome(visit.pk, "content", WELL, actor=staff())


# --- Its time has come ---


def test_a_call_is_given_to_whoever_has_least_to_do() -> None:
    busy, free = member("agent", "busy"), member("agent", "free")
    with clock.fixed(at(2)):
        first, second = a_visit(), a_visit()
    give_visit(first.pk, user_id=busy.pk, actor=staff("lead"))
    with clock.fixed(at(5, 10)):
        assert due(second).assignee == free
    assert events(second) == ["visit.planned", "visit.due"]


def test_without_a_phone_a_call_becomes_a_message() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
    visit.person.contact_points.filter(kind="phone").delete()
    due(visit)
    assert (visit.channel, visit.state) == ("message", "invited")


def test_who_cannot_be_reached_at_all_is_not_visited() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
    visit.person.contact_points.all().delete()
    assert (due(visit).state, visit.why) == ("cancelled", "no_way")


def test_nobody_comes_home_without_consent() -> None:
    with clock.fixed(at(2)):
        first, second = a_visit(), a_visit()
        give_consent(second.person_id, purpose="at_home", proof="form", actor=staff())
        Visit.objects.update(channel="home")
        first.refresh_from_db()
        second.refresh_from_db()
    assert [due(first).channel, due(second).channel] == ["call", "home"]


def test_a_message_waits_out_the_night_and_is_sent_once(drain: Callable[[], int]) -> None:
    with clock.fixed(at(2)):
        order = an_order(days_ago=0)
        plan_after_signing(order.pk, at=clock.now())
    with clock.fixed(at(5, 23)):
        drain()
        assert not Notice.objects.filter(template="visit.invited").exists()
    for _again in range(2):
        with clock.fixed(at(6, 8, 1)):
            drain()
    assert Notice.objects.filter(template="visit.invited").count() == 1
    assert Visit.objects.get().state == "invited"


# --- What came of it ---


def test_content_ends_the_visit_with_its_answers_and_the_series_goes_on() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        question = visit.script()[0]
        said = Said(satisfaction=4, usage="每天烧水", suggestion="盖子太紧", answers={question.pk: "yes"})
        for _again in range(2):
            record_outcome(visit.pk, "content", said, actor=staff("agent", "amei"))
        for other in (Said(satisfaction=1, suggestion="盖子太紧"), replace(said, answers={question.pk: "no"})):
            with pytest.raises(DoneOtherwise, match="amei"):
                record_outcome(visit.pk, "content", other, actor=staff("agent", "bohan"))
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.satisfaction, visit.suggestion) == ("done", "content", 4, "盖子太紧")
    assert visit.answers == [
        {"zh": question.text_zh, "en": question.text_en, "kind": "yes_no", "for_leads": False, "value": "yes"}
    ]
    assert events(visit).count("visit.done") == 1
    assert planned() == [("appliances", 2, "11-16")], "the next step stands already, so none is added"


def test_a_series_goes_on_behind_its_last_step_until_the_customer_copes() -> None:
    with clock.fixed(at(2)):
        a_visit()
        for visit in Visit.objects.order_by("number"):
            record_outcome(visit.pk, "content", WELL, actor=staff())
    assert planned() == [("appliances", 3, "11-16")]
    with clock.fixed(at(16)):
        record_outcome(Visit.objects.open().get().pk, "proficient", WELL, actor=staff())
    assert planned() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_visits_of_a_series_that_end_at_once_one_plans_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are about to look for others when neither has committed; who has to wait for the other does not come so far."""
    with clock.fixed(at(2)):
        a_visit()
    visits = list(Visit.objects.order_by("number"))
    both, ended = threading.Barrier(2), []

    def together(visit: Visit, *, at: dt.datetime) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(3)
        planning.plan_next(visit, at=at)

    monkeypatch.setattr("tickets.actions.visits.recording.plan_next", together)

    def end_it(visit: Visit, agent: Actor) -> None:
        try:
            with clock.fixed(at(2)):
                record_outcome(visit.pk, "content", WELL, actor=agent)
            ended.append(visit.pk)
        finally:
            connections.close_all()

    agents = [staff(), staff("agent", "second")]
    threads = [threading.Thread(target=end_it, args=pair) for pair in zip(visits, agents, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ended) == [visit.pk for visit in visits]
    assert planned() == [("appliances", 3, "11-16")]


def test_whoever_copes_early_is_spared_the_rest() -> None:
    with clock.fixed(at(2)):
        record_outcome(a_visit().pk, "proficient", WELL, actor=staff())
    assert planned() == []
    assert Visit.objects.get(number=2).why == Visit.Why.ENDED


def test_help_opens_a_ticket_with_the_words_once() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        with pytest.raises(BadInput):
            record_outcome(visit.pk, "help", WELL, actor=staff())
        for _again in range(2):
            record_outcome(visit.pk, "help", Said(satisfaction=2, help="底座漏水"), actor=staff())
    ticket = Ticket.objects.get(kind="visit")
    visit.refresh_from_db()
    assert visit.help_ticket == ticket
    assert (ticket.order, ticket.channel, ticket.messages.get().text) == (visit.order, "visit", "底座漏水")
    assert (ticket.status, ticket.waiting_on, ticket.due_at) == ("open", "", at(2)), "nobody is waited for"


def test_not_reached_is_tried_again_and_the_last_try_ends_it() -> None:
    with clock.fixed(at(5, 20, 30)):
        visit = a_visit()
        for _again in range(2):
            record_missed(visit.pk, number=1, remark="无人接", actor=staff())
        visit.refresh_from_db()
        assert (visit.tries, visit.due_at) == (1, at(6, 20, 30))
    with clock.fixed(at(6, 22)):
        record_missed(visit.pk, number=2, actor=staff())
        visit.refresh_from_db()
        assert visit.due_at == at(8, 8), "a day later would be at night"
    with clock.fixed(at(8, 8)):
        record_missed(visit.pk, number=3, actor=staff())
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.tries) == ("done", "unreached", 3)
    assert visit.all_tries.count() == 3


def test_a_time_the_customer_wished_is_kept_to_the_minute() -> None:
    with clock.fixed(at(5)):
        visit = a_visit()
        for wrong in (None, at(4), at(5) + dt.timedelta(days=91)):
            with pytest.raises(BadInput):
                record_callback(visit.pk, again_at=wrong, actor=staff())
        for _again in range(2):
            record_callback(visit.pk, again_at=at(7, 21, 30), actor=staff())
    visit.refresh_from_db()
    assert (visit.due_at, visit.is_callback, visit.tries, visit.assignee) == (at(7, 21, 30), True, 0, member("agent"))
    assert visit.all_tries.count() == 1


def test_who_wants_no_visits_gets_none_again(drain: Callable[[], int]) -> None:
    person = a_person()
    with clock.fixed(at(2)):
        a_visit(an_order(days_ago=0, person=person))
        visit = a_visit(an_appliance(person=person))
        record_outcome(visit.pk, "declined", Said(), actor=staff())
        drain()
    assert planned() == []
    assert refuses(person.pk, Purpose.VISITS)


def test_a_visit_for_its_own_sake_is_none() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
        with pytest.raises(BadInput) as refusal:
            record_outcome(visit.pk, "content", Said(), actor=staff())
    assert refusal.value.field == "satisfaction"


# --- Who may ---


def test_only_those_who_talk_to_customers_may() -> None:
    with clock.fixed(at(2)):
        visit = a_visit()
    with pytest.raises(NotPermitted):
        record_outcome(visit.pk, "content", WELL, actor=staff("auditor"))
    for nobody in (staff("warehouse"), customer(visit.order) if visit.order else staff("warehouse")):
        with pytest.raises(NotFound):
            record_outcome(visit.pk, "content", WELL, actor=nobody)
    with pytest.raises(CannotVisit):
        give_visit(visit.pk, user_id=member("warehouse").pk, actor=staff())
    assert events(visit) == ["visit.planned"]


def test_what_is_retired_in_a_plan_is_left_out() -> None:
    VisitStep.objects.filter(plan__code="appliances", number=1).update(is_active=False)
    with clock.fixed(at(2)):
        plan_after_signing(an_appliance().pk, at=clock.now())
    assert planned() == [("appliances", 2, "11-16")]
    assert calling_off.wants_none(Visit.objects.get().person_id, at=at(3)) == 1
