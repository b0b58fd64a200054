"""Edits of the rows of one table: cells, outcomes, grounds, layers; new, copied and deleted rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from returns.rules.canonical import write_body
from returns.rules.editing.examples import without_row
from returns.rules.editing.refused import EditError, gettext_noop
from returns.rules.language import LAYERS, Cell, CellError, Column, Outcome, Row, Table
from returns.rules.text import MARKS, parse_table

Files = Mapping[str, str]


def read_table(files: Files, table: str) -> Table:
    """The table as it stands. Raises EditError where there is none, PackError where its text cannot be read."""
    if f"{table}.toml" not in files or f"{table}.csv" not in files:
        raise EditError(gettext_noop("There is no table %(table)s in this pack."), table=table)
    return parse_table(table, files[f"{table}.toml"], files[f"{table}.csv"])


def set_cell(files: Files, table: str, row: str, column: str, text: str) -> dict[str, str]:
    """The files with one condition of a row written anew: `*`, `a|b`, `not a|b`, `yes`, `no`, `=3`, `<=7`, `>=8`, `3..9`."""

    def change(read: Table, old: Row) -> Row:
        at = _position(read.columns, row, column)
        cells = list(old.cells)
        cells[at] = _cell(read.columns[at], row, text)
        return replace(old, cells=tuple(cells))

    return _changed(files, table, row, change)


def set_outcome(files: Files, table: str, row: str, outcome: str, text: str) -> dict[str, str]:
    """The files with one outcome of a row written anew."""

    def change(read: Table, old: Row) -> Row:
        at = _position(read.outcomes, row, outcome)
        said = list(old.outcome)
        said[at] = _said(read.outcomes[at], row, text)
        return replace(old, outcome=tuple(said))

    return _changed(files, table, row, change)


def set_grounds(
    files: Files, table: str, row: str, *, sources: Sequence[str], mark: str, contested: str = ""
) -> dict[str, str]:
    """The files with what a row rests on: keys of sources, how sure their wording is, the key of an open question or
    nothing. Whether the sources exist is the proof's business, so that a source may come after the row."""
    _check_mark(row, mark)
    return _changed(
        files, table, row, lambda _, old: replace(old, sources=tuple(sources), mark=mark, contested=contested)
    )


def set_why(files: Files, table: str, row: str, why: str) -> dict[str, str]:
    """The files with another explanation for a row: the key of words that are there or will be."""
    return _changed(files, table, row, lambda _, old: replace(old, why=why))


def move_row(files: Files, table: str, row: str, layer: int) -> dict[str, str]:
    """The files with a row in another layer: 0 law, 1 contract, 2 policy, 3 default."""
    _check_layer(row, layer)
    return _changed(files, table, row, lambda _, old: replace(old, layer=layer))


def add_row(
    files: Files, table: str, *, layer: int, cells: Mapping[str, str], said: Mapping[str, str], why: str,
    sources: Sequence[str], mark: str, contested: str = "", like: str = "",
) -> tuple[dict[str, str], str]:  # fmt: skip
    """The files with one row more, and its id, which is the next free one beside row `like` (or the last of its layer).
    `cells` holds the text of each condition that is not "any"; a gap's box is such a mapping."""
    read = read_table(files, table)
    new = next_id(read, layer, like)
    _check_layer(new, layer)
    _check_mark(new, mark)
    for name in cells:
        _position(read.columns, new, name)
    for outcome in read.outcomes:
        if not said.get(outcome.name):
            raise EditError(gettext_noop("Say what row %(row)s decides for %(column)s."), new, outcome.name)
    row = Row(
        id=new,
        layer=layer,
        cells=tuple(_cell(column, new, cells.get(column.name, "*")) for column in read.columns),
        outcome=tuple(_said(outcome, new, said[outcome.name]) for outcome in read.outcomes),
        why=why,
        sources=tuple(sources),
        mark=mark,
        contested=contested,
    )
    return _written(files, replace(read, rows=(*read.rows, row))), new


def copy_row(files: Files, table: str, row: str) -> tuple[dict[str, str], str]:
    """The files with a second row that says the same as `row`, and its id."""
    read = read_table(files, table)
    old = find_row(read, row)
    new = next_id(read, old.layer, row)
    return _written(files, replace(read, rows=(*read.rows, replace(old, id=new)))), new


def delete_row(files: Files, table: str, row: str) -> dict[str, str]:
    """The files without a row and without the examples that were to be decided by it. Its words and sources stay: others
    may need them."""
    read = read_table(files, table)
    find_row(read, row)
    if len(read.rows) == 1:
        raise EditError(gettext_noop("Row %(row)s is the last of its table; a table needs at least one."), row)
    left = tuple(each for each in read.rows if each.id != row)
    return without_row(_written(files, replace(read, rows=left)), f"{table}/{row}")


def find_row(table: Table, row: str) -> Row:
    for each in table.rows:
        if each.id == row:
            return each
    raise EditError(gettext_noop("Row %(row)s is not in table %(table)s any more."), row, table=table.name)


def next_id(table: Table, layer: int, like: str = "") -> str:
    """The next free id beside a row: its letters and the next number, in as many digits."""
    ids = {row.id for row in table.rows}
    beside = [row.id for row in table.rows if row.layer == layer] or [row.id for row in table.rows]
    pattern = like or beside[-1]
    digits = len(pattern) - len(pattern.rstrip("0123456789"))
    letters = pattern[: len(pattern) - digits]
    number = int(pattern[len(letters) :] or 0) + 1
    while f"{letters}{number:0{max(digits, 1)}d}" in ids:
        number += 1
    return f"{letters}{number:0{max(digits, 1)}d}"


def next_key(key: str, taken: Callable[[str], bool]) -> str:
    """A free key made from another: `by_cause` → `by_cause_2`."""
    stem = key.rstrip("0123456789").rstrip("_") or key
    number = 2
    while taken(f"{stem}_{number}"):
        number += 1
    return f"{stem}_{number}"


def _changed(files: Files, table: str, row: str, change: Callable[[Table, Row], Row]) -> dict[str, str]:
    read = read_table(files, table)
    new = change(read, find_row(read, row))
    return _written(files, replace(read, rows=tuple(new if each.id == row else each for each in read.rows)))


def _written(files: Files, table: Table) -> dict[str, str]:
    return {**files, f"{table.name}.csv": write_body(table)}


def _position(columns: Sequence[Column | Outcome], row: str, name: str) -> int:
    names = [column.name for column in columns]
    if name in names:
        return names.index(name)
    raise EditError(gettext_noop("The table has no column %(column)s."), row, name)


def _cell(column: Column, row: str, text: str) -> Cell:
    try:
        return column.parse(text)
    except CellError as error:
        raise EditError(gettext_noop("Row %(row)s, %(column)s: %(why)s"), row, column.name, why=str(error)) from None


def _said(outcome: Outcome, row: str, text: str) -> object:
    try:
        return outcome.parse(text)
    except CellError as error:
        raise EditError(gettext_noop("Row %(row)s, %(column)s: %(why)s"), row, outcome.name, why=str(error)) from None


def _check_layer(row: str, layer: int) -> None:
    if layer not in LAYERS:
        raise EditError(gettext_noop("Row %(row)s: choose one of the four layers."), row, "layer")


def _check_mark(row: str, mark: str) -> None:
    if mark not in MARKS:
        raise EditError(gettext_noop("Row %(row)s: say how sure the wording of its source is."), row, "mark")
