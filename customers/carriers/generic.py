"""Our own form, for carriers and programs that write no dialect: see docs/tracking.md.

{"carrier": "SF", "number": "SF1385628716739",
 "scans": [{"at": "2026-11-27T18:30:00+08:00", "status": "out_for_delivery", "text": "…"}]}
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from customers.carriers.told import BadReport, Scan, Told, told, utc, words

STATUSES = (
    "created", "picked_up", "in_transit", "out_for_delivery", "at_station", "signed", "signed_by_other", "exception",
    "refused", "returning", "returned", "lost_suspected",
)  # fmt: skip


def read(payload: Mapping[str, Any]) -> Told:
    """One parcel. Raises `BadReport`."""
    rows = payload.get("scans")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise BadReport("scans must be a list with at least one scan.")
    return told(str(payload.get("carrier", "")).strip(), payload.get("number"), [_scan(row) for row in rows])


def _scan(row: Mapping[str, Any]) -> Scan:
    status = row.get("status")
    if status not in STATUSES:
        raise BadReport(f"The status {str(status)[:30]!r} is none of ours; choose one of: {', '.join(STATUSES)}.")
    try:
        at = dt.datetime.fromisoformat(str(row.get("at")))
    except ValueError:
        raise BadReport(
            f"The time {str(row.get('at'))[:40]!r} cannot be read; write 2026-11-27T18:30:00+08:00."
        ) from None
    if at.tzinfo is None:
        raise BadReport("A time has no zone; write 2026-11-27T18:30:00+08:00.")
    return Scan(utc(at), str(status), words(row.get("text")))
