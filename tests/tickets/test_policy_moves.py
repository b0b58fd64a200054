"""Open clocks go over to a newer version of their policy: what is foreseen, what is done, what stays, and a second time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock as time
from aftersales.kernel.errors import NotFound, NotPermitted
from aftersales.ledger.models import Event, Timer
from customers.models import Order
from returns.actions.decision import approve_return
from tests.tickets.sla.hours import at
from tests.world import a_return, an_order, customer, staff
from tickets.actions.calendars import NewerVersion, save_calendar
from tickets.actions.closing import close_ticket
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import reply
from tickets.actions.merging import merge_tickets
from tickets.actions.policy_moves.foreseeing import foretell
from tickets.actions.policy_moves.moving import NothingToMove, cancel_move, go_on, start_calendar_move, start_move
from tickets.actions.questions import ask_question
from tickets.actions.sla_policies import save_policy
from tickets.actions.waiting import resume
from tickets.models import (
    CalendarVersion,
    Clock,
    ClockSegment,
    PolicyMove,
    PolicyVersion,
    SlaPolicy,
    Ticket,
    WorkCalendar,
)

pytestmark = pytest.mark.django_db


def policy() -> SlaPolicy:
    return SlaPolicy.objects.get(key="default")


def asked(when: str = "Mon 09:00", order: Order | None = None) -> Ticket:
    order = order or an_order()
    with time.fixed(at(when)):
        return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def saved(when: str, **targets: str | None) -> PolicyVersion:
    """A version with another target for questions, by metric; None leaves the metric without one."""
    settings = policy().current().settings
    rows = []
    for row in settings["targets"]:
        new = targets.get(row["metric"], "") if row.get("kind") in (None, "question") else ""
        if new is not None:
            rows.append(row | ({"target": new} if new else {}))
    with time.fixed(at(when)):
        return save_policy(policy().pk, settings | {"targets": rows, "warnings": {}}, actor=staff("manager"))


def the(ticket: Ticket, metric: str = "resolution") -> Clock:
    found: Clock = Clock.objects.told().get(ticket=ticket, metric=metric)
    return found


def moved(when: str) -> PolicyMove:
    with time.fixed(at(when)):
        move = start_move(policy().pk, actor=staff("manager"))
        while move.is_running:
            go_on(move.pk, at=at(when))
            move.refresh_from_db()
    return move


def test_the_time_that_has_passed_stays_and_the_story_says_why() -> None:
    ticket = asked()
    saved("Mon 10:00", resolution="27h")
    move = moved("Mon 12:00")
    kept = the(ticket)
    assert (str(kept.policy_version), kept.target_s, kept.elapsed(at("Mon 12:00"))) == (
        "default@2",
        27 * 3600,
        3 * 3600,
    )
    assert kept.due_at == at("Wed 18:00")
    assert [segment.reason for segment in kept.segments.all()] == ["opened", "policy"]
    event = Event.objects.get(name="clock.moved")
    assert kept.segments.get(reason="policy").event == event
    assert event.data["version"] == "default@2"
    assert {"metric": "resolution", "outcome": "later"}.items() <= event.data["clocks"][-1].items()
    assert (move.status, move.total, move.seen) == ("done", 1, 1)
    assert Event.objects.get(name="policy.moved").data["number"] == move.moved
    ticket.refresh_from_db()
    assert ticket.due_at == Clock.objects.filter(ticket=ticket, state="running").order_by("due_at")[0].due_at


def test_what_the_customer_asked_while_a_request_waits_for_them_stays_owed() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ret = a_return(order)
    early = asked("Mon 09:30", order)
    with time.fixed(at("Mon 10:00")):
        approve_return(ret.pk, actor=staff())
        merge_tickets(early.pk, ret.ticket_id, actor=staff())
    saved("Mon 10:30", resolution="27h")
    moved("Mon 11:00")
    kept = the(ret.ticket, "next_response")
    assert (str(kept.policy_version), kept.state, kept.due_at) == ("default@2", "running", at("Mon 13:30"))


def test_a_move_never_takes_back_what_began_by_a_newer_version() -> None:
    """While it is under way another version is saved, and a calendar, by which the new clock is not the newest either."""
    old = asked()
    saved("Mon 09:05", resolution="27h")
    with time.fixed(at("Mon 09:05")):
        move = start_move(policy().pk, actor=staff("manager"))
    saved("Mon 09:06", resolution="36h")
    new = asked("Mon 09:07")
    shop = WorkCalendar.objects.get(key="shop")
    with time.fixed(at("Mon 09:08")):
        closed = {"own": {"2026-11-24": {"hours": [], "name": "x"}}}
        save_calendar(shop.pk, shop.current().settings | closed, actor=staff("manager"))
    while move.is_running:
        go_on(move.pk, at=at("Mon 09:09"))
        move.refresh_from_db()
    assert [str(the(each).policy_version) for each in (old, new)] == ["default@2", "default@3"]


def test_a_second_move_finds_nothing_and_a_running_one_is_given_again() -> None:
    asked()
    saved("Mon 10:00", resolution="27h")
    with time.fixed(at("Mon 10:05")):
        first = start_move(policy().pk, actor=staff("manager"))
        assert start_move(policy().pk, actor=staff("manager")) == first
    moved("Mon 10:05")
    segments = ClockSegment.objects.count()
    go_on(first.pk, at=at("Mon 11:00"))
    with pytest.raises(NothingToMove):
        start_move(policy().pk, actor=staff("manager"))
    assert ClockSegment.objects.count() == segments
    assert Event.objects.filter(name="policy.moved").count() == 1


def test_what_was_missed_met_or_belongs_to_another_ticket_stays_as_it_was() -> None:
    late, answered = asked(), asked()
    reply(answered.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    saved("Mon 10:00", first_response="2h", resolution="27h")
    before = list(Clock.objects.filter(state__in=("met", "missed")).values())
    move = moved("Mon 10:00")
    assert the(late, "first_response").target_s == 900, "it was due at 09:15 and nobody answered"
    assert list(Clock.objects.filter(state__in=("met", "missed")).values()) == before
    assert move.moved == 2, "the two resolutions"
    assert foretell(policy().current(), actor=staff("manager"), at=at("Mon 10:00")).late == 1


def test_a_paused_clock_goes_over_and_stays_without_a_deadline() -> None:
    ticket = asked()
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    saved("Mon 10:00", resolution="9h")
    moved("Tue 10:00")
    kept = the(ticket)
    assert (kept.state, kept.due_at, kept.target_s, kept.elapsed(at("Fri 10:00"))) == ("paused", None, 9 * 3600, 600)


def test_a_clock_the_newer_version_has_no_target_for_ends_void() -> None:
    ticket = asked()
    saved("Mon 10:00", resolution=None)
    move = moved("Mon 10:00")
    kept = the(ticket)
    assert (kept.state, kept.segments.filter(reason="policy").count(), move.ended) == ("void", 1, 1)


def test_a_shorter_target_that_has_passed_is_foreseen_and_missed_at_its_own_time(drain: Callable[[], int]) -> None:
    ticket = asked()
    version = saved("Mon 10:00", resolution="1h")
    told = foretell(version, actor=staff("manager"), at=at("Mon 12:00"))
    assert (told.counts["missed"], told.late) == (1, 1)
    assert [(each.clock.ticket, each.outcome, each.due_at) for each in told.examples] == [
        (ticket, "missed", at("Mon 10:00"))
    ]
    moved("Mon 12:00")
    with time.fixed(at("Mon 12:01")):
        drain()
    event = Event.objects.get(name="clock.missed", data__metric="resolution")
    assert event.at == at("Mon 10:00")


def test_the_preview_is_what_the_move_then_does() -> None:
    for when in ("Mon 09:00", "Mon 09:30", "Mon 09:50"):
        asked(when)
    version = saved("Mon 09:55", first_response="30m", resolution="9h")
    told = foretell(version, actor=staff("manager"), at=at("Mon 10:00"))
    assert (told.total, told.reckoned) == (4, 4)
    foreseen = {each.clock.pk: (each.due_at, each.target_s) for each in told.examples}
    moved("Mon 10:00")
    assert foreseen == {
        pk: (due, target)
        for pk, due, target in Clock.objects.filter(pk__in=foreseen).values_list("pk", "due_at", "target_s")
    }
    assert (told.counts["earlier"], told.counts["later"]) == (3, 1)
    assert told.late == 2, "09:00 and 09:30 had a quarter of an hour each"


def test_the_preview_asks_the_same_few_statements_for_one_ticket_and_for_ten(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(10):
        asked()
    version = saved("Mon 10:00", resolution="27h")
    with django_assert_max_num_queries(8):
        foretell(version, actor=staff("manager"), at=at("Mon 10:00"))


def test_each_ticket_is_a_turn_of_its_own_and_a_cancelled_move_goes_no_further(drain: Callable[[], int]) -> None:
    first, second = asked(), asked()
    saved("Mon 10:00", resolution="27h")
    with time.fixed(at("Mon 10:00")):
        move = start_move(policy().pk, actor=staff("manager"))
        go_on(move.pk, at=at("Mon 10:00"))
        assert [the(each).target_s // 3600 for each in (first, second)] == [27, 18]
        for _ in range(2):
            cancel_move(move.pk, actor=staff("manager"))
        assert not Timer.objects.pending().filter(kind="policy.move").exists()
        go_on(move.pk, at=at("Mon 10:00"))
        assert the(second).target_s // 3600 == 18
    assert Event.objects.filter(name="policy.move_cancelled").count() == 1
    with time.fixed(at("Mon 10:10")):
        start_move(policy().pk, actor=staff("manager"))
        drain()
    assert the(second).target_s // 3600 == 27
    assert the(first).segments.count() == 2, "what went over before is not touched again"


def test_a_newer_version_is_told_and_only_a_manager_moves() -> None:
    asked()
    saved("Mon 10:00", resolution="27h")
    with pytest.raises(NewerVersion):
        start_move(policy().pk, actor=staff("manager"), seen=1)
    with pytest.raises(NotPermitted):
        start_move(policy().pk, actor=staff("lead"))
    with pytest.raises(NotFound):
        start_move(policy().pk, actor=staff("agent"))


def closed(when: str, *days: str) -> CalendarVersion:
    """A version of the shop's calendar in which these days of November 2026 are closed."""
    calendar = WorkCalendar.objects.get(key="shop")
    own = {f"2026-11-{day}": {"hours": [], "name": "盘点"} for day in days}
    with time.fixed(at(when)):
        return save_calendar(calendar.pk, calendar.current().settings | {"own": own}, actor=staff("manager"))


