"""A ticket that is opened with a call stands, row by row, as one that was opened and answered in the same moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.ledger.models import Delivery, Event, Timer
from tests.tickets.sla.hours import at
from tests.world import a_shop, an_order, member, staff
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.conversation import note, turns
from tickets.actions.opening import queue
from tickets.actions.sla_policies import save_policy
from tickets.models import Checklist, Clock, ClockSegment, Message, Queue, SlaPolicy, Ticket

pytestmark = pytest.mark.django_db

NOW = at("Mon 10:00")
TEXT = "The lid leaks. @Lea Lead please look."
Rows = list[dict[str, Any]]


def columns(row: Model, *but: str) -> dict[str, Any]:
    """Every column of a row, but those that name it or its ticket."""
    kept = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in kept if name not in ("id", "ref", "ticket_id", *but)}


def everything(ticket: Ticket) -> dict[str, Rows]:
    """All that was written for the ticket, column by column; what another row is called by its number is called by its name."""
    ticket.refresh_from_db()
    own = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk).order_by("id")
    events = list(own)
    name_of = {event.pk: f"{place} {event.name}" for place, event in enumerate(events)}
    clocks = list(Clock.objects.filter(ticket=ticket).order_by("id"))
    metric_of = {each.pk: each.metric for each in clocks}
    mine = {"tickets.ticket": {ticket.pk: "ticket"}, "tickets.clock": metric_of}
    return {
        "ticket": [columns(ticket)],
        "clocks": [columns(each) for each in clocks],
        "segments": [
            columns(each, "clock_id", "event_id")
            | {"of": metric_of[each.clock_id], "because": name_of[each.event_id or 0]}
            for each in ClockSegment.objects.filter(clock__in=clocks).order_by("clock__metric", "id")
        ],
        "timers": sorted(
            (
                columns(each, "subject_id") | {"on": mine[each.subject_type][each.subject_id]}
                for each in Timer.objects.pending()
                if each.subject_id in mine.get(each.subject_type, ())
            ),
            key=lambda timer: (timer["on"], timer["kind"]),
        ),
        "messages": [columns(each) for each in Message.objects.filter(ticket=ticket).order_by("id")],
        "events": [
            columns(each, "subject_id", "data") | {"data": {**each.data, "message": "message" in each.data}}
            for each in events
        ],
        "deliveries": [
            columns(each, "event_id") | {"of": name_of[each.event_id]}
            for each in Delivery.objects.filter(event__in=events).order_by("id")
        ],
    }


def default(**changes: Any) -> None:
    """The shop's policy as it is shipped, but for this."""
    policy = SlaPolicy.objects.get(key="default")
    save_policy(policy.pk, policy.current().settings | changes, actor=staff("manager"))


def with_an_answer() -> None:
    """Every kind has a first response, an answer and a resolution, and each stands still for the customer in its own way."""
    metrics = ("first_response", "answer", "next_response", "resolution")
    rows = [
        {"metric": each, "target": "same_day" if each == "answer" else "2h", "calendar": "always"} for each in metrics
    ]
    default(targets=rows, pauses={"first_response": ["customer"], "answer": ["customer"]}, warnings={}, steps=[])


def for_regulars_alone() -> None:
    rows = [{"metric": "resolution", "target": "9h", "calendar": "shop", "tier": "regular"}]
    default(targets=rows, warnings={}, steps=[])


def handed_out_with_a_list() -> None:
    member("agent", "Bo")
    Queue.objects.filter(pk=queue("questions").pk).update(strategy=Queue.Strategy.IN_TURN)
    Checklist.objects.create(title_zh="问", title_en="Ask", items="* 单号 / Order number", kinds=["question", "repair"])


def silence_is_watched(**rule: int) -> None:
    Queue.objects.filter(pk=queue("questions").pk).update(**rule)


def without_a_policy() -> None:
    SlaPolicy.objects.update(in_use=False)


def late_in_the_day() -> None:
    a_shop(complaints_until=dt.time(9), complaints_next_day=dt.time(10))
    with_an_answer()


