"""Each dialect is read into our words; a locker and a station are not the customer's hands."""

from __future__ import annotations

from typing import Any

import pytest

from customers.carriers import DIALECTS, BadReport
from customers.carriers.generic import STATUSES
from customers.models.shipment import TrackingStatus

PUSH: dict[str, Any] = {
    "status": "polling",
    "lastResult": {
        "state": "5",
        "com": "yuantong",
        "nu": "YT8962646785389",
        "data": [
            {"context": "派件中", "time": "2026-11-27 08:10:00", "ftime": "2026-11-27 08:10:00"},
            {"context": "离开杭州", "time": "2026-11-26 20:00:00", "ftime": "2026-11-26 20:00:00"},
        ],
    },
}


def test_a_push_of_kuaidi100_is_read_in_beijing_time() -> None:
    told = DIALECTS["kuaidi100"](PUSH)
    assert (told.carrier, told.number, told.ended) == ("YTO", "YT8962646785389", "")
    assert [(scan.at.isoformat(), scan.status) for scan in told.scans] == [
        ("2026-11-26T12:00:00+00:00", "in_transit"),
        ("2026-11-27T00:10:00+00:00", "out_for_delivery"),
    ]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("301", "signed"), ("302", "signed"), ("303", "signed_by_other"), ("304", "at_station"), ("501", "at_station"),
        ("1002", "in_transit"), ("4", "returned"), ("6", "returning"), ("14", "refused"), ("2", "exception"),
        ("13", "exception"), ("999", "in_transit"), (5, "out_for_delivery"),
    ],
)  # fmt: skip
def test_states_of_kuaidi100(code: object, status: str) -> None:
    row = {"context": "…", "ftime": "2026-11-27 08:10:00", "statusCode": code}
    told = DIALECTS["kuaidi100"]({"com": "shunfeng", "nu": "SF1385628716739", "state": "0", "data": [row]})
    assert told.scans[0].status == status


def test_a_number_that_is_followed_no_longer_says_why() -> None:
    told = DIALECTS["kuaidi100"]({**PUSH, "status": "abort", "message": "3天查询无记录"})
    assert told.ended == "3天查询无记录"


def test_a_push_of_kdniao() -> None:
    traces = [
        {"AcceptTime": "2026-11-26 20:00:00", "AcceptStation": "离开杭州"},
        {"AcceptTime": "2026-11-27 09:00:00", "AcceptStation": "已放入丰巢", "Action": "412"},
    ]
    told = DIALECTS["kdniao"]({"ShipperCode": "ZTO", "LogisticCode": "73610555582883", "State": "2", "Traces": traces})
    assert [scan.status for scan in told.scans] == ["in_transit", "at_station"]
    assert told.carrier == "ZTO"


@pytest.mark.parametrize(
    ("dialect", "payload"),
    [
        ("kuaidi100", {"nu": "1", "data": [{"ftime": "27.11.2026"}]}),
        ("kuaidi100", {"nu": "1", "data": "x"}),
        ("kuaidi100", {"lastResult": None}),
        ("kuaidi100", {"data": []}),
        ("kdniao", {"LogisticCode": "1", "Traces": [1]}),
        ("generic", {"number": "1", "scans": [{"at": "2026-11-27T10:00:00+08:00", "status": "signed"}] * 501}),
    ],
)
def test_what_is_no_report_says_so(dialect: str, payload: dict[str, Any]) -> None:
    with pytest.raises(BadReport):
        DIALECTS[dialect](payload)


def test_the_words_of_the_generic_form_are_those_of_the_archive() -> None:
    assert set(STATUSES) == set(TrackingStatus.values)
