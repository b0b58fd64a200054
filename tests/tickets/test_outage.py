"""After an outage every deadline that passed is due at once: two real workers see to each once, and each is told once.

CLOCK_BREACHES=10000 pytest tests/tickets/test_outage.py -s
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from aftersales.kernel import clock
from aftersales.ledger.models import Delivery, Event, Timer
from aftersales.notices.models import Notice
from tests.tickets.sla.hours import at
from tests.world import an_order, member, staff
from tickets.actions.opening import open_ticket
from tickets.models import Clock, ClockNotice

BREACHES = int(os.environ.get("CLOCK_BREACHES", "24"))  # 10,000 for the whole run
ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


def workers(count: int, seconds: float) -> list[str]:
    """So many processes that sweep until nothing is due, all at the same rows; what they complained of."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    url = f"{server}/{connection.settings_dict['NAME']}"
    environment = {**os.environ, "DESK_MODE": "test", "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "manage.py", "sweep"]
    started = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    try:
        return [process.communicate(timeout=seconds)[1] for process in started]
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait(10)


def test_every_deadline_missed_in_an_outage_is_seen_to_once_by_two_workers(capsys: pytest.CaptureFixture[str]) -> None:
    leads = {member("lead").pk, member("lead", "another lead").pk}
    order = an_order()
    with clock.fixed(at("Mon 09:00")):
        tickets = [
            open_ticket(
                kind="question", title="?", person=order.person, order=order, actor=staff(), queue_key="questions"
            )
            for _ in range(BREACHES)
        ]
    clocks = Clock.objects.filter(metric="first_response")
    assert clocks.count() == BREACHES
    due = dict(clocks.values_list("pk", "due_at"))
    begun = time.monotonic()
    for _ in range(
        20
    ):  # a worker stops where the other one has claimed the last rows; the next pass finds what these made due
        assert [said[-2000:] for said in workers(2, 60 + BREACHES) if "Traceback" in said] == []
        if not Timer.objects.ready(clock.now()).exists() and not Delivery.objects.filter(status="pending").exists():
            break
    took = time.monotonic() - begun

    missed = ClockNotice.objects.filter(clock__in=due, kind="missed")
    assert dict(missed.values_list("clock", "at")) == due, "each once, for the deadline and not for the worker"
    events = Event.objects.filter(name="clock.missed", data__metric="first_response")
    assert Counter(events.values_list("subject_id", flat=True)) == Counter(ticket.pk for ticket in tickets)
    assert set(events.values_list("at", flat=True)) == set(due.values())
    told = Notice.objects.filter(template="clock.missed", event__in=events)
    pairs = Counter(told.values_list("event", "recipient_id"))
    assert set(pairs.values()) == {1}
    assert {event for event, _lead in pairs} == set(events.values_list("pk", flat=True))
    assert {lead for _event, lead in pairs} <= leads
    steps = Event.objects.filter(name="clock.escalated", data__metric="first_response")
    assert set(Counter(steps.values_list("subject_id", "data__deed")).values()) <= {1}
    assert not Timer.objects.filter(status="quarantined").exists()
    assert not Delivery.objects.exclude(status="done").exists()
    with capsys.disabled():
        print(
            f"\n{BREACHES} deadlines missed in an outage, two workers: each told once, in {dt.timedelta(seconds=round(took))}"
        )