def moved_hours(when: str) -> PolicyMove:
    with time.fixed(at(when)):
        move = start_calendar_move(WorkCalendar.objects.get(key="shop").pk, actor=staff("manager"))
        while move.is_running:
            go_on(move.pk, at=at(when))
            move.refresh_from_db()
    return move


def test_point_4_a_closure_reaches_the_clocks_that_run(drain: Callable[[], int]) -> None:
    """18 hours from Monday nine: Tuesday evening, and with Tuesday closed Wednesday evening."""
    ticket = asked()
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:05"))
    with time.fixed(at("Mon 09:05")):
        resume(ticket.pk, actor=staff())
    version = closed("Mon 10:00", "24")
    told = foretell(version, actor=staff("manager"), at=at("Mon 12:00"))
    assert (told.total, told.counts["later"], told.examples[0].due_at) == (1, 1, at("Wed 18:00"))
    assert the(ticket).due_at == at("Tue 18:00"), "looking moves nothing"
    move = moved_hours("Mon 12:00")
    kept = the(ticket)
    assert (str(kept.calendar_version), str(kept.policy_version), kept.due_at) == (
        "shop@2",
        "default@1",
        at("Wed 18:00"),
    )
    assert (kept.target_s, kept.elapsed(at("Mon 12:00"))) == (18 * 3600, 3 * 3600)
    assert kept.segments.order_by("-id")[0].reason == "calendar"
    assert (move.moved, move.ended, str(move)) == (1, 0, "shop@2 × 1")
    told_of = Event.objects.filter(name__startswith="calendar.move").order_by("pk").values_list("name", "data__version")
    assert list(told_of) == [("calendar.move_begun", "shop@2"), ("calendar.moved", "shop@2")]
    with pytest.raises(NothingToMove):
        moved_hours("Mon 12:01")
    with time.fixed(at("Wed 17:59")):
        drain()
    assert not Event.objects.filter(name="clock.missed", data__metric="resolution").exists()


