"""A file as a table: its layout recognised, its header set aside, its total row checked. What every source starts from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money
from customers.importers.cells import Row
from customers.importers.decoding import Cells, rows_of
from customers.importers.layouts import Layout, recognise
from customers.importers.problems import BadFile, BadRow

_TOTALS = ("总计", "合计", "总计:", "合计:", "total", "totals", "total:")
Complain = Callable[[Row, BadInput], None]


@dataclass(frozen=True, slots=True)
class Table:
    """One recognised file. `rows` may be walked once; a row of the wrong shape goes to `complain` instead."""

    file: str
    layout: Layout
    columns: tuple[str, ...]
    rows: Iterator[Row]


def open_table(path: Path, layouts: Sequence[Layout], complain: Complain, remark: Callable[[str], None]) -> Table:
    """Recognise the file and stand before its first row. Raises `BadFile`."""
    numbered = rows_of(path)
    first = list(itertools.islice(numbered, 2))
    if not first:
        raise BadFile(_("%(file)s is empty."), code="file_empty", file=path.name)
    layout, at = recognise([cells for _line, cells in first], layouts, path.name)
    columns = layout.columns(first[at][1])
    rest = itertools.chain(first[at + 1 :], numbered)
    return Table(path.name, layout, columns, _rows(path.name, layout, columns, rest, complain, remark))


def _rows(
    file: str,
    layout: Layout,
    columns: tuple[str, ...],
    numbered: Iterator[tuple[int, Cells]],
    complain: Complain,
    remark: Callable[[str], None],
) -> Iterator[Row]:
    sums = dict.fromkeys(layout.summed, 0)
    for line, cells in numbered:
        row = Row(file, line, dict(zip(columns, cells, strict=False)))
        if _is_total(cells):
            _compare(row, sums, remark)
            continue
        extra = [cell for cell in cells[len(columns) :] if cell is not None and str(cell).strip()]
        if extra:
            complain(
                row,
                BadRow(
                    _(
                        "The row has %(cells)s cells, the header %(columns)s: a comma inside a text needs quotation marks."
                    ),
                    code="row_too_wide",
                    cells=len(cells),
                    columns=len(columns),
                ),
            )
            continue
        for column in sums:
            sums[column] += _amount(row, column) or 0
        yield row


def _is_total(cells: Cells) -> bool:
    first = next((str(cell).strip().casefold() for cell in cells if cell is not None and str(cell).strip()), "")
    return first.replace("：", ":") in _TOTALS


def _amount(row: Row, column: str) -> int | None:
    """Minor units for the comparison with the total row, or None: whether a cell is good is the source's to say."""
    try:
        return Money.parse(str(row.raw(column) or "0"), "CNY").minor
    except BadInput:
        return None


def _compare(row: Row, sums: dict[str, int], remark: Callable[[str], None]) -> None:
    for column, total in sums.items():
        told = _amount(row, column)
        if told and told != total:
            remark(
                _(
                    "%(file)s, line %(line)s: the total row says %(told)s for “%(column)s”, the rows add up to %(total)s."
                )
                % {
                    "file": row.file,
                    "line": row.line,
                    "column": column,
                    "told": Money(told, "CNY").plain(),
                    "total": Money(total, "CNY").plain(),
                }
            )
