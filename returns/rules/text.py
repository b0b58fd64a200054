"""A pack as text: TOML heads and one CSV line for each rule. Read by `pack`.

Everything is refused with file, row and column and with what to write instead. The way back is `canonical`.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from returns.rules.language import LAYERS, Cell, CellError, Column, Impossible, Invariant, Outcome, Row, Table

MARKS = ("verified", "excerpt", "practice", "unverified")  # how sure we are of the wording behind a row
FIXED = ("id", "layer")
TAIL = ("why", "sources", "mark", "contested")
BIGGEST_FILE = 2_000_000  # bytes; the largest honest pack is a hundredth of it


class PackError(ValueError):
    """A pack that cannot be read. Names the file, and the line and column where there is one; `why` says what to do."""

    def __init__(self, file: str, why: str, line: int = 0, column: str = "") -> None:
        place = file + (f", line {line}" if line else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: {why}")
        self.file = file
        self.line = line
        self.column = column
        self.why = why


def read_file(path: Path) -> str:
    """The text of a pack file, UTF-8 with or without a mark at its start, line ends as they come."""
    try:
        if path.stat().st_size > BIGGEST_FILE:
            raise PackError(path.name, f"is larger than {BIGGEST_FILE} bytes; a pack file never is")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PackError(path.name, "is missing from the pack") from None
    except UnicodeDecodeError:
        raise PackError(path.name, "is not UTF-8; save it as UTF-8") from None


def parse_toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(file, f"is not valid TOML: {error}") from None


def parse_table(name: str, head: str, body: str) -> Table:
    """A table from the text of its head (`NAME.toml`) and of its rows (`NAME.csv`)."""
    return with_rows(parse_head(name, head), body)


def parse_head(name: str, head: str) -> Table:
    """A table without its rows. Apart from `with_rows`, so that a wrong column is told before the rows stumble over
    it."""
    read = parse_toml(f"{name}.toml", head)
    columns = tuple(_column(name, raw) for raw in read.get("column", []))
    outcomes = tuple(_outcome(name, raw) for raw in read.get("outcome", []))
    if not columns or not outcomes:
        raise PackError(f"{name}.toml", "needs at least one [[column]] and one [[outcome]]")
    if len({column.name for column in columns}) < len(columns):
        raise PackError(f"{name}.toml", "names a column twice")
    each = read.get("each", "")
    if each and each not in {column.name for column in columns}:
        raise PackError(f"{name}.toml", f"each = {each!r} is not one of its columns")
    return Table(
        name=name,
        columns=columns,
        outcomes=outcomes,
        rows=(),
        impossible=tuple(_impossible(name, columns, raw) for raw in read.get("impossible", [])),
        each=each,
        invariants=tuple(_invariant(name, columns, outcomes, raw) for raw in read.get("invariant", [])),
        title={key: read[f"title_{key}"] for key in ("zh", "en") if f"title_{key}" in read},
    )


def with_rows(table: Table, body: str) -> Table:
    """The table with the rows of its CSV text."""
    return replace(table, rows=tuple(_rows(table.name, table.columns, table.outcomes, body)))


def _column(table: str, raw: Mapping[str, Any]) -> Column:
    file = f"{table}.toml"
    name = raw.get("name", "")
    if not isinstance(name, str) or not name:
        raise PackError(file, "has a [[column]] without a name")
    if isinstance(raw.get("enum"), list) and raw["enum"]:
        return Column.enum(name, (str(value) for value in raw["enum"]))
    if raw.get("bool") is True:
        return Column(name, "bool")
    for kind in ("int", "money"):
        if kind in raw:
            bounds = raw[kind]
            if not (isinstance(bounds, list) and len(bounds) == 2 and all(type(b) is int for b in bounds)):
                raise PackError(file, f"write {kind} = [lowest, highest]", column=name)
            if bounds[0] > bounds[1]:
                raise PackError(file, "has an empty range", column=name)
            return Column(name, kind, (), bounds[0], bounds[1])
    raise PackError(file, "needs enum = [...], bool = true, int = [lo, hi] or money = [lo, hi]", column=name)


def _outcome(table: str, raw: Mapping[str, Any]) -> Outcome:
    name = str(raw.get("name", ""))
    for kind in ("enum", "list"):
        if isinstance(raw.get(kind), list):
            return Outcome(name, kind, tuple(str(value) for value in raw[kind]))
    for kind in ("bool", "int"):
        if raw.get(kind) is True:
            return Outcome(name, kind)
    raise PackError(f"{table}.toml", "needs enum = [...], list = [...], bool = true or int = true", column=f"->{name}")


def _impossible(table: str, columns: tuple[Column, ...], raw: Mapping[str, Any]) -> Impossible:
    file = f"{table}.toml"
    because = str(raw.get("because", ""))
    if not because:
        raise PackError(file, 'has an [[impossible]] box without because = "..."')
    known = {column.name: column for column in columns}
    cells: dict[str, Cell] = {}
    for name, text in raw.items():
        if name == "because":
            continue
        if name not in known:
            raise PackError(file, f"has an impossible box with an unknown column; {nearest(name, known)}", column=name)
        cells[name] = _cell(file, 0, known[name], str(text))
    return Impossible(tuple(cells.get(column.name) for column in columns), because)


def _invariant(
    table: str, columns: tuple[Column, ...], outcomes: tuple[Outcome, ...], raw: Mapping[str, Any]
) -> Invariant:
    """One `[[invariant]]`: `if` names columns and outcomes, `then` outcomes, each with its condition as text."""
    file = f"{table}.toml"
    because = str(raw.get("because", ""))
    then = raw.get("then")
    if not because or not isinstance(then, dict) or not then:
        raise PackError(file, 'has an [[invariant]] without because = "..." or then = { outcome = "..." }')
    of_column = {column.name: column for column in columns}
    of_outcome = {outcome.name: outcome for outcome in outcomes}
    cells: dict[str, Cell] = {}
    given: list[tuple[str, str]] = []
    for name, text in raw.get("if", {}).items():
        if name in of_column:
            cells[name] = _cell(file, 0, of_column[name], str(text))
        else:
            given.append((name, str(text)))
    promised = [(name, str(text)) for name, text in then.items()]
    for name, text in (*given, *promised):
        if name not in of_outcome:
            hint = nearest(name, [*of_column, *of_outcome])
            raise PackError(file, f"has an invariant on something it does not know; {hint}", column=name)
        try:
            of_outcome[name].meets(text, None)
        except CellError as error:
            raise PackError(file, str(error), column=f"->{name}") from None
    return Invariant(tuple(cells.get(column.name) for column in columns), tuple(given), tuple(promised), because)


def nearest(word: str, known: Any) -> str:
    """What to write instead of an unknown word."""
    near = get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]}" if near else f"choose one of {', '.join(known)}"


def _cell(file: str, line: int, column: Column, text: str) -> Cell:
    try:
        return column.parse(text)
    except CellError as error:
        raise PackError(file, str(error), line, column.name) from None


def header(columns: tuple[Column, ...], outcomes: tuple[Outcome, ...]) -> list[str]:
    """The first line of a table's CSV."""
    return [*FIXED, *(column.name for column in columns), *(f"->{outcome.name}" for outcome in outcomes), *TAIL]


