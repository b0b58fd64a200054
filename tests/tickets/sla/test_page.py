"""The worked examples of docs/sla.md, counted row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tickets.sla.hours import OFFICE, at, clock
from tickets.models.sla_settings import read_length
from tickets.sla import due_at, elapsed, remaining, state

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "sla.md"


def rows() -> list[list[str]]:
    lines = _PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line.startswith("| running")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_the_page_says_what_the_clock_counts(row: list[str]) -> None:
    segments, target, now = clock(*row[0].split(", ")), read_length(row[1], ""), at(row[2])
    assert elapsed(segments, OFFICE, now) == read_length(row[3], "")
    assert remaining(segments, OFFICE, target, now) == read_length(row[4], "", zero=True)
    assert due_at(segments, OFFICE, target) == (None if row[5] == "–" else at(row[5]))
    assert state(segments, OFFICE, target, now) == row[6]


def test_there_are_examples() -> None:
    assert len(rows()) == 7
