"""What can be wrong with a file or a cell, as sentences for the report. Raised by the reading core and the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aftersales.kernel.errors import BadInput, type_sentence


class BadCell(BadInput):
    """One cell cannot be used. The order it belongs to is left out and reported; the others go on."""

    code = "bad_cell"

    def __init__(
        self, column: str, sentence: type_sentence, *, code: str, file: str = "", line: int = 0, **params: Any
    ) -> None:
        super().__init__(sentence, field=column, code=code, **params)
        self.column = column
        # Where the cell stands: an order is joined from several files, and the report names the one to look into.
        self.file, self.line = file, line


class BadRow(BadInput):
    """A whole row cannot be used, whichever cell is to blame."""

    code = "bad_row"


class BadFile(BadInput):
    """A whole file cannot be used. The other files go on."""

    code = "bad_file"


class NothingRead(BadFile):
    """Not one of the files could be used. Says what is wrong with each, as far as it is known."""

    def __init__(self, problem: BadFile, reasons: Sequence[str]) -> None:
        super().__init__(problem.sentence, field=problem.field, code=problem.code, **problem.params)
        self.reasons = reasons

    def __str__(self) -> str:
        return " ".join([super().__str__(), *self.reasons])
