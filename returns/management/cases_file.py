"""A CSV of facts as cases for a back-test: one case a line, one fact a column. Called by the command `backtest`.

Columns are facts of docs/facts.md; `yes` and `no` for yes/no. An empty cell is a fact that was not said and takes its
default. Beside the facts there may be `ref`, `month` (2026-10), `currency`, and `outbound_fee`, `return_fee`,
`replacement_fee` in minor units.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from returns.rules.arrays import numpy
from returns.rules.backtest import Cases
from returns.rules.columns import from_facts, picked
from returns.rules.facts import BadFact, Fact, validate, vocabulary
from returns.rules.verdict import LEGS

REF, MONTH, CURRENCY = "ref", "month", "currency"
FEES = {f"{leg}_fee": leg for leg in LEGS}
BESIDE = (REF, MONTH, CURRENCY, *FEES)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class BadCell(ValueError):
    """A cell that cannot be read; names line and column and says what to write."""

    def __init__(self, line: int, column: str, why: str) -> None:
        super().__init__(f"line {line}, column {column}: {why}" if column else f"line {line}: {why}")


@dataclass
class CaseFile:
    """What was read: the good cases, and every bad cell of the others."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    fees: list[dict[str, int]] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)

    def cases(self) -> Cases:
        np = numpy()
        names, numbers = np.unique(np.array(self.currencies, dtype=str), return_inverse=True)
        stored = {leg: np.array([fee[leg] for fee in self.fees], dtype="i8") for leg in LEGS}
        return Cases(
            columns=from_facts(self.facts),
            refs=lambda case: self.refs[case],
            months=np.array(self.months, dtype="i8"),
            currencies=numbers,
            currency_names=tuple(str(name) for name in names),
            freight=lambda some: picked(stored, some),
        )


def read_cases_file(path: Path) -> CaseFile:
    """Every case of the file. Raises BadCell for the header, OSError and UnicodeDecodeError for the file itself."""
    out = CaseFile()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            _check_header(header)
            for fields in reader:
                if any(text.strip() for text in fields):
                    _read(out, reader.line_num, header, fields)
        except csv.Error as error:
            raise BadCell(reader.line_num, "", f"is not readable as CSV: {error}") from None
    return out


def _check_header(header: list[str]) -> None:
    words = (*vocabulary(), *BESIDE)
    if not header:
        raise BadCell(1, "", "is empty; the first line names the facts")
    for name in header:
        if name not in words:
            near = get_close_matches(name, words, 1)
            raise BadCell(1, name, f"is not a known fact{f'; did you mean {near[0]}' if near else ''}")
        if header.count(name) > 1:
            raise BadCell(1, name, "stands twice")


def _read(out: CaseFile, line: int, header: list[str], fields: list[str]) -> None:
    if len(fields) != len(header):
        out.bad.append(BadCell(line, "", f"has {len(fields)} fields where {len(header)} are needed"))
        return
    raw = {name: text.strip() for name, text in zip(header, fields, strict=True)}
    column = ""
    try:
        facts = {}
        for column, text in raw.items():
            if column in vocabulary() and text:
                facts[column] = vocabulary()[column].check(_value(vocabulary()[column], text))
        column = MONTH
        month = _month(raw.get(MONTH, ""))
        fees = dict.fromkeys(LEGS, 0)
        for column, leg in FEES.items():
            fees[leg] = _fee(raw.get(column, ""))
        column = CURRENCY
        currency = _currency(raw.get(CURRENCY, ""))
        column = ""
        complete = validate(facts)
    except BadFact as error:
        out.bad.append(BadCell(line, error.name, error.why))
        return
    except ValueError as error:
        out.bad.append(BadCell(line, column, str(error)))
        return
    out.facts.append(complete)
    out.refs.append(raw.get(REF, "") or f"line {line}")
    out.months.append(month)
    out.currencies.append(currency)
    out.fees.append(fees)


def _value(fact: Fact, text: str) -> str | int | bool:
    """A cell as the value it means; what it may be is checked by the fact."""
    if fact.kind == "bool":
        if text.lower() not in ("yes", "no", "true", "false", "1", "0"):
            raise ValueError(f"write yes or no instead of {text!r}")
        return text.lower() in ("yes", "true", "1")
    if fact.kind in ("int", "money"):
        if not re.fullmatch(r"-?\d+", text, re.ASCII):
            raise ValueError(f"write a whole number from {fact.lo} to {fact.hi} instead of {text!r}")
        return int(text)
    return text


def _month(text: str) -> int:
    found = _MONTH.fullmatch(text)
    if text and not found:
        raise ValueError(f"write a month such as 2026-10 instead of {text!r}")
    return int(found[1]) * 100 + int(found[2]) if found else 0


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError(f"write a currency such as CNY instead of {text!r}")
    return text.upper() or "CNY"


def _fee(text: str) -> int:
    if text and not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise ValueError(f"write minor units as a whole number instead of {text!r}")
    return int(text or 0)
