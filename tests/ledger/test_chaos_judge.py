"""The judge of the chaos run sees what it is there for: each broken invariant is a missed figure."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bench.chaos_parts.judge import races, reports
from tests.ledger.chaos.run import House

Rows = list[tuple[object, ...]]


class Told:
    """A house whose database says this."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def query(self, _sql: str) -> Rows:
        return self.rows


def missed(judge: Any, rows: Rows, heard: dict[str, bool]) -> list[str]:
    return [figure.what.split()[0] for figure in judge(cast(House, Told(rows)), heard) if figure.missed]


@pytest.mark.parametrize(
    ("row", "heard", "what"),
    [
        (("a", 1, None, "done"), True, []),  # the timer came first
        (("a", None, 2, "cancelled"), True, []),  # the withdrawal did
        (("a", None, 2, "cancelled"), False, ["withdrawals", "I6"]),  # nobody was told that it was heard
        (("a", 1, 2, "done"), True, ["I6"]),
        (("a", 2, 1, "cancelled"), True, ["I6"]),
        (("a", None, None, "pending"), True, ["I6"]),
    ],
)
def test_of_a_decision_and_a_withdrawal_there_is_one(row: tuple[object, ...], heard: bool, what: list[str]) -> None:
    assert missed(races, [row], {"a": heard}) == what


@pytest.mark.parametrize(
    ("rows", "heard", "what"),
    [
        ([("SF1", 1)], {"SF1": True}, []),
        ([], {"SF1": True}, ["I9"]),
        ([("SF1", 2)], {"SF1": True}, ["I9"]),
        ([("SF1", 1), ("SF2", 1)], {"SF1": True}, ["I9"]),
        ([("SF1", 1)], {"SF1": False}, ["reports"]),
    ],
)
def test_a_report_that_was_acknowledged_is_one_row(rows: Rows, heard: dict[str, bool], what: list[str]) -> None:
    assert missed(reports, rows, heard) == what
