"""The push and the answer of 快递鸟 (kdniao): `State` of the parcel and `Traces`, oldest first."""

from collections.abc import Mapping
from typing import Any

from customers.carriers.told import BadReport, Scan, Told, beijing, told, words

_STATUS = {
    "0": "created", "1": "picked_up", "2": "in_transit", "3": "signed", "4": "exception", "5": "in_transit",
    "6": "in_transit", "201": "in_transit", "202": "out_for_delivery", "204": "in_transit", "211": "at_station",
    "301": "signed", "302": "signed", "304": "signed_by_other", "311": "at_station", "401": "exception",
    "404": "refused", "405": "exception", "406": "returning", "407": "returned", "412": "at_station",
}  # fmt: skip


def read(payload: Mapping[str, Any]) -> Told:
    """One parcel of a push, or the answer to a query. Raises `BadReport`."""
    traces = payload.get("Traces") or []
    if not isinstance(traces, list) or not all(isinstance(row, Mapping) for row in traces):
        raise BadReport("Traces must be a list of scans.")
    newest = _status(payload.get("StateEx") or payload.get("State", "2"))
    scans = []
    for place, row in enumerate(traces, 1):
        code = row.get("Action")
        status = _status(code) if code else newest if place == len(traces) else "in_transit"
        scans.append(Scan(beijing(row.get("AcceptTime")), status, words(row.get("AcceptStation"))))
    return told(str(payload.get("ShipperCode", "")).strip().upper(), payload.get("LogisticCode"), scans)


def _status(code: object) -> str:
    text = str(code).strip()
    return _STATUS.get(text) or _STATUS.get(text[:1], "in_transit")
