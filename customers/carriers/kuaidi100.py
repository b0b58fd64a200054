"""The push and the answer of kuaidi100 (快递100): `state` of the parcel, and with result version 4 a code for each scan."""

from collections.abc import Mapping
from typing import Any

from customers.carriers.told import BadReport, Scan, Told, beijing, told, words

# Main states, then the finer ones that differ from their main state. 301 to 303 are deliveries to a person; 304 and 501
# lie in a locker or at a station, where nobody has taken the goods into their hands yet.
_STATUS = {
    "0": "in_transit", "1": "picked_up", "2": "exception", "3": "signed", "4": "returned", "5": "out_for_delivery",
    "6": "returning", "7": "in_transit", "8": "in_transit", "10": "in_transit", "11": "in_transit", "12": "in_transit",
    "13": "exception", "14": "refused",
    "101": "created", "102": "created", "103": "picked_up", "303": "signed_by_other", "304": "at_station",
    "401": "returned", "501": "at_station",
}  # fmt: skip
_COURIERS = {
    "shunfeng": "SF", "zhongtong": "ZTO", "yuantong": "YTO", "shentong": "STO", "yunda": "YD", "jtexpress": "JTSD",
    "jd": "JD", "debangwuliu": "DBL", "debangkuaidi": "DBL", "youzhengguonei": "YZPY", "ems": "EMS",
}  # fmt: skip
PINYIN = {code: name for name, code in reversed(_COURIERS.items())}  # what a query must call our code


def read(payload: Mapping[str, Any]) -> Told:
    """A push (`lastResult` inside) or the answer to a query. Raises `BadReport`."""
    result = payload.get("lastResult", payload)
    if not isinstance(result, Mapping):
        raise BadReport("lastResult is missing.")
    data = result.get("data", [])
    if not isinstance(data, list) or not all(isinstance(row, Mapping) for row in data):
        raise BadReport("data must be a list of scans.")
    newest = _status(result.get("state", "0"))
    scans = []
    for place, row in enumerate(data):  # newest first
        code = row.get("statusCode")
        status = _status(code) if code not in (None, "") else newest if place == 0 else "in_transit"
        scans.append(Scan(beijing(row.get("ftime") or row.get("time")), status, words(row.get("context"))))
    was, found = _courier(payload.get("comOld")), _courier(payload.get("comNew"))  # corrected by them
    courier = found or _courier(result.get("com"))
    ended = words(payload.get("message")) or "ended" if payload.get("status") == "abort" else ""
    return told(courier, result.get("nu"), scans, ended, was if found and was != found else "")


def _courier(code: object) -> str:
    text = str(code or "").strip().lower()
    return _COURIERS.get(text, text)


def _status(code: object) -> str:
    """A finer code we do not list counts as its main state; what we cannot place at all is on the way."""
    text = str(code).strip()
    return _STATUS.get(text) or _STATUS.get(text[:-2], "in_transit")
