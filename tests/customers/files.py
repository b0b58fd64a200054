"""Files as platforms export them, made by hand for the tests."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from aftersales.kernel.actor import SYSTEM
from customers.importers.registry import SOURCES
from customers.importers.report import Report
from customers.importers.run import Wish, import_orders


def csv_file(path: Path, rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8-sig", packed: bool = False) -> Path:
    """A CSV of these rows, the header among them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    data = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def xlsx_file(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook with these rows in its first sheet; numbers stay numbers."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def run(*paths: Path, source: str = "generic", **wish: Any) -> Report:
    return import_orders(Wish(source=SOURCES[source], paths=paths, **wish), actor=SYSTEM)


def codes(report: Report) -> list[str]:
    return [bad.code for bad in report.bad_rows]


GENERIC = ["order_number", "ordered_at", "title", "quantity", "unit_price"]


def generic_rows(*numbers: str) -> list[list[Any]]:
    """A good file: one shirt in each order."""
    return [GENERIC, *[[number, "2026-03-01 10:00:00", "亚麻衬衫", "1", "128.00"] for number in numbers]]
