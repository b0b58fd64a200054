"""Tables as files for spreadsheets. Called by the dashboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# A cell that begins so is run as a formula by Excel, LibreOffice and WPS (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str | int) -> str | int:
    """The cell as text that no spreadsheet runs: an apostrophe before anything that could begin a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_answer(name: str, rows: Iterable[Sequence[str | int]]) -> HttpResponse:
    """A download in UTF-8 with the mark that lets Excel read Chinese."""
    page = io.StringIO()
    csv.writer(page).writerows([harmless(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + page.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
