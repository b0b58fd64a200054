"""What differs between two texts of one pack, row by row and word by word. Called when a draft is saved and compared.

This is about the text; whether a decision changes is `diff`'s business.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

MOST = 500  # changes named one by one; a draft taken over from elsewhere may differ everywhere


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, word or line. `before` is None for what is new, `after` for what is gone."""

    file: str
    row: str
    column: str
    before: str | None
    after: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Every difference, by file, then in the order of the newer text; at most `MOST`. Same texts: an empty list."""
    found: list[Change] = []
    for file in sorted({*before, *after}):
        old, new = before.get(file), after.get(file)
        if old == new:
            continue
        if old is None or new is None:
            found.append(Change(file, "", "", None if old is None else "…", None if new is None else "…"))
            continue
        here = list(_cells(file, _read(file, old), _read(file, new)))
        # Spacing, comments and order differ in the text and in nothing else.
        found += here or [Change(file, "", "", "…", "…")]
    return found[:MOST]


def _read(file: str, text: str) -> dict[str, dict[str, str]]:
    """The text as row → column → word. A text that cannot be read is told line by line."""
    try:
        if file.endswith(".csv"):
            lines = csv.DictReader(io.StringIO(text), strict=True)
            return {str(row.get("id", "")): {k: v for k, v in row.items() if isinstance(v, str)} for row in lines}
        return {str(key): dict(_flat("", value)) for key, value in tomllib.loads(text).items()}
    except (csv.Error, tomllib.TOMLDecodeError):
        return {str(number): {"": line} for number, line in enumerate(text.splitlines(), start=1)}


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for number, inner in enumerate(value, start=1):
            yield from _flat(f"{path}.{number}" if path else str(number), inner)
    else:
        yield path, str(value)


def _cells(file: str, old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> Iterator[Change]:
    for row, cells in new.items():
        if row not in old:
            yield Change(file, row, "", None, _line(cells))
            continue
        for column in dict.fromkeys((*cells, *old[row])):
            was, now = old[row].get(column), cells.get(column)
            if was != now:
                yield Change(file, row, column, was, now)
    for row, cells in old.items():
        if row not in new:
            yield Change(file, row, "", _line(cells), None)


def _line(cells: dict[str, str]) -> str:
    """A whole row on one line, without what says nothing."""
    return ", ".join(
        f"{name}: {value}" if name else value for name, value in cells.items() if value not in ("", "*", "-")
    )
