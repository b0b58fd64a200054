"""Edits of a pack's examples: cases that a named row is to decide, one JSON object a line in `examples.jsonl`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from returns.rules.editing.refused import EditError, gettext_noop
from returns.rules.facts import BadFact, validate
from returns.rules.text import PackError

FILE = "examples.jsonl"


@dataclass(frozen=True, slots=True)
class Example:
    """One case. `row` is `table/id`; `number` its line in the file, from 1."""

    number: int
    row: str
    facts: dict[str, Any]

    @property
    def table(self) -> str:
        return self.row.split("/")[0]


def read_examples(files: Mapping[str, str]) -> tuple[Example, ...]:
    """Every example of the pack; none where it has no such file. Raises PackError naming the line."""
    out = []
    for number, line in enumerate(files.get(FILE, "").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except json.JSONDecodeError as error:
            raise PackError(FILE, f"is not JSON: {error}", number) from None
        if not (
            isinstance(read, dict) and isinstance(read.get("row"), str) and "/" in read["row"]
            and isinstance(read.get("facts"), dict)
        ):  # fmt: skip
            raise PackError(FILE, 'needs {"row": "TABLE/ID", "facts": {...}}', number)
        out.append(Example(number, read["row"], read["facts"]))
    return tuple(out)


def add_example(files: Mapping[str, str], row: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The files with one example more, beside the others of its table. Raises EditError naming a fact that cannot be."""
    line = _line(row, facts)
    lines = files.get(FILE, "").splitlines(keepends=True)
    table = row.split("/")[0]
    after = max((each.number for each in read_examples(files) if each.table == table), default=len(lines))
    if after and not lines[after - 1].endswith("\n"):
        lines[after - 1] += "\n"
    return {**files, FILE: "".join([*lines[:after], line, *lines[after:]])}


def set_example(files: Mapping[str, str], number: int, row: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The files with another case or another row in that line."""
    return _replaced(files, number, _line(row, facts))


def remove_example(files: Mapping[str, str], number: int) -> dict[str, str]:
    """The files without the example in that line."""
    return _replaced(files, number, "")


def without_row(files: Mapping[str, str], row: str) -> dict[str, str]:
    """The files without the examples of a row."""
    out = dict(files)
    for example in reversed(read_examples(files)):
        if example.row == row:
            out = remove_example(out, example.number)
    return out


def _replaced(files: Mapping[str, str], number: int, line: str) -> dict[str, str]:
    lines = files.get(FILE, "").splitlines(keepends=True)
    if not 1 <= number <= len(lines):
        raise EditError(gettext_noop("Example %(number)s is not there any more."), number=number)
    lines[number - 1] = line
    return {**files, FILE: "".join(lines)}


def _line(row: str, facts: Mapping[str, Any]) -> str:
    try:
        validate(facts)
    except BadFact as bad:
        raise EditError(
            gettext_noop("The case of row %(row)s cannot be: %(column)s %(why)s."), row, bad.name, why=bad.why
        ) from None
    return json.dumps({"row": row, "facts": dict(facts)}, ensure_ascii=False) + "\n"
