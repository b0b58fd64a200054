"""The judge of the chaos run sees what it is there for: each broken invariant is a missed figure."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.chaos_parts.judge import photos, races, refunds, reports
from tests.ledger.chaos.run import House

Rows = list[tuple[object, ...]]


class Told:
    """A house whose database says this."""

    def __init__(self, rows: Rows, **besides: Any) -> None:
        self.rows = rows
        self.__dict__.update(besides)

    def query(self, sql: str) -> Rows:
        return self.__dict__.get("miscounted", []) if "refunded_minor" in sql else self.rows


def missed(judge: Any, rows: Rows, heard: dict[Any, bool], **besides: Any) -> list[str]:
    return [figure.what.split()[0] for figure in judge(cast(House, Told(rows, **besides)), heard) if figure.missed]


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


@pytest.mark.parametrize(
    ("status", "felt", "miscounted", "what"),
    [
        ("paid", {"refund:F1": {"500"}}, [], []),
        ("paid", {}, [], ["I3"]),  # nobody paid it
        ("paid", {"refund:F1": {"700"}}, [], ["I3"]),
        ("paid", {"refund:F1": {"500", "700"}}, [], ["I3"]),
        ("paid", {"refund:F1": {"500"}, "refund:F2": {"500"}}, [], ["I3"]),
        ("sending", {"refund:F1": {"500"}}, [], ["I3", "I3"]),
        ("due", {}, [], ["I3"]),
        ("paid", {"refund:F1": {"500"}}, [(1,)], ["I4"]),
    ],
)
def test_a_released_refund_is_one_payment_of_its_sum(
    status: str, felt: dict[str, set[str]], miscounted: Rows, what: list[str]
) -> None:
    far_side = SimpleNamespace(effects=dict.fromkeys(felt, 0.0), told=felt)
    rows: Rows = [(1, "refund:F1", status, 500)]
    assert missed(refunds, rows, {1: True}, far_side=far_side, miscounted=miscounted) == what


def test_an_attachment_has_its_file_byte_for_byte(tmp_path: Path) -> None:
    def told(rows: Rows) -> list[str]:
        return missed(photos, rows, {1: True}, files=tmp_path)

    row = (1, "a.jpg", hashlib.sha256(b"photo").hexdigest())
    assert told([row]) == ["I12"]
    (tmp_path / "a.jpg").write_bytes(b"photo")
    assert told([row]) == ["I12"], "the small one is not there"
    (tmp_path / "a.jpg.thumb").write_bytes(b"small")
    assert told([row]) == []
    assert told([row, row]) == ["I8"]
    assert told([]) == ["I8"]
    (tmp_path / "a.jpg").write_bytes(b"phot")
    assert told([row]) == ["I12"]
