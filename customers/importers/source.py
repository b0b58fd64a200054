"""What one source of orders is, and what it is given to work with. Implemented by `olist`, `generic` and `taobao`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from customers.actions.importing.shapes import OrderFacts
from customers.importers.cells import Row
from customers.importers.layouts import Layout
from customers.importers.problems import BadFile, BadRow
from customers.importers.report import Report
from customers.importers.shelf import Shelf
from customers.importers.tables import Table, open_table


@dataclass(frozen=True, slots=True)
class Found:
    """One order and the row that it is reported under."""

    facts: OrderFacts
    row: Row


class Source(Protocol):
    """A platform whose exports can be read. `orders` yields what is good and complains of the rest to the intake."""

    @property
    def name(self) -> str: ...

    @property
    def shop_name(self) -> str:
        """The shop that orders go to when the caller names none."""
        ...

    @property
    def currency(self) -> str: ...

    def orders(self, files: Sequence[Path], intake: Intake) -> Iterator[Found]: ...


class Intake:
    """The reading side of one run: opens files, puts rows on the shelf, gathers complaints in the report."""

    def __init__(self, report: Report, shelf: Shelf) -> None:
        self.report = report
        self.shelf = shelf

    def open(self, path: Path, layouts: Sequence[Layout]) -> Table | None:
        """The file as a table, or None after reporting why it cannot be one."""
        try:
            return open_table(path, layouts, self.report.complain, self.report.remark)
        except BadFile as problem:
            self.report.complain_of_file(path.name, problem)
            return None

    def shelve(self, table: Table, key_of: Callable[[Row], str], *, per_file: bool = False) -> int:
        """Put a table's rows on the shelf under its layout's name; rows without a usable key are reported.

        `per_file` keeps the same key of two files apart: a later export may tell an order anew.
        """
        rows = 0

        def keyed() -> Iterator[tuple[str, Row]]:
            nonlocal rows
            for row in table.rows:
                rows += 1
                try:
                    key = key_of(row)
                except BadInput as problem:
                    self.report.complain(row, problem)
                    continue
                yield (f"{row.file}\n{key}" if per_file else key), row

        try:
            self.shelf.put(table.layout.name, keyed())
        except BadFile as problem:  # damaged somewhere behind the header
            self.report.complain_of_file(table.file, problem)
        self.report.files.append({"file": table.file, "kind": table.layout.name, "rows": rows})
        return rows

    def once(self, kind: str) -> Iterator[tuple[str, Row]]:
        """Key and row of each order, once per file: an equal repetition is counted, a different one reported."""
        for key in self.shelf.keys(kind):
            first, *more = self.shelf.get(kind, key)
            for row in more:
                if row.cells == first.cells:
                    self.report.orders_repeated += 1
                else:
                    self.report.complain(
                        row,
                        BadRow(
                            _("Line %(line)s of this file holds the same order with other content. That line counts."),
                            code="order_twice",
                            line=first.line,
                        ),
                    )
            yield key.partition("\n")[2], first
