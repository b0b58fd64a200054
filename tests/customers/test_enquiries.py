"""Parcels nobody tells of are asked for, signed as kuaidi100 documents it, slowly, once, and off without a key."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from aftersales.environment import BadEnvironment, length_of_hours
from aftersales.kernel import clock
from aftersales.ledger.models import Breaker, Outbound
from customers import jobs
from customers.actions import enquiries
from customers.carriers import enquiry
from customers.models import Address, Order, Shipment, TrackingReport, TrackingService
from tests.customers.test_tracking import on_its_way, scan, told
from tests.notices.http_double import Answer, HttpDouble, Request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_network_in_transaction")]
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
KEY, CUSTOMER = "a-key-of-the-tests", "A-CUSTOMER"
Drain = Callable[[], int]


@pytest.fixture
def service(settings: Any) -> Iterator[HttpDouble]:
    with HttpDouble() as double:
        settings.TRACKING_ASK_KEY, settings.TRACKING_ASK_CUSTOMER = KEY, CUSTOMER
        settings.TRACKING_ASK_URL, settings.OUTBOUND_ALLOWED = double.url, [double.authority]
        yield double


def silent_parcel(carrier: str = "YTO", number: str = "YT8962646785389") -> Shipment:
    """On its way for two days, and nobody has told of it."""
    with clock.fixed(NOON - 48 * HOUR):
        shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(carrier=carrier, number=number, shipped_at=NOON - 48 * HOUR)
    Order.objects.filter(pk=shipment.order_id).update(placed_at=NOON - 72 * HOUR, status="shipped", delivered_at=None)
    shipment.refresh_from_db()
    return shipment


def answer(number: str, *scans: tuple[str, str, str], **other: Any) -> Answer:
    """As the service answers with resultv2 4, the newest scan first."""
    data = [{"ftime": at, "time": at, "context": text, "statusCode": code} for at, code, text in reversed(scans)]
    body = {"message": "ok", "status": "200", "state": scans[-1][1][:1], "com": "yuantong", "nu": number, "data": data}
    return Answer(body=json.dumps({**body, **other}, ensure_ascii=False).encode())


def test_what_is_not_asked_after_all_closes_no_breaker(service: HttpDouble, drain: Drain) -> None:
    arrived = silent_parcel()
    with clock.fixed(NOON):
        enquiries.ask_some(NOON)
        Shipment.objects.filter(pk=arrived.pk).update(status="signed")
        Breaker.objects.create(destination="kuaidi100", failures=5, open_until=NOON - HOUR, failed_at=NOON - HOUR)
        drain()
    assert Outbound.objects.get().provider_ref.startswith("not asked")
    assert service.requests == []
    breaker = Breaker.objects.get(destination="kuaidi100")
    assert (breaker.failures, breaker.open_until) == (5, NOON), "the next one goes first, alone"
    late = NOON + HOUR
    silent = silent_parcel(number="YT8962646785390")
    service.answers = [answer(silent.number, ("2026-11-23 09:00:00", "1", "杭州"))]
    with clock.fixed(late):
        enquiries.ask_some(late)
        drain()
    assert len(service.requests) == 1
    breaker.refresh_from_db()
    assert (breaker.failures, breaker.open_until) == (0, None)


def refusal(code: str) -> Answer:
    return Answer(body=json.dumps({"result": False, "returnCode": code, "message": "…"}).encode())


def accepts(request: Request) -> dict[str, Any]:
    """What the service does first: compute the signature anew over the text that came. Gives `param`."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode(), keep_blank_values=True).items()}
    assert set(form) == {"customer", "sign", "param"}
    assert form["customer"] == CUSTOMER
    assert form["sign"] == hashlib.md5(f"{form['param']}{KEY}{CUSTOMER}".encode()).hexdigest().upper()
    return dict(json.loads(form["param"]))


def sweep_at(at: dt.datetime, drain: Drain) -> None:
    with clock.fixed(at):
        enquiries.ask_some(at)
        drain()


def test_a_silent_parcel_is_asked_for_and_its_answer_taken_in_as_a_push(service: HttpDouble, drain: Drain) -> None:
    shipment = silent_parcel()
    service.answers = [
        answer(shipment.number, ("2026-11-22 09:00:00", "103", "已揽收"), ("2026-11-23 08:30:00", "5", "派件中"))
    ]
    sweep_at(NOON, drain)
    asked = accepts(service.requests[0])
    assert (asked["com"], asked["num"], asked["phone"], asked["resultv2"]) == ("yuantong", shipment.number, "", "4")
    shipment.refresh_from_db()
    assert (shipment.status, shipment.tracking.count()) == ("out_for_delivery", 2)
    row = TrackingService.objects.get()
    assert (row.asked, row.asked_at, row.answered_at, row.failed_at) == (1, NOON, NOON, None)
    assert Outbound.objects.get(channel="kuaidi100").provider_ref == f"report {TrackingReport.objects.get().pk}"


