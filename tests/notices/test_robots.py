"""A robot in a group chat: one line for each event, its answers understood, and a lost answer never sent again blindly."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor, Role
from aftersales.ledger.models import Due, Outbound
from aftersales.notices.actions.webhooks import end_webhook
from aftersales.notices.models import Webhook
from tests.notices.http_double import Answer, HttpDouble
from tests.world import a_review, a_webhook, an_order

MIA = Actor(kind="staff", id=9, role=Role.MANAGER, label="Mia")
TAKEN = Answer(body=b'{"errcode":0,"errmsg":"ok"}')


@pytest.fixture
def robot(db: None, settings: Any) -> Iterator[HttpDouble]:
    settings.SHOP_NAME = settings.SMS_SIGN_NAME = "山海小店"
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        a_webhook(f"{double.url}?key=abc", events=["review.added"], kind=Webhook.Kind.ROBOT, actor=MIA)
        yield double


def pass_time(drain: Callable[[], int]) -> Outbound:
    start = clock.now()
    for minute in range(0, 30, 2):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()
    return Outbound.objects.get(channel="robot")


def test_it_says_in_one_line_what_happened_and_names_nobody(robot: HttpDouble, drain: Callable[[], int]) -> None:
    robot.answers = [TAKEN]
    order = an_order()
    review = a_review(order)
    item = pass_time(drain)
    (request,) = robot.requests
    assert json.loads(request.body) == {
        "msgtype": "text", "text": {"content": f"【山海小店】收到 1 星评价 {review.ref}"},
    }  # fmt: skip
    assert request.path.endswith("?key=abc")
    assert order.person.name not in request.body.decode()
    assert item.status == Due.Status.DONE


@pytest.mark.parametrize(
    ("answer", "status", "calls"),
    [
        (Answer(body=b'{"errcode":93000,"errmsg":"invalid webhook url"}'), Due.Status.FAILED, 1),
        (Answer(hang_up=True), Due.Status.UNKNOWN, 1),
        (Answer(body=b"<html>"), Due.Status.UNKNOWN, 1),
        (Answer(body=b'{"errcode":45009}'), Due.Status.DONE, 2),
        (Answer(503), Due.Status.DONE, 2),
    ],
)
def test_its_answers_are_understood(
    robot: HttpDouble, drain: Callable[[], int], answer: Answer, status: str, calls: int
) -> None:
    robot.answers = [answer, TAKEN]
    a_review(an_order())
    item = pass_time(drain)
    assert (item.status, len(robot.requests)) == (status, calls)


def test_one_that_was_ended_hears_nothing(robot: HttpDouble, drain: Callable[[], int]) -> None:
    a_review(an_order())
    end_webhook(Webhook.objects.get().ref, actor=MIA)
    drain()
    assert robot.requests == []
