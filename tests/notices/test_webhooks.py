"""Webhooks: signed so that the receiver can check, repeated until taken, and never into our own network."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS, Actor, Role
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.record import record
from aftersales.notices.actions.webhooks import end_webhook
from tests.notices.http_double import Answer, HttpDouble
from tests.world import a_webhook

pytestmark = pytest.mark.smoke
MIA = Actor(kind="staff", id=9, role=Role.MANAGER, label="Mia")
EVENT = "ticket.opened"


@pytest.fixture
def receiver(db: None, settings: Any) -> Iterator[HttpDouble]:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        yield double


def happen(name: str = EVENT) -> None:
    with transaction.atomic():
        record(name, on=Team.objects.get_or_create(name="Returns")[0], actor=MIA, kind="return")


def pass_time(drain: Callable[[], int], hours: float) -> None:
    start = clock.now()
    for tick in range(int(hours * 6) + 1):
        with clock.fixed(start + tick * dt.timedelta(minutes=10)):
            drain()


def test_it_is_signed_so_that_the_receiver_can_check(receiver: HttpDouble, drain: Callable[[], int]) -> None:
    _, secret = a_webhook(receiver.url, events=[EVENT], actor=MIA)
    happen()
    happen("ticket.closed")
    drain()
    (request,) = receiver.requests
    parts = dict(part.split("=", 1) for part in request.headers["X-Desk-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{parts['t']}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert parts["v1"] == expected
    assert abs(time.time() - int(parts["t"])) < 60
    told = json.loads(request.body)
    assert (told["event"], told["data"], told["by"]) == (EVENT, {"kind": "return"}, "staff")
    assert request.headers["X-Desk-Id"] == str(told["id"])


def test_it_is_repeated_under_the_same_id_until_it_is_taken(receiver: HttpDouble, drain: Callable[[], int]) -> None:
    a_webhook(receiver.url, events=[EVENT], actor=MIA)
    receiver.answers = [Answer(500), Answer(hang_up=True), Answer(429, headers={"Retry-After": "60"}), Answer(204)]
    happen()
    pass_time(drain, 1)
    assert len(receiver.requests) == 4
    assert len({request.headers["X-Desk-Id"] for request in receiver.requests}) == 1
    assert Outbound.objects.get().status == Due.Status.DONE


def test_six_hours_away_lose_nothing_and_delay_nobody_else(
    receiver: HttpDouble, drain: Callable[[], int], settings: Any
) -> None:
    a_webhook(receiver.url, events=[EVENT], actor=MIA)
    with HttpDouble() as healthy:
        settings.OUTBOUND_ALLOWED = [receiver.authority, healthy.authority]
        a_webhook(healthy.url, events=[EVENT], actor=MIA)
        receiver.answers = [Answer(503)] * 10_000
        start = clock.now()
        happen()
        with clock.fixed(start + dt.timedelta(seconds=1)):
            drain()
        assert len(healthy.requests) == 1
        for tick in range(1, 37):
            with clock.fixed(start + tick * dt.timedelta(minutes=10)):
                drain()
        receiver.answers = []
        for tick in range(37, 41):
            with clock.fixed(start + tick * dt.timedelta(minutes=10)):
                drain()
        assert len(healthy.requests) == 1
    assert set(Outbound.objects.values_list("status", flat=True)) == {Due.Status.DONE}


@pytest.mark.parametrize("status", [301, 400, 401, 410])
def test_a_receiver_that_says_no_is_not_asked_again(
    receiver: HttpDouble, drain: Callable[[], int], status: int
) -> None:
    a_webhook(receiver.url, events=[EVENT], actor=MIA)
    receiver.answers = [Answer(status)]
    happen()
    pass_time(drain, 1)
    item = Outbound.objects.get()
    assert (len(receiver.requests), item.status, item.last_error) == (
        1,
        Due.Status.FAILED,
        f"The receiver answered {status}.",
    )


def test_an_address_that_became_private_is_not_called(
    receiver: HttpDouble, drain: Callable[[], int], settings: Any
) -> None:
    a_webhook(receiver.url, events=[EVENT], actor=MIA)
    settings.OUTBOUND_ALLOWED = []
    happen()
    drain()
    assert receiver.requests == []
    assert "not called any more" in Outbound.objects.get().last_error


def test_an_ended_one_hears_nothing_even_of_what_was_on_its_way(receiver: HttpDouble, drain: Callable[[], int]) -> None:
    webhook, _ = a_webhook(receiver.url, events=[EVENT], actor=MIA)
    receiver.answers = [Answer(503)]
    happen()
    drain()
    end_webhook(webhook.ref, actor=MIA)
    end_webhook(webhook.ref, actor=MIA)
    happen()
    pass_time(drain, 1)
    assert len(receiver.requests) == 1


def test_private_addresses_are_refused_when_they_are_typed(db: None) -> None:
    for url in ("https://169.254.169.254/", "http://127.0.0.1:8000/", "https://user@example.org/"):
        with pytest.raises(BadInput) as refusal:
            a_webhook(url, events=[EVENT], actor=MIA)
        assert (refusal.value.code, refusal.value.field) == ("webhook_refused", "url")


def test_only_managers_and_only_events_that_are_offered(receiver: HttpDouble) -> None:
    for actor in (ANONYMOUS, Actor(kind="staff", id=1, role=Role.AGENT)):
        with pytest.raises(NotPermitted):
            a_webhook(receiver.url, events=[EVENT], actor=actor)
    for events in ([], ["contact.revealed"]):
        with pytest.raises(BadInput):
            a_webhook(receiver.url, events=events, actor=MIA)
    with pytest.raises(NotFound):
        end_webhook("W-000000000", actor=MIA)


def test_two_webhooks_have_two_secrets(receiver: HttpDouble) -> None:
    (_, one), (_, two) = (a_webhook(receiver.url, events=[EVENT], actor=MIA) for _ in range(2))
    assert len({one, two}) == 2
    assert len(one) == 64
