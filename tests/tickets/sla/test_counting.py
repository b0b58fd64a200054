"""What a clock's segments come to: each of the ways in which other helpdesks get it wrong has its sentence here."""

from __future__ import annotations

import itertools

import pytest

from tests.tickets.sla.hours import ALWAYS, HOUR, OFFICE, ZONE, at, clock
from tickets.sla import Point, Segment, breached_at, due_at, elapsed, instants, remaining, same_day, spans, state

ANSWERED = ("running Mon 09:00", "paused Mon 09:30 customer")


def test_a_clock_counts_opening_hours_only() -> None:
    started = clock("running Fri 17:30")
    assert elapsed(started, OFFICE, at("Sun 12:00")) == HOUR // 2
    assert due_at(clock("running Mon 17:30"), OFFICE, HOUR) == at("Tue 09:30")


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_point_2_a_pause_is_subtracted_once_whatever_the_order_in_which_events_arrive(order: tuple[int, ...]) -> None:
    told = clock(*ANSWERED, "running Thu 09:30", "stopped Thu 10:00")
    assert elapsed([told[index] for index in order], OFFICE, at("Fri 18:00")) == HOUR


def test_point_2_while_paused_there_is_a_budget_and_no_deadline() -> None:
    paused = clock(*ANSWERED)
    assert due_at(paused, OFFICE, 8 * HOUR) is None
    assert remaining(paused, OFFICE, 8 * HOUR, at("Thu 12:00")) == 7.5 * HOUR
    assert state(paused, OFFICE, 8 * HOUR, at("Fri 18:00")) == "paused", "long after the old deadline"


def test_an_agent_who_closes_from_the_paused_state_after_three_silent_days_used_half_an_hour() -> None:
    closed = clock(*ANSWERED, "stopped Thu 10:00 closed")
    assert elapsed(closed, OFFICE, at("Thu 10:00")) == HOUR // 2
    assert state(closed, OFFICE, 8 * HOUR, at("Fri 09:00")) == "met"


def test_a_second_pause_within_a_pause_takes_nothing_twice() -> None:
    assert elapsed(clock(*ANSWERED, "paused Tue 09:00 carrier", "running Thu 09:00"), OFFICE, at("Thu 09:30")) == HOUR


def test_point_5_a_new_target_keeps_the_time_that_has_passed() -> None:
    running = clock("running Mon 09:00")
    assert remaining(running, OFFICE, 8 * HOUR, at("Mon 12:00")) == 5 * HOUR
    assert remaining(running, OFFICE, 4 * HOUR, at("Mon 12:00")) == HOUR
    assert due_at(running, OFFICE, 4 * HOUR) == at("Mon 13:00")


def test_point_5_other_hours_count_from_the_change_and_not_from_the_beginning() -> None:
    moved = [*clock("running Mon 17:00"), Segment("running", at("Tue 09:00"), "policy", hours=ALWAYS)]
    assert elapsed(moved, OFFICE, at("Tue 21:00")) == HOUR + 12 * HOUR, "the night between was not worked"


def test_point_11_a_breach_is_the_deadline_whenever_somebody_looks() -> None:
    running = clock("running Mon 09:00")
    for looked in ("Mon 10:01", "Wed 03:00"):
        assert breached_at(running, OFFICE, HOUR, at(looked)) == at("Mon 10:00")
    assert breached_at(running, OFFICE, HOUR, at("Mon 10:00")) is None, "the last second still counts"


def test_an_answer_in_the_evening_is_late_when_the_deadline_was_closing_time() -> None:
    answered = clock("running Mon 17:00", "stopped Mon 20:00")
    assert state(answered, OFFICE, HOUR, at("Tue 09:00")) == "missed"
    assert elapsed(answered, OFFICE, at("Tue 09:00")) == HOUR


def test_stopped_in_the_very_second_of_the_deadline_is_met() -> None:
    assert state(clock("running Mon 09:00", "stopped Mon 10:00"), OFFICE, HOUR, at("Tue 09:00")) == "met"


def test_a_clock_that_was_missed_stays_missed_while_it_is_paused() -> None:
    late = clock("running Mon 09:00", "paused Mon 11:00 customer")
    assert state(late, OFFICE, HOUR, at("Mon 12:00")) == "missed"
    assert due_at(late, OFFICE, HOUR) is None


POINTS = [Point("50", percent=50), Point("80", percent=80), Point("900", left=900)]


def test_point_10_warnings_come_in_business_time_at_several_points() -> None:
    warned = instants(clock("running Mon 17:00"), OFFICE, 2 * HOUR, POINTS)
    assert [(moment, point.name) for moment, point in warned] == [
        (at("Tue 09:00"), "50"),  # 18:00 is no longer worked: at the next opening
        (at("Tue 09:36"), "80"),
        (at("Tue 09:45"), "900"),
    ]


def test_point_10_a_warning_that_would_come_at_the_deadline_is_none() -> None:
    names = [point.name for _, point in instants(clock("running Mon 09:00"), OFFICE, 600, POINTS)]
    assert names == ["50", "80"], "fifteen minutes before the end of ten minutes there was no clock"
    assert instants(clock(*ANSWERED), OFFICE, HOUR, POINTS) == [], "and none while it stands"


def test_steps_after_the_deadline_come_in_business_time_too() -> None:
    step = [Point("+2h", left=-2 * HOUR)]
    assert instants(clock("running Mon 16:00"), OFFICE, HOUR, step) == [(at("Tue 10:00"), step[0])]


def test_point_15_the_story_tells_each_stretch_and_adds_up() -> None:
    told = spans(clock(*ANSWERED, "running Thu 09:30"), OFFICE, at("Thu 10:00"))
    assert [(span.kind, span.start, span.end, span.counted) for span in told] == [
        ("running", at("Mon 09:00"), at("Mon 09:30"), 1800),
        ("paused", at("Mon 09:30"), at("Thu 09:30"), 0),
        ("running", at("Thu 09:30"), None, 1800),
    ]


def test_the_same_day_ends_at_midnight_and_after_six_it_is_noon_of_the_next() -> None:
    def due(start: str) -> object:
        return same_day(at(start), ZONE, until=18 * HOUR, then=12 * HOUR)

    assert due("Mon 10:00") == at("Tue 00:00")
    assert due("Mon 17:59") == at("Tue 00:00")
    assert due("Mon 18:00") == at("Tue 12:00")
