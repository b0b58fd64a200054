"""The file of claim codes for whoever prints the parcel cards. Written by the import run, and the only place they stand."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

HEADER = ("order_number", "claim_code")


class CodeFile:
    """A CSV that grows: a later run adds to it, because the codes of an earlier one cannot be told again.

    Only the owner may read it. An order that got a new code stands in it twice; the lower row counts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        is_new = not path.exists() or path.stat().st_size == 0
        path.touch(mode=0o600)
        if is_new:
            self.add([HEADER])

    def add(self, rows: Iterable[tuple[str, str]]) -> None:
        """Append rows and make sure that they are on the disk."""
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
            file.flush()
            os.fsync(file.fileno())
