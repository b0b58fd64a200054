"""Decided cases read back in bulk, as columns for a back-test. Called by the back-test's command and job.

On Postgres the coded facts come by binary COPY straight into NumPy; SQLite has no COPY, and fetches rows.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from returns.models import CodedCase, FreightEntry, ReturnLine
from returns.models.coded import coding_of
from returns.rules.arrays import numpy
from returns.rules.backtest import Cases
from returns.rules.coding import Coding
from returns.rules.columns import from_records, record_type
from returns.rules.verdict import LEGS

PIECE = 400_000  # cases read and decided at once: some two hundred megabytes
_COPY_HEADER = 19  # bytes before the first row of a binary COPY
_PG_EPOCH = "2000-01-01"
_LINES_A_QUERY = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """How far the reading has come: everything of earlier codings, and of this one up to a line."""

    coding: int = 0
    line: int = 0


def count_cases(pack: str, since: dt.date | None = None) -> int:
    """How many cases of a rule set there are to read, decided on or after a day where the shop is."""
    return int(_stored(pack, since).count())


def read_cases(pack: str, since: dt.date | None = None, after: Place = Place()) -> Iterator[tuple[Place, Cases]]:
    """The cases in pieces, each with the place from which to go on later."""
    codings = _stored(pack, since).filter(coding__gte=after.coding).order_by("coding").values_list("coding", flat=True)
    for coding in codings.distinct():
        line = after.line if coding == after.coding else 0
        while True:
            rows = _read(pack, since, coding, line)
            if not len(rows.lines):
                break
            line = int(rows.lines[-1])
            yield Place(coding, line), _as_cases(rows, coding_of(coding))


def name_cases(lines: set[int]) -> dict[str, str]:
    """The references of the returns that these lines belong to, by line as text."""
    return {str(line): ref for line, ref in ReturnLine.objects.filter(pk__in=lines).values_list("pk", "of__ref")}


def _stored(pack: str, since: dt.date | None) -> Any:
    stored = CodedCase.objects.filter(pack=pack)
    return stored.filter(decided_on__gte=since) if since else stored


@dataclass(frozen=True, slots=True)
class _Rows:
    """A piece as it was read: lines, days since 1970, currencies as bytes, and the coded facts as records."""

    lines: Any
    days: Any
    currencies: Any
    facts: Any


def _as_cases(rows: _Rows, made_by: Coding) -> Cases:
    np = numpy()
    currencies, numbers = np.unique(rows.currencies, return_inverse=True)
    months = rows.days.astype("M8[D]").astype("M8[M]").astype("i8") + 1970 * 12
    return Cases(
        columns=from_records(rows.facts, made_by),
        refs=lambda case: str(rows.lines[case]),
        months=months // 12 * 100 + months % 12 + 1,
        currencies=numbers,
        currency_names=tuple(name.decode() for name in currencies),
        freight=lambda some: freight_of(rows.lines[some]),
    )


def _read(pack: str, since: dt.date | None, coding: int, after: int) -> _Rows:
    """The next piece behind a line, at most `PIECE` cases."""
    facts = record_type(coding_of(coding))
    if connection.vendor == "postgresql":
        return _copied(pack, since, coding, after, facts)
    np = numpy()
    stored = _stored(pack, since).filter(coding=coding, line__gt=after).order_by("line")[:PIECE]
    rows = list(stored.values_list("line_id", "decided_on", "currency", "facts"))
    first = dt.date(1970, 1, 1)
    return _Rows(
        lines=np.array([row[0] for row in rows], dtype="i8"),
        days=np.array([(row[1] - first).days for row in rows], dtype="i8"),
        currencies=np.array([row[2].encode() for row in rows], dtype="S3"),
        facts=np.frombuffer(b"".join(bytes(row[3]) for row in rows), dtype=facts),
    )


def _copied(pack: str, since: dt.date | None, coding: int, after: int, facts: Any) -> _Rows:
    """Every field has a fixed width, so that the rows of the COPY lie in memory as NumPy wants them."""
    np = numpy()
    given: list[Any] = [pack, coding, after]
    wanted = "SELECT line_id, decided_on, currency::char(3), facts FROM returns_codedcase"
    wanted += " WHERE pack = %s AND coding_id = %s AND line_id > %s"
    if since:
        wanted += " AND decided_on >= %s"
        given.append(since)
    into = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.cursor.mogrify(f"{wanted} ORDER BY line_id LIMIT {PIECE}", given).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", into)
    row = np.dtype(
        [
            ("fields", ">i2"),
            ("line_size", ">i4"), ("line", ">i8"),
            ("day_size", ">i4"), ("day", ">i4"),
            ("currency_size", ">i4"), ("currency", "S3"),
            ("facts_size", ">i4"), ("facts", facts),
        ]
    )  # fmt: skip
    read = into.getbuffer()
    count = (len(read) - _COPY_HEADER - 2) // row.itemsize  # two bytes end the file
    rows = np.frombuffer(read, dtype=row, count=count, offset=_COPY_HEADER)
    widths = {"fields": 4, "line_size": 8, "day_size": 4, "currency_size": 3, "facts_size": facts.itemsize}
    if len(read) != _COPY_HEADER + count * row.itemsize + 2 or any((rows[n] != w).any() for n, w in widths.items()):
        raise ValueError("a coded case has another width than its coding says")
    epoch = int(np.datetime64(_PG_EPOCH).astype("i8"))
    return _Rows(rows["line"].astype("i8"), rows["day"].astype("i8") + epoch, rows["currency"], rows["facts"])


def freight_of(lines: Any) -> dict[str, Any]:
    """What is stored for each leg of these lines, in minor units. A parcel of several lines is shared out evenly, the
    odd units to the first."""
    np = numpy()
    out = {leg: np.zeros(len(lines), dtype="i8") for leg in LEGS}
    places = {int(line): place for place, line in enumerate(lines)}
    numbers = list(places)
    for start in range(0, len(numbers), _LINES_A_QUERY):
        paid = FreightEntry.objects.filter(
            of__in=ReturnLine.objects.filter(pk__in=numbers[start : start + _LINES_A_QUERY]).values("of"),
            amount_minor__gt=0,
        ).values_list("of", "leg", "amount_minor")
        parcels: dict[int, list[int]] = defaultdict(list)
        told = list(paid)
        inside = ReturnLine.objects.filter(of__in={of for of, _leg, _amount in told}).order_by("pk")
        for of, line in inside.values_list("of", "pk"):
            parcels[of].append(line)
        for of, leg, amount in told:
            share, odd = divmod(amount, len(parcels[of]))
            for number, line in enumerate(parcels[of]):
                if line in places:
                    out[leg][places[line]] = share + (number < odd)
    return out
