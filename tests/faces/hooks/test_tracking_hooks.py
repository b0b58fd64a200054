"""Carriers' calls: only what is signed with a secret that is set, answered in the sender's words, harmless when repeated."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from customers.models import TrackingReport
from tests.customers.test_carriers import PUSH
from tests.customers.test_tracking import on_its_way, scan

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-the-tests"
GENERIC, KUAIDI100, KDNIAO = (f"/hooks/tracking/{each}/" for each in ("generic", "kuaidi100", "kdniao"))
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _secrets(settings: Any) -> None:
    settings.TRACKING_SECRETS = dict.fromkeys(("generic", "kuaidi100", "kdniao"), SECRET)


def signed(body: bytes, *, at: int | None = None, secret: str = SECRET) -> str:
    at = int(time.time()) if at is None else at
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def call(body: bytes, header: str | None = None) -> Any:
    headers = {"X-Desk-Signature": signed(body) if header is None else header}
    return Client().post(GENERIC, body, content_type="application/json", headers=headers)


def one_parcel() -> bytes:
    shipment = on_its_way()
    return json.dumps({"carrier": "SF", "number": shipment.number, "scans": [scan("picked_up")]}).encode()


def test_a_signed_report_is_taken_in_once() -> None:
    body = one_parcel()
    for _ in range(10):
        assert call(body).json()["received"][0]["state"] == "placed"
    assert TrackingReport.objects.count() == 1


def test_what_is_not_signed_as_it_should_be_is_refused_and_not_kept(settings: Any) -> None:
    body = one_parcel()
    old = signed(body, at=int(time.time()) - 301)
    for header in ("", "t=1", signed(b"other"), signed(body, secret="other"), old, "t=²,v1=x", "v1=" + "0" * 64):
        assert call(body, header).status_code == 403, header
    settings.TRACKING_SECRETS = {**settings.TRACKING_SECRETS, "generic": ""}
    assert call(body, signed(body, secret="")).status_code == 403
    assert not TrackingReport.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", b'{"parcels": 1}', b'{"parcels": [1]}', b"[" * 100_000, b'{"number": "1"}',
     json.dumps({"parcels": [{}] * 101}).encode()],
    ids=["empty", "list", "broken", "not utf-8", "number", "numbers", "deep", "no scans", "many"],
)  # fmt: skip
def test_what_cannot_be_read_is_told(body: bytes) -> None:
    answer = call(body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


_SCAN = '{"at": "%s", "status": "in_transit", "text": "%s"}'
_ODD = {
    "half a character": _SCAN % ("2026-11-27T09:00:00+08:00", "\\ud83d"),
    "NUL": _SCAN % ("2026-11-27T09:00:00+08:00", "\\u0000"),
    "no number": '{"at": "2026-11-27T09:00:00+08:00", "status": "in_transit", "weight": NaN}',
    "beyond numbers": '{"at": "2026-11-27T09:00:00+08:00", "status": "in_transit", "weight": 1e999}',
    "year 1": _SCAN % ("0001-01-01T00:00:00+08:00", ""),
    "year 9999": _SCAN % ("9999-12-31T23:59:59-08:00", ""),
}


@pytest.mark.parametrize("odd", _ODD)
def test_odd_content_is_told_and_holds_up_no_other_parcel_of_its_call(odd: str) -> None:
    good, bad = one_parcel(), f'{{"carrier": "SF", "number": "SF2", "scans": [{_ODD[odd]}]}}'
    answer = call(bad.encode())
    assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    assert not TrackingReport.objects.exists()
    answer = call(f'{{"parcels": [{bad}, {good.decode()}]}}'.encode())
    assert answer.status_code == 200
    told = answer.json()["received"]
    assert [(each["number"], each["state"]) for each in told] == [
        ("SF2", "unreadable"), (json.loads(good)["number"], TrackingReport.objects.get().state),
    ]  # fmt: skip
    assert told[0]["why"]


def test_a_backslash_before_four_noughts_is_a_text() -> None:
    parcel = json.loads(one_parcel())
    parcel["scans"][0]["text"] = "C:\\u0000"
    assert call(json.dumps(parcel).encode()).status_code == 200
    assert TrackingReport.objects.get().body["scans"][0]["text"] == "C:\\u0000"


def test_one_bad_parcel_does_not_undo_a_call_of_a_hundred() -> None:
    good = json.loads(one_parcel())
    parcels = [{**good, "number": f"SF{number:012d}"} for number in range(99)]
    answer = call(json.dumps({"parcels": [*parcels[:50], {"number": "x" * 99}, *parcels[50:]]}).encode())
    assert answer.status_code == 200
    assert TrackingReport.objects.count() == 99
    assert answer.json()["received"][50]["state"] == "unreadable"


@pytest.mark.parametrize("at", ["0001-01-01 00:00:00", "2026-13-01 10:00:00", "9999-12-31 23:59:59"])
def test_the_services_odd_times_are_told_in_their_words(at: str) -> None:
    param = json.dumps({**PUSH, "lastResult": {**PUSH["lastResult"], "data": [{"ftime": at, "context": "杭州"}]}})
    sign = hashlib.md5((param + SECRET).encode()).hexdigest().upper()
    answer = Client().post(KUAIDI100, urlencode({"param": param, "sign": sign}), content_type=FORM)
    assert (answer.status_code, answer.json()["result"]) == (422, False)
    fine = {"ShipperCode": "ZTO", "LogisticCode": "73610555582883", "State": "2", "Traces": []}
    odd = {**fine, "Traces": [{"AcceptTime": at, "AcceptStation": "\ud83d"}]}
    data = json.dumps({"Data": [odd, fine]})
    sign = base64.b64encode(hashlib.md5((data + SECRET).encode()).hexdigest().encode()).decode()
    answer = Client().post(KDNIAO, urlencode({"RequestData": data, "DataSign": sign}), content_type=FORM)
    assert (answer.status_code, answer.json()["Success"]) == (200, True)
    assert answer.json()["Reason"].startswith("1 of 2 not read: ")
    assert TrackingReport.objects.get().number == "73610555582883"


def test_half_a_megabyte_is_the_most() -> None:
    assert call(b" " * (512 * 1024 + 1)).status_code == 413


def test_kuaidi100_hears_its_own_yes() -> None:
    param = json.dumps(PUSH, ensure_ascii=False)
    sign = hashlib.md5((param + SECRET).encode()).hexdigest().upper()
    for _ in range(2):
        answer = Client().post(KUAIDI100, urlencode({"param": param, "sign": sign}), content_type=FORM)
        assert answer.json() == {"result": True, "returnCode": "200", "message": "成功"}
    assert TrackingReport.objects.get().why == "unknown"
    bad = Client().post(KUAIDI100, urlencode({"param": param, "sign": "0" * 32}), content_type=FORM)
    assert (bad.status_code, bad.json()["result"]) == (403, False)


def test_kdniao_hears_its_own_yes() -> None:
    trace = {"AcceptTime": "2026-11-27 09:00:00", "AcceptStation": "杭州"}
    parcel = {"ShipperCode": "ZTO", "LogisticCode": "73610555582883", "State": "2", "Traces": [trace]}
    data = json.dumps({"EBusinessID": "1", "Count": "1", "Data": [parcel]}, ensure_ascii=False)
    sign = base64.b64encode(hashlib.md5((data + SECRET).encode()).hexdigest().encode()).decode()
    answer = Client().post(KDNIAO, urlencode({"RequestData": data, "DataSign": sign}), content_type=FORM)
    assert answer.json()["Success"] is True
    bad = Client().post(KDNIAO, urlencode({"RequestData": data, "DataSign": "x"}), content_type=FORM)
    assert (bad.status_code, bad.json()["Success"]) == (403, False)
    assert TrackingReport.objects.count() == 1


def test_only_a_post_is_a_report() -> None:
    for address in (GENERIC, KUAIDI100, KDNIAO):
        assert Client().get(address).status_code == 405