def _rows(name: str, columns: tuple[Column, ...], outcomes: tuple[Outcome, ...], body: str) -> list[Row]:
    file = f"{name}.csv"
    reader = csv.reader(io.StringIO(body), strict=True)
    wanted = header(columns, outcomes)
    rows: list[Row] = []
    seen: dict[str, int] = {}
    try:
        for number, fields in enumerate(reader, start=1):
            if number == 1:
                if fields != wanted:
                    strange = [field for field in fields if field not in wanted]
                    hint = f"; {strange[0]!r}: {nearest(strange[0], wanted)}" if strange else ""
                    raise PackError(file, f"must begin with the line {','.join(wanted)}{hint}", 1)
                continue
            if not fields:
                continue
            if len(fields) != len(wanted):
                raise PackError(file, f"has {len(fields)} fields where {len(wanted)} are needed", reader.line_num)
            row = _row(file, reader.line_num, columns, outcomes, dict(zip(wanted, fields, strict=True)))
            if row.id in seen:
                raise PackError(file, f"uses the id {row.id} again; line {seen[row.id]} has it", row.line, "id")
            seen[row.id] = row.line
            rows.append(row)
    except csv.Error as error:
        raise PackError(file, f"is not readable as CSV: {error}", reader.line_num) from None
    if not rows:
        raise PackError(file, "has no rows")
    return rows


def _row(file: str, line: int, columns: tuple[Column, ...], outcomes: tuple[Outcome, ...], raw: dict[str, str]) -> Row:
    for name, text in raw.items():
        # A cell that a spreadsheet would compute has no place in a rule; `=3` is ours and harmless.
        if text[:1] in ("=", "+", "@", "-") and text != "-" and not text[1:].isdecimal():
            raise PackError(file, f"{text!r} looks like a spreadsheet formula; write a plain value", line, name)
    if not raw["id"].strip():
        raise PackError(file, "has a row without an id", line, "id")
    if raw["layer"] not in {str(layer) for layer in LAYERS}:
        raise PackError(file, "write 0 (law), 1 (contract), 2 (policy) or 3 (default)", line, "layer")
    said: list[object] = []
    for outcome in outcomes:
        try:
            said.append(outcome.parse(raw[f"->{outcome.name}"]))
        except CellError as error:
            raise PackError(file, str(error), line, f"->{outcome.name}") from None
    if raw["mark"] not in MARKS:
        raise PackError(file, f"write one of {', '.join(MARKS)} instead of {raw['mark']!r}", line, "mark")
    return Row(
        id=raw["id"].strip(),
        layer=int(raw["layer"]),
        cells=tuple(_cell(file, line, column, raw[column.name]) for column in columns),
        outcome=tuple(said),
        why=raw["why"].strip(),
        sources=tuple(source.strip() for source in raw["sources"].split("|") if source.strip()),
        mark=raw["mark"],
        contested="" if raw["contested"] == "-" else raw["contested"].strip(),
        line=line,
    )
