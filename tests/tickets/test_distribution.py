"""Queues that hand out their tickets: in turn, by load, by skill; never to who is gone, off duty or of another team."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connections

from aftersales.accounts.actions.people import let_in, lock_out
from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from tests.world import a_person, a_sku, an_order, customer, member, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message
from tickets.actions.distribution import distribute
from tickets.actions.duty import come_back, go_off_duty
from tickets.actions.opening import open_ticket, queue
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import Absence, Queue, Skill, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def handing_out(strategy: str, **fields: object) -> Queue:
    row = queue("questions")
    Queue.objects.filter(pk=row.pk).update(strategy=strategy, **fields)
    return Queue.objects.get(pk=row.pk)


def opened(priority: int = 3) -> Ticket:
    person = a_person()
    ticket = open_ticket(
        kind="question", title="?", person=person, order=None, actor=staff("lead"), queue_key="questions"
    )
    if priority != 3:
        Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    ticket.refresh_from_db()
    return ticket


def people(*names: str) -> list[User]:
    """Agents; the lead who opens the tickets is off duty, so that only these count."""
    Absence.objects.get_or_create(user=member("lead"), defaults={"since": clock.now() - dt.timedelta(days=1)})
    return [member("agent", name) for name in names]


def takers(count: int) -> list[str]:
    return [str(opened().assignee) for _each in range(count)]


def test_by_hand_nobody_is_chosen() -> None:
    people("an", "bo")
    assert opened().assignee is None


def test_in_turn_goes_round_whatever_they_have() -> None:
    people("an", "bo", "cai")
    handing_out("in_turn")
    assert takers(4) == ["an", "bo", "cai", "an"]
    event = Event.objects.filter(name="ticket.assigned").first()
    assert event
    assert (event.actor_kind, event.data) == ("system", {"to": "an", "how": "in_turn"})


def test_what_somebody_has_who_may_not_sign_in_any_more_goes_to_others(drain: Callable[[], int]) -> None:
    an, bo = people("an", "bo")
    Absence.objects.create(user=member("manager"), since=clock.now() - dt.timedelta(days=1))
    kept = opened()
    assign(kept.pk, user_id=bo.pk, actor=staff("lead"))
    handing_out("in_turn")
    theirs, done = opened(), opened()
    for ticket in (theirs, done):
        assign(ticket.pk, user_id=an.pk, actor=staff("lead"))
    close_ticket(done.pk, actor=staff("lead"))
    with clock.fixed(clock.now()):
        lock_out(an.pk, actor=staff("manager"))
        drain()
        drain()
    assert list(Ticket.objects.order_by("pk").values_list("assignee__name", flat=True)) == ["bo", "bo", "an"]
    told = Event.objects.filter(name="ticket.assigned", subject_id=theirs.pk).order_by("id")
    assert [event.data["to"] for event in told][-2:] == ["–", "bo"]
    lock_out(bo.pk, actor=staff("manager"))
    let_in(bo.pk, actor=staff("manager"))
    drain()
    assert bo.tickets.count() == 2, "whoever was let in again before anybody looked keeps what is theirs"


@pytest.mark.parametrize(("strategy", "taker"), [("in_turn", "bo"), ("by_hand", None)])
def test_what_they_had_closed_goes_to_others_when_it_opens_again(
    drain: Callable[[], int], strategy: str, taker: str | None
) -> None:
    an, bo = people("an", "bo")
    Absence.objects.create(user=member("manager"), since=clock.now() - dt.timedelta(days=1))
    handing_out(strategy)
    order = an_order()
    done, theirs = (ask_question(order.pk, text="?", actor=customer(order)) for _each in range(2))
    for ticket, user in ((done, an), (theirs, bo)):
        assign(ticket.pk, user_id=user.pk, actor=staff("lead"))
        close_ticket(ticket.pk, actor=staff("lead"))
    lock_out(an.pk, actor=staff("manager"))
    drain()
    before = list(Notice.objects.values_list("pk", flat=True))
    for ticket in (done, theirs):
        receive_message(ticket.pk, text="又坏了", actor=customer(order))
    drain()
    assert [str(each.assignee) for each in Ticket.objects.order_by("pk")] == [str(taker), "bo"]
    told = Event.objects.filter(name="ticket.assigned", subject_id=done.pk).order_by("id")
    assert [event.data["to"] for event in told][2:] == ([taker] if taker else [])
    heard = Notice.objects.filter(template="ticket.message_received").exclude(pk__in=before)
    assert list(heard.values_list("recipient_id", flat=True)) == [bo.pk] * (2 if taker else 1)


def test_by_load_weighs_what_is_urgent_double_and_what_waits_half() -> None:
    an, bo = people("an", "bo")
    handing_out("by_load")
    first = opened(priority=1)
    assert first.assignee == an
    assert takers(2) == ["bo", "bo"]
    set_waiting(first.pk, "customer", actor=staff("agent", "an"), why="照片")
    assert opened().assignee == an
    assert bo.tickets.count() == 2


def test_by_skill_the_one_who_knows_most_and_all_where_nobody_knows() -> None:
    an, bo = people("an", "bo")
    handing_out("by_skill")
    for about, value in (("language", "zh-hans"), ("category", "clothes")):
        Skill.objects.create(user=bo, about=about, value=value)
    Skill.objects.create(user=an, about="language", value="zh-hans")
    order = an_order(skus=[(a_sku(), 1)])
    assert [ask_question(order.pk, text="?", actor=customer(order)).assignee for _time in range(2)] == [bo, bo]
    Skill.objects.update(counts=False)
    assert opened().assignee == an


def test_who_is_gone_off_duty_or_of_another_team_gets_nothing() -> None:
    _an, bo, cai = people("an", "bo", "cai")
    team = Team.objects.create(name="一组")
    User.objects.filter(name__in=("an", "bo", "cai")).update(team=team)
    member("agent", "stranger")
    handing_out("in_turn", team=team)
    User.objects.filter(name="an").update(is_active=False)
    agent = bo.as_actor()
    go_off_duty(bo.pk, actor=agent)
    assert takers(2) == ["cai", "cai"]
    go_off_duty(cai.pk, actor=cai.as_actor(), until=clock.now() + dt.timedelta(hours=8))
    lying = opened()
    assert lying.assignee is None
    with clock.fixed(clock.now() + dt.timedelta(hours=9)):
        assert distribute(lying.pk, actor=staff("lead")).assignee == cai
    come_back(bo.pk, actor=agent)
    come_back(bo.pk, actor=agent)
    assert opened().assignee == bo
    assert Event.objects.filter(name="duty.begun").count() == 1


def test_off_duty_is_said_once_and_for_others_by_a_lead_only() -> None:
    an, bo = people("an", "bo")
    for _time in range(2):
        go_off_duty(an.pk, actor=an.as_actor())
    go_off_duty(bo.pk, actor=staff("lead"))
    assert Event.objects.filter(name="duty.ended").count() == 2
    with pytest.raises(NotPermitted):
        come_back(bo.pk, actor=an.as_actor())
    with pytest.raises(BadInput, match="passed"):
        go_off_duty(an.pk, actor=an.as_actor(), until=clock.now() - dt.timedelta(minutes=1))


def test_an_absence_that_has_run_out_is_not_the_next_one() -> None:
    (an,) = people("an")
    actor, day, first = an.as_actor(), dt.timedelta(days=1), clock.now()
    with clock.fixed(first):
        go_off_duty(an.pk, actor=actor, until=first + day)
    with clock.fixed(first + day / 2):
        assert go_off_duty(an.pk, actor=actor, until=first + 2 * day).since == first, "longer, and still the same"
    with clock.fixed(first + 5 * day):
        assert go_off_duty(an.pk, actor=actor, until=first + 6 * day).since == first + 5 * day


def test_a_ticket_somebody_has_stays_theirs() -> None:
    people("an", "bo")
    handing_out("in_turn")
    ticket = opened()
    assert distribute(ticket.pk, actor=staff("agent", "bo")).assignee_id == ticket.assignee_id
    assert Event.objects.filter(name="ticket.assigned").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_tickets_opened_at_once_are_shared_out_evenly() -> None:
    people("an", "bo")
    handing_out("by_load")
    start = threading.Barrier(6)

    def attempt() -> None:
        start.wait()
        try:
            opened()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(str(ticket.assignee) for ticket in Ticket.objects.all()) == ["an"] * 3 + ["bo"] * 3


def test_what_belongs_to_a_closed_team_is_handed_to_nobody_who_may_not_see_it() -> None:
    _an, bo = people("an", "bo")
    team, ticket = Team.objects.create(name="甲组", is_closed=True), opened()
    User.objects.filter(pk=bo.pk).update(team=team)
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    handing_out("in_turn")
    for _time in range(2):
        assert distribute(ticket.pk, actor=staff("lead")).assignee == bo