def test_it_is_asked_once_in_its_time_and_the_same_answer_changes_nothing(service: HttpDouble, drain: Drain) -> None:
    shipment = silent_parcel()
    same = answer(shipment.number, ("2026-11-22 09:00:00", "103", "已揽收"))
    service.answers = [same, same]
    for hours in (0, 1, 11):
        sweep_at(NOON + hours * HOUR, drain)
    assert len(service.requests) == 1
    sweep_at(NOON + 13 * HOUR, drain)
    assert (len(service.requests), TrackingReport.objects.count(), shipment.tracking.count()) == (2, 1, 1)


def test_who_was_told_of_or_has_arrived_or_cannot_be_asked_is_not(service: HttpDouble, drain: Drain) -> None:
    with clock.fixed(NOON - 3 * HOUR):
        told(silent_parcel(number="YT0000000000001"), scan("in_transit"))
    arrived = silent_parcel(number="YT0000000000002")
    Shipment.objects.filter(pk=arrived.pk).update(status="signed")
    silent_parcel("DHL", "JD0000000000003")
    silent_parcel(number="12345")  # shorter than any
    young = silent_parcel(number="YT0000000000004")
    Shipment.objects.filter(pk=young.pk).update(shipped_at=NOON - HOUR)
    old = silent_parcel(number="YT0000000000005")
    Order.objects.filter(pk=old.order_id).update(placed_at=NOON - dt.timedelta(days=90))
    sweep_at(NOON, drain)
    assert service.requests == []


def test_without_a_key_nothing_is_asked(service: HttpDouble, drain: Drain, settings: Any) -> None:
    silent_parcel()
    settings.TRACKING_ASK_KEY = ""
    sweep_at(NOON, drain)
    assert (service.requests, TrackingService.objects.count()) == ([], 0)
    assert jobs.ask_carriers() == 0


def test_sf_is_asked_with_the_receivers_phone_and_not_without(service: HttpDouble, drain: Drain) -> None:
    shipment = silent_parcel("SF", "SF1385628716739")
    address = Address.objects.create(person=shipment.order.person, phone="138-0000-0009")
    Order.objects.filter(pk=shipment.order_id).update(address=address)
    service.answers = [refusal("500"), refusal("500")]
    sweep_at(NOON, drain)
    assert accepts(service.requests[0])["phone"] == "13800000009"
    Address.objects.update(is_masked=True)
    sweep_at(NOON + 13 * HOUR, drain)
    assert accepts(service.requests[1])["phone"] == "13800000001", "the customer's own, without the country"
    shipment.order.person.contact_points.all().delete()
    sweep_at(NOON + 26 * HOUR, drain)
    assert (len(service.requests), Outbound.objects.count()) == (2, 2)
    assert not TrackingService.objects.get().is_failing
    assert "1380000" not in json.dumps(list(Outbound.objects.values_list("payload", flat=True)))


def test_a_parcel_that_cannot_be_asked_for_spends_no_question_of_the_day(
    service: HttpDouble, drain: Drain, settings: Any
) -> None:
    settings.TRACKING_ASK_A_DAY = 2
    gone, mute, well = silent_parcel("ZTO", "ZT1000000000001"), silent_parcel("SF", "SF1000000000002"), silent_parcel()
    mute.order.person.contact_points.all().delete()
    service.answers = [refusal("500")] * 3
    with clock.fixed(NOON):
        enquiries.ask_some(NOON)
        gone.order.person.contact_points.all().delete()
    with clock.fixed(NOON + dt.timedelta(minutes=2)):
        enquiries.ask_some(NOON + dt.timedelta(minutes=2))
        drain()
    assert [accepts(request)["num"] for request in service.requests] == [well.number]
    told_of = TrackingService.objects.get()
    assert (told_of.asked, told_of.is_failing) == (1, False)
    assert Outbound.objects.get(subject_id=gone.pk).provider_ref.startswith("not asked")
    assert not Outbound.objects.filter(subject_id=mute.pk).exists()


def test_nothing_known_yet_is_an_answer(service: HttpDouble, drain: Drain) -> None:
    silent_parcel()
    service.answers = [refusal("500")]
    sweep_at(NOON, drain)
    row = Outbound.objects.get(channel="kuaidi100")
    assert (row.status, row.provider_ref) == ("done", "no scan yet")
    assert not TrackingService.objects.get().is_failing


