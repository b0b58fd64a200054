"""The page of operations: what is due and late, who sweeps, what needs a person; repairs and stops with a reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock
from aftersales.ledger import breakers, gauges, outbox, selfcheck
from aftersales.ledger.models import Due, Event, Outbound, SelfCheck, Stop, SweepRun, Timer
from customers.models import TrackingService
from tests.world import a_return, a_shop, an_order

pytestmark = pytest.mark.django_db
PAGE = "/office/operations/"
Office = Callable[..., Client]


def flat(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def stuck(**fields: object) -> Outbound:
    item = outbox.put(channel="refund", key="refund:F", on=a_shop(), payload={"a": 1})
    Outbound.objects.filter(pk=item.pk).update(**{"status": Due.Status.QUARANTINED, "last_error": "away", **fields})
    item.refresh_from_db()
    return item


def test_it_says_that_all_is_well_and_who_swept(office: Office) -> None:
    SweepRun.objects.create(trigger="beat", at=clock.now())
    page = flat(office("auditor").get(PAGE).content)
    assert "Everything is done on time, and nothing needs a person." in page
    assert "beat, every second just now" in page
    assert "Stop sending" not in page, "an auditor looks"


def test_what_is_late_silent_or_skewed_is_said(office: Office) -> None:
    now = clock.now()
    a_return(an_order())
    Timer.objects.update(due_at=now - dt.timedelta(minutes=5))
    SweepRun.objects.create(trigger="beat", at=now - dt.timedelta(minutes=2))
    client = office()
    assert "Due work is not being done" in flat(client.get(PAGE).content)
    SweepRun.objects.create(trigger="loop", at=now, skew_ms=600_000)
    page = flat(client.get(PAGE).content)
    for said in ("The beat is silent", "Work is late", "The clock of a worker is wrong", "600,000 ms", "5 min"):
        assert said in page
    text = Client().get("/metrics").content.decode()
    assert 'desk_clock_ahead_seconds{trigger="loop"} 600.0' in text
    late = re.search(r'desk_oldest_seconds\{kind="timer"\} ([\d.]+)', text)
    assert late
    assert 300 <= float(late[1]) < 330


def test_lag_is_that_of_the_last_hour(db: None) -> None:
    now, order = clock.now(), an_order()
    common = {"subject_type": "customers.order", "subject_id": order.pk, "set_at": now, "status": "done"}
    for number in range(100):
        done = now - dt.timedelta(minutes=30)
        Timer.objects.create(kind=f"t{number}", due_at=done - dt.timedelta(seconds=number), done_at=done, **common)
    long_ago = now - dt.timedelta(hours=2)
    Timer.objects.create(kind="old", due_at=long_ago - dt.timedelta(hours=1), done_at=long_ago, **common)
    found = gauges.depths(now)[0]
    assert (found.done, found.p50, found.p99) == (100, 50.0, 99.0)
    text = Client().get("/metrics").content.decode()
    assert 'desk_lag_seconds{kind="timer",quantile="0.99"} 99.0' in text


def test_a_row_is_tried_again_with_a_reason_and_the_event_keeps_it(office: Office) -> None:
    item, client = stuck(), office("lead")
    page = client.get(PAGE)
    assert f"/office/operations/work/outbound/{item.pk}/retry/" in page.content.decode()
    where = f"/office/operations/work/outbound/{item.pk}/retry/"
    assert "under the same key" in client.get(where).content.decode()
    assert client.post(where, {"reason": " "}).status_code == 400
    assert client.post(where, {"reason": "the provider is back"}).status_code == 302
    item.refresh_from_db()
    assert item.status == Due.Status.PENDING
    assert Event.objects.get(name="work.retried").data["why"] == "the provider is back"
    assert "There is nothing to decide here any more" in client.get(where).content.decode()


def test_what_is_in_doubt_is_settled_and_not_repeated(office: Office) -> None:
    item, client = stuck(status=Due.Status.UNKNOWN), office("lead")
    page = client.get(PAGE).content.decode()
    assert "/retry/" not in page
    answer = client.post(f"/office/operations/work/outbound/{item.pk}/retry/", {"reason": "try"})
    assert answer.status_code == 409
    assert "Look at the far side first" in answer.content.decode()


def test_a_timer_is_given_up_and_twice_changes_nothing(office: Office) -> None:
    a_return(an_order())
    timer = Timer.objects.pending().first()
    assert timer
    Timer.objects.filter(pk=timer.pk).update(status=Due.Status.QUARANTINED)
    client, where = office("lead"), f"/office/operations/work/timer/{timer.pk}/give-up/"
    for _ in range(2):
        assert client.post(where, {"reason": "done by phone"}).status_code == 302
    timer.refresh_from_db()
    assert timer.status == Due.Status.CANCELLED
    assert Event.objects.filter(name="work.cancelled").count() == 1


def test_sending_is_stopped_and_goes_on_with_a_reason(office: Office) -> None:
    client = office("lead")
    sent = {"what": "template:shipment.arriving", "reason": "wrong words"}
    assert client.post(f"{PAGE}stops/new/", sent).status_code == 302
    page = flat(client.get(PAGE).content)
    assert "Stopped: template: shipment.arriving wrong words" in page
    row = Stop.objects.get()
    assert 'desk_stopped{what="template:shipment.arriving"} 1.0' in Client().get("/metrics").content.decode()
    assert client.post(f"{PAGE}stops/{row.pk}/end/", {"reason": ""}).status_code == 400
    assert client.post(f"{PAGE}stops/{row.pk}/end/", {"reason": "put right"}).status_code == 302
    assert "Stopped:" not in flat(client.get(PAGE).content)


def test_decisions_without_a_person_are_stopped_there(office: Office) -> None:
    client = office("lead")
    assert client.post(f"{PAGE}stops/new/", {"what": "decisions", "reason": "wrong rules"}).status_code == 302
    assert "Stopped: decisions without a person wrong rules" in flat(client.get(PAGE).content)


def test_held_back_rows_are_counted_apart_and_are_not_late(office: Office) -> None:
    past = clock.now() - dt.timedelta(hours=3)
    outbox.put(channel="email", key="k", on=a_shop(), payload={}, due_at=past)
    Stop.objects.create(what="channel:email", reason="drill", at=past)
    found = gauges.depths(clock.now())[2]
    assert (found.due, found.held, found.oldest_seconds) == (1, 1, 0.0)
    assert Client().get("/readyz").json()["oldest_due_seconds"] == 0.0


def test_an_open_breaker_is_shown_and_measured(office: Office) -> None:
    for _ in range(5):
        breakers.failed("sms", "the gateway is away", clock.now())
    page = flat(office().get(PAGE).content)
    assert "SMS 5 failures in a row the gateway is away" in page
    assert 'desk_breaker_open{destination="sms"} 1.0' in Client().get("/metrics").content.decode()


def test_it_says_what_does_not_hold_which_row_breaks_it_and_what_to_do(office: Office) -> None:
    a_return(an_order())
    client, timer = office("lead"), Timer.objects.pending().order_by("due_at")[0]
    looks = {each.code: each for each in selfcheck.known()}
    selfcheck.check(looks["I1"], clock.now())
    assert "Something does not hold" not in flat(client.get(PAGE).content)
    Timer.objects.filter(pk=timer.pk).update(due_at=clock.now() - dt.timedelta(minutes=3))
    selfcheck.check(looks["I1"], clock.now())
    page = client.get(PAGE).content
    for said in ("A check that must always pass has failed.", "1 row breaks it", "start the worker, the beat or"):
        assert said in flat(page)
    assert f"/office/ledger/timer/{timer.pk}/change/" in page.decode()
    assert 'desk_selfcheck_rows{check="I1"} 1.0' in Client().get("/metrics").content.decode()
    SelfCheck.objects.update(rows=0, at=clock.now() - dt.timedelta(hours=3))
    assert "The self-check is late." in flat(client.get(PAGE).content)


def test_it_says_how_carriers_are_asked_and_what_failed(office: Office, settings: Any) -> None:
    client, now = office(), clock.now()
    assert "Off: no key is set." in flat(client.get(PAGE).content)
    settings.TRACKING_ASK_KEY, settings.TRACKING_ASK_CUSTOMER, settings.TRACKING_ASK_A_DAY = "key", "customer", 20
    assert "No parcel needs to be asked about now" in flat(client.get(PAGE).content)
    service = TrackingService.objects.create(
        source="kuaidi100", day=clock.shop_date(now), asked=7, asked_at=now, answered_at=now,
        failed_at=now - dt.timedelta(hours=1), last_error="kuaidi100 does not answer (code 503).",
    )  # fmt: skip
    page = flat(client.get(PAGE).content)
    assert "Asked for 7 of at most 20 parcels today" in page
    assert "code 503" in page
    assert "Asking carriers for parcels fails" not in page, "it has answered since"
    TrackingService.objects.filter(pk=service.pk).update(failed_at=now + dt.timedelta(seconds=1), asked=20)
    page = flat(client.get(PAGE).content)
    assert "Asking carriers for parcels fails" in page
    assert "is used up" in page


def test_the_open_page_asks_for_its_part_within_its_queries(
    office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_return(an_order())
    stuck()
    client = office()
    client.get(PAGE)
    with django_assert_max_num_queries(28):
        part = client.get(PAGE, headers={"X-Fresh": "operations"})
    assert (
        part.content.decode().lstrip().startswith('<div class="stack stack--loose office-operations" id="operations">')
    )


def test_what_is_not_there_is_not_there_and_only_leads_decide(office: Office) -> None:
    item, client = stuck(), office("lead")
    for path in (
        "work/outbound/0/retry/",
        f"work/pigeon/{item.pk}/retry/",
        f"work/outbound/{item.pk}/burn/",
        "stops/0/end/",
    ):
        assert client.get(PAGE + path).status_code == 404, path
    assert office("auditor").post(f"{PAGE}work/outbound/{item.pk}/retry/", {"reason": "x"}).status_code == 403
    assert office("auditor").get(f"{PAGE}stops/new/").status_code == 403
    assert office("agent").get(PAGE).status_code == 403


def test_it_speaks_chinese(office: Office) -> None:
    stuck()
    page = flat(office().get(PAGE, headers={"Accept-Language": "zh-hans"}).content)
    assert "运行状况" in page
    assert "消息与付款" in page
    assert "确已完成" in page
