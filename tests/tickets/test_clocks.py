"""The clocks of a ticket through its life: what each action does to them, a second time, and what the database refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock as time
from aftersales.ledger.models import Event, Timer
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, staff
from tickets.actions import clocks, waits
from tickets.actions.assignment import raise_priority
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.opening import open_ticket
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.sla_policies import save_policy
from tickets.actions.waiting import resume
from tickets.models import Clock, ClockSegment, PolicyVersion, SlaPolicy, Ticket

pytestmark = pytest.mark.django_db

MONDAY = "Mon 09:00"


@pytest.fixture
def ticket() -> Ticket:
    """Asked on Monday at nine: first response by 09:15, resolution after 18 hours of opening (Tuesday 18:00)."""
    order = an_order()
    with time.fixed(at(MONDAY)):
        return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def now(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


def the(ticket: Ticket, metric: str) -> Clock:
    found: Clock = Clock.objects.told().filter(ticket=ticket, metric=metric).order_by("-cycle")[0]
    return found


def says(ticket: Ticket, when: str) -> None:
    assert ticket.order is not None
    receive_message(ticket.pk, text="And now?", actor=customer(ticket.order), at=at(when))


def answers(ticket: Ticket, when: str) -> None:
    reply(ticket.pk, text="On its way.", actor=staff(), at=at(when))


def test_a_question_is_due_with_its_first_response(ticket: Ticket) -> None:
    assert now(ticket).due_at == at("Mon 09:15")
    assert the(ticket, "first_response").due_at == at("Mon 09:15")
    assert the(ticket, "resolution").due_at == at("Tue 18:00")
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists(), "the first one is still waiting"


def test_point_1_a_clock_is_stored_with_target_versions_and_segments(ticket: Ticket) -> None:
    kept = the(ticket, "resolution")
    assert (kept.target_s, str(kept.policy_version), str(kept.calendar_version)) == (18 * 3600, "default@1", "shop@1")
    answers(ticket, "Mon 09:30")
    told = [(each.kind, each.at, each.reason) for each in the(ticket, "resolution").segments.all()]
    assert told == [("running", at(MONDAY), "opened"), ("paused", at("Mon 09:30"), "customer")]
    assert all(each.event is not None for each in the(ticket, "resolution").segments.all())


def test_point_2_an_answer_pauses_and_the_customer_lets_it_run_on(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:30")
    assert (now(ticket).waiting_on, ticket.due_at) == ("customer", None)
    says(ticket, "Thu 09:30")
    assert the(ticket, "resolution").elapsed(at("Thu 10:30")) == 5400
    assert now(ticket).due_at == at("Thu 10:30"), "the next response is nearer than the rest of the resolution"


@pytest.mark.parametrize("deed", ["an answer", "closing"])
def test_what_several_clocks_hear_of_is_written_once(ticket: Ticket, deed: str, settings: Any) -> None:
    """All their segments in one statement, and their timers taken back in another."""
    settings.DB_PLANS_AHEAD = False  # to read what is sent
    with CaptureQueriesContext(connection) as told, time.fixed(at("Mon 09:10")):
        if deed == "an answer":
            answers(ticket, "Mon 09:10")
        else:
            close_ticket(ticket.pk, actor=staff())
    asked = [each["sql"] for each in told]
    assert len([sql for sql in asked if sql.startswith('INSERT INTO "tickets_clocksegment"')]) == 1
    assert len([sql for sql in asked if sql.startswith('UPDATE "ledger_timer"')]) == 1
    assert len([sql for sql in asked if sql.startswith('UPDATE "tickets_clock"')]) == 2
    assert not Timer.objects.pending().filter(kind="ticket.clock").exists()


def test_point_2_closing_from_the_paused_state_counts_no_silent_day(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Fri 17:00"))
    kept = the(ticket, "resolution")
    assert (kept.state, kept.elapsed(at("Fri 18:00"))) == ("met", 600)


def test_point_3_history_keeps_codes_and_outlives_the_people_in_it(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:30")
    reasons = set(ClockSegment.objects.filter(clock__ticket=ticket).values_list("reason", flat=True))
    assert reasons <= {"opened", "reply", "customer"}
    assert not [field for field in ClockSegment._meta.get_fields() if "user" in field.name.lower()]


def test_point_5_a_higher_priority_keeps_the_time_that_has_passed(ticket: Ticket) -> None:
    with time.fixed(at("Mon 12:00")):
        raise_priority(ticket.pk, Ticket.Priority.URGENT)
        kept = the(ticket, "resolution")
        assert (kept.target_s, kept.remaining(at("Mon 12:00"))) == (4 * 3600, 3600)
        assert kept.due_at == at("Mon 13:00")
        raise_priority(ticket.pk, Ticket.Priority.URGENT)
        assert the(ticket, "resolution").segments.count() == kept.segments.count(), "a second time changes nothing"


@pytest.mark.parametrize("target", ["4h", "18h"], ids=["another length", "only other hours"])
def test_point_5_a_row_with_other_hours_is_counted_by_them_from_then_on(target: str) -> None:
    """Urgent questions go by the clock on the wall. Made urgent on Friday at six, two hours of opening have passed."""
    policy, order = SlaPolicy.objects.get(key="default"), an_order()
    row = {"metric": "resolution", "kind": "question", "target": "18h", "calendar": "shop"}
    urgent = row | {"priority": 1, "target": target, "calendar": "always"}
    with time.fixed(at("Mon 08:00")):
        settings = policy.current().settings | {"targets": [urgent, row], "warnings": {}, "steps": []}
        save_policy(policy.pk, settings, actor=staff("manager"))
    with time.fixed(at("Fri 16:00")):
        ticket = ask_question(order.pk, text="Where is it?", actor=customer(order))
    with time.fixed(at("Fri 18:00")):
        raise_priority(ticket.pk, Ticket.Priority.URGENT)
        raise_priority(ticket.pk, Ticket.Priority.URGENT)
    kept = the(ticket, "resolution")
    hours = int(target[:-1])
    assert kept.elapsed(at("Fri 20:00")) == 4 * 3600
    assert kept.due_at == at("Fri 18:00") + dt.timedelta(hours=hours - 2)
    assert (str(kept.calendar_version), kept.segments.count()) == ("always@1", 2)
    with time.fixed(at("Fri 19:00")):
        change_ticket(ticket.pk, actor=staff(), priority=Ticket.Priority.NORMAL)
    back = the(ticket, "resolution")
    assert (str(back.calendar_version), back.remaining(at("Sun 18:00"))) == ("shop@1", 15 * 3600)


@pytest.mark.parametrize(
    ("metric", "due", "change"),
    [
        ("resolution", "Mon 13:00", {"priority": Ticket.Priority.LOW}),
        ("next_response", "Mon 10:00", {"kind": Ticket.Kind.REPAIR}),
    ],
    ids=["less urgent", "another kind"],
)
def test_point_5_a_late_clock_is_never_made_on_time(
    ticket: Ticket, drain: Callable[[], int], metric: str, due: str, change: dict[str, Any]
) -> None:
    """Urgent, it had until 13:00 and a message of 09:30 until 10:00; as another it would have had longer."""
    with time.fixed(at("Mon 09:10")):
        change_ticket(ticket.pk, actor=staff(), priority=Ticket.Priority.URGENT)
        reply(ticket.pk, text="We look.", actor=staff())
        resume(ticket.pk, actor=staff())
    says(ticket, "Mon 09:30")
    with time.fixed(at("Mon 13:01")):
        drain()
        before = (the(ticket, metric).due_at, the(ticket, metric).target_s, the(ticket, metric).segments.count())
        change_ticket(ticket.pk, actor=staff(), **change)
        kept = the(ticket, metric)
        assert (kept.due_at, kept.target_s, kept.segments.count()) == before
        assert kept.due_at == at(due)
        assert ticket in Ticket.objects.overdue(at("Mon 13:01"))
    answers(ticket, "Mon 13:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 13:10"))
    assert the(ticket, metric).state == "missed"
    with time.fixed(at("Fri 18:00")):
        drain()
    assert Event.objects.filter(name="clock.missed", data__metric=metric).count() == 1


def test_point_6_only_a_human_s_public_message_is_a_first_response(ticket: Ticket) -> None:
    first = the(ticket, "first_response")
    note(ticket.pk, text="Asked the warehouse.", actor=staff(), at=at("Mon 09:01"))
    reply(ticket.pk, text="We have your message.", actor=staff().__class__(kind="system", id=None, role=staff().role,
          label="auto"), at=at("Mon 09:02"))  # fmt: skip
    assert the(ticket, "first_response").state == "running"
    note(ticket.pk, text="Called her.", actor=staff(), at=at("Mon 09:05"), contact=True)
    first.refresh_from_db()
    assert (first.state, first.stopped_at) == ("met", at("Mon 09:05"))


def test_point_6_closing_without_an_answer_meets_nothing(ticket: Ticket) -> None:
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 09:10"))
    assert the(ticket, "first_response").state == "void"


def test_point_7_the_next_response_runs_from_the_oldest_unanswered_message(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    says(ticket, "Mon 10:00")
    says(ticket, "Mon 10:40")
    assert the(ticket, "next_response").due_at == at("Mon 11:00")
    answers(ticket, "Mon 10:50")
    assert the(ticket, "next_response").state == "met"
    says(ticket, "Mon 14:00")
    assert (the(ticket, "next_response").cycle, the(ticket, "next_response").due_at) == (2, at("Mon 15:00"))


def test_point_7_a_merge_stops_it_and_the_message_waits_in_the_other_ticket(ticket: Ticket) -> None:
    assert ticket.order is not None
    with time.fixed(at("Mon 11:00")):
        other = ask_question(ticket.order.pk, text="The same.", actor=customer(ticket.order))
    answers(ticket, "Mon 11:05")
    with transaction.atomic():
        waits.merged(now(other), now(ticket), at("Mon 11:10"))
    assert set(Clock.objects.filter(ticket=other).values_list("state", flat=True)) == {"void"}
    assert the(ticket, "next_response").started_at == at("Mon 11:00")


def test_point_8_reopened_within_the_hour_the_old_clock_goes_on(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 09:30"))
    reopen_ticket(ticket.pk, actor=staff(), at=at("Mon 10:00"))
    kept = the(ticket, "resolution")
    assert (kept.cycle, kept.state, kept.elapsed(at("Mon 10:10"))) == (1, "running", 600 + 600)


def test_point_8_reopened_later_it_is_a_new_cycle_and_the_closed_one_stays(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 09:30"))
    says(ticket, "Mon 11:00")
    states = Clock.objects.filter(ticket=ticket, metric="resolution").order_by("cycle").values_list("state", flat=True)
    assert list(states) == ["met", "running"]
    assert the(ticket, "resolution").started_at == at("Mon 11:00")
    assert the(ticket, "first_response").stopped_at == at("Mon 09:10"), "the first response was given once"


def test_point_8_what_was_closed_without_an_answer_is_owed_again_from_the_reopening_on(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:02")
    says(ticket, "Mon 09:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 09:20"))
    for _ in range(2):
        reopen_ticket(ticket.pk, actor=staff(), at=at("Mon 11:00"))
    again = the(ticket, "next_response")
    assert (again.cycle, again.started_at, now(ticket).due_at) == (2, at("Mon 11:00"), at("Mon 12:00"))
    answers(ticket, "Mon 11:10")
    close_ticket(ticket.pk, actor=staff(), at=at("Mon 11:20"))
    reopen_ticket(ticket.pk, actor=staff(), at=at("Mon 14:00"))
    assert the(ticket, "next_response").cycle == 2, "answered is answered"


@pytest.mark.parametrize("again", ["staff", "customer"])
@pytest.mark.parametrize("kind", ["task", "praise", "visit"])
def test_a_ticket_without_clocks_is_due_when_it_is_opened_again(kind: str, again: str) -> None:
    order = an_order()
    with time.fixed(at(MONDAY)):
        opened = open_ticket(
            kind=kind, title="Look", person=order.person, order=order, actor=staff(), due_at=at("Fri 09:00")
        )
    close_ticket(opened.pk, actor=staff(), at=at("Mon 10:00"))
    for _ in range(2):
        if again == "staff":
            reopen_ticket(opened.pk, actor=staff(), at=at("Tue 10:00"))
        else:
            says(opened, "Tue 10:00")
    assert now(opened).due_at == opened.process_due_at == at("Tue 10:00")


def test_point_11_an_answer_is_late_by_its_own_time_whoever_looks_when(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:20")
    kept = the(ticket, "first_response")
    assert (kept.state, kept.breached_at(at("Fri 09:00"))) == ("missed", at("Mon 09:15"))


def test_point_13_without_any_worker_lists_know_what_is_late(ticket: Ticket) -> None:
    assert not Ticket.objects.overdue(at("Mon 09:15")).exists()
    assert Ticket.objects.overdue(at("Mon 09:16")).get() == ticket
    answers(ticket, "Mon 09:30")
    assert not Ticket.objects.overdue(at("Fri 09:16")).exists()


def test_editing_a_paused_ticket_never_alters_its_clock(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    before = list(Clock.objects.filter(ticket=ticket).order_by("pk").values())
    with time.fixed(at("Fri 12:00")):
        for _ in range(2):
            fresh = now(ticket)
            fresh.title = "A typo mended"
            fresh.save()
            note(ticket.pk, text="Seen.", actor=staff())
    assert list(Clock.objects.filter(ticket=ticket).order_by("pk").values()) == before


def test_each_piece_of_news_a_second_time_changes_nothing(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:10")
    says(ticket, "Mon 10:00")
    before = (Clock.objects.count(), ClockSegment.objects.count())
    with transaction.atomic():
        for _ in range(2):
            clocks.customer_wrote(now(ticket), at("Mon 10:00"))
            clocks.waiting_changed(now(ticket), at("Mon 10:00"))
            clocks.reopened(now(ticket), at("Mon 10:00"))
            clocks.reprioritised(now(ticket), at("Mon 10:00"))
    assert (Clock.objects.count(), ClockSegment.objects.count()) == before


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kept: Clock.objects.filter(pk=kept.pk).update(state="met"),
        lambda kept: Clock.objects.filter(pk=kept.pk).update(target_s=1),
        lambda kept: Clock.objects.filter(pk=kept.pk).update(
            state="paused", stopped_at=None, final_at=None, resumed_at=at("Wed 09:00")
        ),
        lambda kept: Clock.objects.filter(pk=kept.pk).delete(),
        lambda kept: ClockSegment.objects.filter(clock=kept).update(reason="x"),
        pytest.param(lambda kept: ClockSegment.objects.filter(clock=kept).delete(), marks=pytest.mark.postgres),
        lambda kept: ClockSegment.objects.create(clock=kept, kind="running", at=at("Tue 09:00")),
        lambda _kept: PolicyVersion.objects.update(note="x"),
        lambda _kept: PolicyVersion.objects.all().delete(),
    ],
)
def test_point_4_the_database_refuses_to_change_what_a_clock_came_to(ticket: Ticket, wrong: object) -> None:
    answers(ticket, "Mon 09:20")
    kept = the(ticket, "first_response")
    assert callable(wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        wrong(kept)
    kept.refresh_from_db()
    assert kept.state == "missed"


def test_a_customer_s_mail_from_before_our_reply_starts_the_next_response_when_it_was_written(ticket: Ticket) -> None:
    answers(ticket, "Mon 09:30")
    says(ticket, "Mon 09:20")
    assert the(ticket, "next_response").started_at == at("Mon 09:20")
    assert the(ticket, "resolution").state == "running"
    assert the(ticket, "resolution").elapsed(at("Mon 10:00")) == dt.timedelta(hours=1).total_seconds()