@pytest.mark.parametrize("code", ["501", "503", "601", "777"])
def test_a_service_that_does_not_answer_is_asked_again_and_then_left_alone(
    service: HttpDouble, drain: Drain, code: str
) -> None:
    for number in range(6):
        silent_parcel(number=f"YT000000000001{number}")
    service.answers = [refusal(code)] * 20
    sweep_at(NOON, drain)
    assert len(service.requests) == 5, "the breaker opens"
    assert Breaker.objects.get().destination == "kuaidi100"
    told_of = TrackingService.objects.get()
    assert (told_of.is_failing, code in told_of.last_error) == (True, True)
    later = NOON + 13 * HOUR
    service.answers = []
    sweep_at(later, drain)
    assert set(Outbound.objects.filter(due_at__lt=later - 12 * HOUR).values_list("status", flat=True)) == {"expired"}


@pytest.mark.parametrize(
    "silence", [refusal("501"), Answer(status=503, headers={"Retry-After": "5"}), Answer(hang_up=True)]
)
def test_a_number_is_not_asked_for_again_within_half_an_hour_and_each_try_counts(
    service: HttpDouble, drain: Drain, settings: Any, silence: Answer
) -> None:
    shipment = silent_parcel()
    service.answers = [silence, silence, answer(shipment.number, ("2026-11-22 09:00:00", "103", "已揽收"))]
    settings.TRACKING_ASK_A_DAY = 2
    for minutes in (0, 1, 15, 29, 30):
        sweep_at(NOON + dt.timedelta(minutes=minutes), drain)
    assert len(service.requests) == 1, "asked twice in half an hour it would be locked"
    sweep_at(NOON + dt.timedelta(minutes=32), drain)
    assert (len(service.requests), TrackingService.objects.get().asked) == (2, 2)
    sweep_at(NOON + dt.timedelta(minutes=64), drain)
    row = Outbound.objects.get(channel="kuaidi100")
    assert (len(service.requests), row.status) == (2, "done"), "the day's questions are used up"
    assert "used up" in row.provider_ref
    sweep_at(NOON + 13 * HOUR, drain)
    assert (len(service.requests), shipment.tracking.count()) == (3, 1), "and tomorrow it is asked for"


def test_what_is_wrong_with_one_parcel_is_told_and_not_repeated(service: HttpDouble, drain: Drain) -> None:
    shipment = silent_parcel()
    service.answers = [refusal("408")]
    sweep_at(NOON, drain)
    service.answers = [answer("YT9999999999999", ("2026-11-22 09:00:00", "103", "已揽收"))]
    sweep_at(NOON + 13 * HOUR, drain)
    service.answers = [answer(shipment.number, ("yesterday", "103", "已揽收"))]
    sweep_at(NOON + 26 * HOUR, drain)
    assert list(Outbound.objects.order_by("pk").values_list("status", flat=True)) == ["failed"] * 3
    assert (len(service.requests), TrackingReport.objects.count()) == (3, 0)


def test_a_day_has_so_many_questions_and_few_wait_at_once(service: HttpDouble, settings: Any, drain: Drain) -> None:
    settings.TRACKING_ASK_A_DAY = 3
    for number in range(5):
        silent_parcel(number=f"YT000000000002{number}")
    service.answers = [refusal("500")] * 9
    sweep_at(NOON, drain)
    sweep_at(NOON + HOUR, drain)
    assert len(service.requests) == 3
    sweep_at(NOON + 24 * HOUR, drain)
    assert len(service.requests) == 6
    assert TrackingService.objects.get().asked == 3
    settings.TRACKING_ASK_A_DAY = 500
    with clock.fixed(NOON + 48 * HOUR):
        for number in range(30):
            silent_parcel(number=f"YT000000000003{number:02}")
        assert enquiries.ask_some(NOON + 48 * HOUR) + enquiries.ask_some(NOON + 49 * HOUR) == enquiries.MOST_WAITING


def test_the_sweep_looks_once_a_minute(service: HttpDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    silent_parcel()
    monkeypatch.setattr(jobs, "_next_ask", 0.0)
    with clock.fixed(NOON):
        assert (jobs.ask_carriers(), jobs.ask_carriers()) == (1, 0)


def test_an_unreadable_answer_is_no_answer() -> None:
    for body in (b"", b"<html>", b"[]", b"{}", b"[" * 100_000):
        with pytest.raises(enquiry.NotAnswered):
            enquiry.understood(body, "YT8962646785389")


def test_a_parcel_is_asked_for_every_hour_at_most() -> None:
    assert length_of_hours("TRACKING_ASK_HOURS", "1.5", least=1) == dt.timedelta(minutes=90)
    for bad in ("0.4", "soon", "nan", "1e999"):
        with pytest.raises(BadEnvironment, match="1 or more"):
            length_of_hours("TRACKING_ASK_HOURS", bad, least=1)