SHOPS: dict[str, Callable[[], None]] = {
    "as shipped": lambda: None,
    "nothing pauses": partial(default, pauses={}),
    "with an answer": with_an_answer,
    "no policy": without_a_policy,
    "for regulars alone": for_regulars_alone,
    "handed out, with a list": handed_out_with_a_list,
    "reminds": partial(silence_is_watched, remind_after=2, close_after=5),
    "closes": partial(silence_is_watched, close_after=3),
    "late in the day": late_in_the_day,
}  # fmt: skip
CALLS: dict[str, dict[str, Any]] = {
    "question": {"kind": "question"},
    "urgent": {"kind": "question", "priority": 1},
    "whoever stands first in line": {"kind": "question", "priority": None},
    "repair": {"kind": "repair"},
    "a visit that is due already": {"kind": "visit", "due_at": NOW - dt.timedelta(hours=1)},
    "a task for later": {"kind": "task", "due_at": NOW + dt.timedelta(days=3)},
    "a question with a day": {"kind": "question", "due_at": NOW + dt.timedelta(minutes=5)},
    "at the counter": {"kind": "question", "channel": "counter"},
}


def both_ways(call: dict[str, Any], actor: Actor) -> tuple[Ticket, Ticket]:
    """The same call about the same order: opened with it, and opened in silence and noted at once.

    The second as where a request says whose turn it is: a talk later on would have the customer waited for.
    """
    order = an_order()
    given = {"title": "Leaking", "actor": actor, "about": About(order_id=order.pk), "channel": "phone", **call}
    said_on = Message.Channel.PHONE if given["channel"] == "phone" else Message.Channel.DESK
    at_once = open_by_staff(**given, text=TEXT)
    Queue.objects.update(last_given=None)
    after = open_by_staff(**given)
    with patch.object(turns, "is_held", return_value=True):
        note(after.pk, text=TEXT, actor=actor, channel=said_on, contact=True)
    return at_once, after


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("shop", SHOPS.values(), ids=SHOPS)
def test_every_row_is_as_if_it_had_been_answered_after_opening(shop: Callable[[], None], call: dict[str, Any]) -> None:
    member("lead", "Lea Lead")
    with clock.fixed(NOW):
        shop()
        at_once, after = map(everything, both_ways(call, staff()))
    for rows in after:
        assert at_once[rows] == after[rows], rows


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_so_it_is_while_the_shop_is_closed(call: dict[str, Any]) -> None:
    with clock.fixed(at("Sat 23:30")):
        at_once, after = map(everything, both_ways(call, staff()))
    assert at_once == after


def test_a_program_that_tells_of_a_call_answers_nothing() -> None:
    with clock.fixed(NOW):
        key = dataclasses.replace(staff(), kind="api")
        at_once, after = map(everything, both_ways({"kind": "question"}, key))
    assert at_once == after
    assert [each["state"] for each in at_once["clocks"]] == ["running", "running"]


def test_what_was_said_comes_after_the_opening_and_before_who_takes_it() -> None:
    member("lead", "Lea Lead")
    with clock.fixed(NOW):
        handed_out_with_a_list()
        ticket = open_by_staff(
            kind="question", title="Leaking", actor=staff(), about=About(order_id=an_order().pk), text=TEXT, mine=True
        )
    told = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk).order_by("id")
    assert list(told.values_list("name", flat=True)) == [
        "ticket.opened", "checklist.added", "ticket.assigned", "ticket.noted", "ticket.mentioned", "ticket.assigned",
    ]  # fmt: skip


def test_a_call_is_met_and_what_it_was_about_is_ours_to_do(settings: Any) -> None:
    settings.DB_PLANS_AHEAD = False  # to read what is sent
    order = an_order()
    with clock.fixed(NOW), CaptureQueriesContext(connection) as told:
        ticket = open_by_staff(
            kind="question", title="Leaking", actor=staff(), about=About(order_id=order.pk), text="The lid leaks."
        )
    rows = everything(ticket)
    assert [(each["metric"], each["state"], each["stopped_at"], each["due_at"]) for each in rows["clocks"]] == [
        ("first_response", "met", NOW, None), ("resolution", "running", None, at("Wed 10:00")),
    ]  # fmt: skip
    assert [(each["of"], each["kind"], each["reason"], each["because"]) for each in rows["segments"]] == [
        ("first_response", "running", "opened", "0 ticket.opened"),
        ("first_response", "stopped", "reply", "1 ticket.noted"),
        ("resolution", "running", "opened", "0 ticket.opened"),
    ]
    assert (ticket.status, ticket.waiting_on, ticket.due_at) == ("open", "", at("Wed 10:00"))
    asked = [each["sql"] for each in told]
    assert len([sql for sql in asked if '"tickets_clocksegment"' in sql]) == 1
    assert len([sql for sql in asked if '"ledger_timer"' in sql]) == 1, "no timer is set only to be taken back"
    assert len([sql for sql in asked if sql.startswith('UPDATE "tickets_ticket"')]) == 1
