"""Rows put aside by key, on disk: joins files of any size in little memory. Used by sources that come in several files."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

from customers.importers.cells import Row


class Shelf:
    """A temporary file that is gone when it is closed. `kind` names what lies there, e.g. `items`; `key` joins."""

    def __init__(self) -> None:
        # An empty name is a temporary file that SQLite deletes by itself and writes only when memory runs short.
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("CREATE TABLE shelf (kind TEXT, key TEXT, file TEXT, line INTEGER, cells TEXT)")
        self._file.execute("CREATE INDEX by_key ON shelf (kind, key)")

    def __enter__(self) -> Shelf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, kind: str, keyed: Iterable[tuple[str, Row]]) -> int:
        """Lay rows down under their keys; returns how many."""
        cursor = self._file.executemany(
            "INSERT INTO shelf VALUES (?, ?, ?, ?, ?)",
            ((kind, key, row.file, row.line, json.dumps(dict(row.cells), default=_as_json)) for key, row in keyed),
        )
        return max(cursor.rowcount, 0)

    def get(self, kind: str, key: str) -> list[Row]:
        """The rows of one key, in the order they came."""
        found = self._file.execute(
            "SELECT file, line, cells FROM shelf WHERE kind = ? AND key = ? ORDER BY rowid", (kind, key)
        )
        return [Row(file, line, json.loads(cells, object_hook=_from_json)) for file, line, cells in found]

    def keys(self, kind: str) -> Iterator[str]:
        """Every key once, in the order they first came."""
        found = self._file.execute("SELECT key FROM shelf WHERE kind = ? GROUP BY key ORDER BY MIN(rowid)", (kind,))
        for (key,) in found:
            yield key


def _as_json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return str(value)


def _from_json(value: dict[str, Any]) -> Any:
    if set(value) == {"instant"}:
        return dt.datetime.fromisoformat(value["instant"])
    if set(value) == {"day"}:
        return dt.date.fromisoformat(value["day"])
    return value
