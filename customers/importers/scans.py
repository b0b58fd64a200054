"""Scans from a table: `carrier,number,at,status,text`, one scan a row. For carriers that push nothing; see docs/tracking.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from customers.actions.tracking import report
from customers.carriers import BadReport, read
from customers.carriers.told import MOST_SCANS
from customers.importers.couriers import courier_code
from customers.importers.decoding import rows_of
from customers.importers.problems import BadFile
from customers.models import TrackingReport

COLUMNS = ("carrier", "number", "at", "status", "text")


class Outcome(NamedTuple):
    """What became of a file: reports by state, and each row that could not be used with its line."""

    states: dict[str, int]
    problems: list[tuple[int, str]]


def import_scans(path: Path, *, actor: Actor) -> Outcome:
    """Take in a CSV or workbook, parcel by parcel. Safe to repeat. Raises `BadFile` where its columns are others."""
    rows = rows_of(path)
    header = tuple(str(cell or "").strip().lower() for cell in next(rows, (0, []))[1])
    if header[: len(COLUMNS)] != COLUMNS:
        raise BadFile(
            _("%(file)s needs the columns %(columns)s in its first row."),
            code="columns", file=path.name, columns=", ".join(COLUMNS),
        )  # fmt: skip
    problems: list[tuple[int, str]] = []
    parcels: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line, cells in rows:
        carrier, number, at, status, text = ([*map(_text, cells), "", "", "", "", ""])[: len(COLUMNS)]
        scan = {"at": at, "status": status, "text": text}
        parcel = {"carrier": courier_code(carrier), "number": number}
        try:
            read("generic", {**parcel, "scans": [scan]})
        except BadReport as error:
            problems.append((line, str(error)))
        else:
            parcels.setdefault((parcel["carrier"], number), []).append(scan)
    states = dict.fromkeys(TrackingReport.State.values, 0)
    for (carrier, number), scans in parcels.items():
        for start in range(0, len(scans), MOST_SCANS):
            payload = {"carrier": carrier, "number": number, "scans": scans[start : start + MOST_SCANS]}
            states[report("generic", payload, actor=actor).state] += 1
    return Outcome(states, problems)


def _text(cell: object) -> str:
    return "" if cell is None else cell.isoformat() if hasattr(cell, "isoformat") else str(cell).strip()
