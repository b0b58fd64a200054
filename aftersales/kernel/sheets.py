"""Cells and lines of tables that people open in a spreadsheet. Called by the office and the desk."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

MARK = "\ufeff"  # lets Excel read Chinese in UTF-8
# A cell that begins so is run as a formula by Excel, LibreOffice and WPS (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANKS = " \u00a0\u3000\ufeff"


def harmless(cell: str | int) -> str | int:
    """The cell as text that no spreadsheet runs: an apostrophe before anything that could begin a formula.

    Also where blanks stand before it: some programs trim them.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(_BLANKS).startswith(_FORMULA) else cell


def line_of(cells: Sequence[str | int]) -> str:
    """One line of the file, its end included."""
    page = io.StringIO()
    csv.writer(page).writerow([harmless(cell) for cell in cells])
    return page.getvalue()
