"""What leaves the house is stopped as a whole, by channel or by template; it waits, and goes out when the stop ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger import gauges, stops, timers
from aftersales.ledger.invariants import overdue
from aftersales.ledger.models import Event, Outbound, Stop, Timer
from tests.ledger.post import Post, put
from tests.world import staff

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
Drain = Callable[[], int]


@pytest.mark.parametrize(
    ("what", "leaves"),
    [
        ("sending", []),
        ("channel:post", ["b:1"]),
        ("template:offer", ["a:2", "b:1"]),
        ("channel:pigeon", ["a:1", "a:2", "b:1"]),
    ],
)
def test_what_is_stopped_waits_and_everything_else_leaves(
    team: Team, drain: Drain, what: str, leaves: list[str]
) -> None:
    post, other = Post(), Post(name="other")
    lead = staff("lead")
    row = stops.stop(what, reason="the gateway sends twice", actor=lead)
    put(team, "a:1", topic="offer")
    put(team, "a:2")
    put(team, "b:1", channel="other")
    drain()
    assert sorted([*post.sent, *other.sent]) == leaves
    stops.end_stop(row.pk, reason="mended", actor=lead)
    drain()
    assert sorted([*post.sent, *other.sent]) == ["a:1", "a:2", "b:1"], "nothing is lost"


def test_decisions_without_a_person_wait_and_everything_else_goes_on(team: Team, drain: Drain) -> None:
    lead, fired, post = staff("lead"), [], Post()
    timers.fires("decides it", decides=True)(lambda timer, _now: fired.append(timer.kind))
    timers.fires("says it")(lambda timer, _now: fired.append(timer.kind))
    row = stops.stop("decisions", reason="the rules are wrong", actor=lead)
    with clock.fixed(START):
        for kind in ("decides it", "says it"):
            timers.set_timer(kind, on=team, due_at=START)
    put(team, "a:1")
    with clock.fixed(clock.now() + dt.timedelta(minutes=5)):
        drain()
        assert (fired, post.sent) == (["says it"], ["a:1"])
        depth = {each.kind: each for each in gauges.depths(clock.now())}["timer"]
        assert (depth.due, depth.held, depth.oldest_seconds) == (1, 1, 0.0)
        assert not any(rows for rows in overdue(clock.now())), "what somebody stopped is not late"
        stops.end_stop(row.pk, reason="put right", actor=lead)
        drain()
    assert fired == ["says it", "decides it"]


def test_a_stop_and_its_end_are_events_and_twice_is_once(team: Team) -> None:
    lead = staff("lead")
    row = stops.stop("channel:sms", reason="wrong text", actor=lead)
    assert stops.stop("channel:sms", reason="again", actor=lead).pk == row.pk
    stops.end_stop(row.pk, reason="put right", actor=lead)
    stops.end_stop(row.pk, reason="again", actor=lead)
    told = [
        (event.name, event.data["why"], event.actor_label)
        for event in Event.objects.filter(name__startswith="work.").order_by("id")
    ]
    assert told == [("work.stopped", "wrong text", "lead"), ("work.resumed", "put right", "lead")]
    again = stops.stop("channel:sms", reason="once more", actor=lead)
    assert again.pk != row.pk
    assert Stop.objects.count() == 2, "who stopped what and why is kept"


def test_a_stop_needs_a_reason_something_known_and_a_lead(team: Team) -> None:
    for what, reason in (("sending", "  "), ("everything", "why not")):
        with pytest.raises(BadInput):
            stops.stop(what, reason=reason, actor=staff("lead"))
    with pytest.raises(NotPermitted):
        stops.stop("sending", reason="just so", actor=staff("agent"))
    assert not Stop.objects.exists()


def test_what_came_too_late_during_the_stop_is_marked_and_not_sent(team: Team, drain: Drain) -> None:
    post, lead = Post(), staff("lead")
    with clock.fixed(START):
        row = stops.stop("sending", reason="drill", actor=lead)
        put(team, "news", useful_until=START + dt.timedelta(hours=1))
        put(team, "refund")
    with clock.fixed(START + dt.timedelta(hours=2)):
        drain()
        assert Outbound.objects.get(key="news").status == "pending", "still held back"
        stops.end_stop(row.pk, reason="over", actor=lead)
        drain()
    assert (post.sent, post.outcomes) == (["refund"], ["expired", "done"])
    assert Outbound.objects.get(key="news").status == "expired"


def test_a_message_in_doubt_that_comes_too_late_is_left_to_a_person(team: Team, drain: Drain) -> None:
    post = Post()
    item = put(team, "news", useful_until=START)
    Outbound.objects.filter(pk=item.pk).update(sending_since=START)
    drain()
    assert (post.sent, post.outcomes) == ([], ["unknown"])


def test_a_timer_that_comes_too_late_is_marked_and_does_not_fire(team: Team, drain: Drain) -> None:
    fired: list[str] = []
    timers.fires("late", "always")(lambda timer, _now: fired.append(timer.kind))
    with clock.fixed(START):
        timers.set_timer("late", on=team, due_at=START, useful_until=START + dt.timedelta(hours=1))
        timers.set_timer("always", on=team, due_at=START)
    with clock.fixed(START + dt.timedelta(hours=2)):
        drain()
    assert fired == ["always"]
    assert set(Timer.objects.values_list("kind", "status")) == {("late", "expired"), ("always", "done")}


def test_a_timer_that_stood_still_is_of_use_for_as_much_longer(team: Team) -> None:
    until = START + dt.timedelta(hours=1)
    with clock.fixed(START):
        timers.set_timer("late", on=team, due_at=START, useful_until=until)
        timers.pause("late", on=team, at=START)
    timers.resume("late", on=team, at=START + dt.timedelta(hours=3))
    assert Timer.objects.get().useful_until == until + dt.timedelta(hours=3)
