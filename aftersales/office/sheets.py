"""Tables as files for spreadsheets. Called by the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from aftersales.kernel.sheets import MARK, harmless, line_of

__all__ = ["csv_answer", "harmless"]


def csv_answer(name: str, rows: Iterable[Sequence[str | int]]) -> HttpResponse:
    """A download in UTF-8 with the mark that lets Excel read Chinese."""
    answer = HttpResponse(MARK + "".join(map(line_of, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