def test_point_4_a_policy_counts_clocks_of_older_hours_too() -> None:
    ticket = asked()
    closed("Mon 09:05", "24")
    told = foretell(policy().current(), actor=staff("manager"), at=at("Mon 09:10"))
    assert (told.total, told.counts["later"], told.counts["same"]) == (2, 1, 1)
    assert moved("Mon 09:10").moved == 2
    assert (the(ticket).due_at, the(ticket).segments.order_by("-id")[0].reason) == (at("Wed 18:00"), "calendar")


def test_point_4_late_paused_and_ended_clocks_of_older_hours() -> None:
    late, paused, over = asked(), asked(), asked()
    for each in (paused, over):
        reply(each.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    close_ticket(over.pk, actor=staff(), at=at("Mon 09:20"))
    closed("Mon 09:30", "23")
    ended = list(Clock.objects.exclude(state__in=Clock.OPEN).values())
    moved_hours("Mon 10:00")
    assert list(Clock.objects.exclude(state__in=Clock.OPEN).values()) == ended
    assert the(late, "first_response").due_at == at("Mon 09:15"), "Monday was open when it was missed"
    assert (the(paused).state, the(paused).due_at, the(paused).elapsed(at("Fri 10:00"))) == ("paused", None, 600)
    assert the(late).elapsed(at("Mon 18:00")) == 3600, "closed from the move on, and open before"


def test_the_same_day_is_measured_anew_by_newer_hours() -> None:
    """The answer to a complaint of eleven o'clock is due at midnight, whatever the hours; the calendar never closes."""
    order = an_order()
    with time.fixed(at("Mon 11:00")):
        complaint = open_complaint(code="quality", statement="Torn.", order_id=order.pk, actor=customer(order))
    before = the(complaint.ticket, "answer").due_at
    calendar = WorkCalendar.objects.get(key="always")
    settings = calendar.current().settings
    week = {name: ["08:00-24:00"] for name in settings["week"]}
    with time.fixed(at("Mon 12:00")):
        save_calendar(calendar.pk, settings | {"week": week}, actor=staff("manager"))
        move = start_calendar_move(calendar.pk, actor=staff("manager"), seen=2)
        go_on(move.pk, at=at("Mon 12:00"))
    assert the(complaint.ticket, "answer").due_at == before


def test_only_a_manager_moves_hours_and_a_newer_version_is_told() -> None:
    asked()
    closed("Mon 09:05", "24")
    shop = WorkCalendar.objects.get(key="shop").pk
    with pytest.raises(NewerVersion):
        start_calendar_move(shop, actor=staff("manager"), seen=1)
    with pytest.raises(NotPermitted):
        start_calendar_move(shop, actor=staff("lead"))
    with pytest.raises(NotFound):
        start_calendar_move(0, actor=staff("manager"))
    with time.fixed(at("Mon 09:10")):
        first = start_calendar_move(shop, actor=staff("manager"))
        assert start_calendar_move(shop, actor=staff("manager")) == first
        cancel_move(first.pk, actor=staff("manager"))
    assert Event.objects.filter(name="calendar.move_cancelled").count() == 1
