"""Put rows into tables fast: text into COPY on Postgres, executemany on SQLite. Instants come as UTC text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, JSONField, Max, Model

_FLUSH_ROWS = 20_000
_PIECE = 1 << 20  # bytes given to COPY at once
Cell = str | int | None


def _plain(field: Field[Any, Any], value: Any) -> Cell:
    """A default as it is written."""
    if isinstance(field, JSONField):
        return field.get_prep_value(value) if isinstance(value, str) else DjangoJSONEncoder().encode(value)
    if isinstance(value, bool):
        return int(value)
    return value if value is None or isinstance(value, int) else str(value)


class Table:
    """Rows for one model. `fields` are given with every row; every other column takes the model's default."""

    def __init__(self, model: type[Model], *fields: str) -> None:
        self.model, self.name = model, model._meta.db_table
        given = [model._meta.get_field(name) for name in ("id", *fields)]
        rest = [field for field in model._meta.concrete_fields if field not in given]
        self.columns = [str(field.column) for field in (*given, *rest)]  # type: ignore[union-attr]
        self.defaults: tuple[Cell, ...] = tuple(
            _plain(field, None if field.null else field.get_default()) for field in rest
        )
        self.next_id = (model._base_manager.aggregate(most=Max("pk"))["most"] or 0) + 1
        self.rows: list[tuple[Cell, ...]] = []
        self.written = 0

    def add(self, *values: Cell) -> int:
        """Keep a row for the next flush and return its primary key."""
        key = self.next_id
        self.next_id += 1
        self.rows.append((key, *values))
        return key

    def set_last(self, field: str, value: Cell) -> None:
        """Change the row added last, which has not been flushed yet."""
        column = self.columns.index(str(self.model._meta.get_field(field).column))  # type: ignore[union-attr]
        row = self.rows[-1]
        self.rows[-1] = (*row[:column], value, *row[column + 1 :])

    def flush(self, sink: Sink) -> None:
        """Hand over what was kept. Rows that others point to must be flushed before those."""
        for start in range(0, len(self.rows), _FLUSH_ROWS):
            rows = self.rows[start : start + _FLUSH_ROWS]
            sink.put(self.name, self.columns, rows, self.defaults)
        self.written += len(self.rows)
        self.rows = []

    def settle_sequence(self) -> None:
        """Let the next row of the application follow ours. SQLite looks at the largest key by itself."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    [self.model._meta.db_table, max(self.next_id - 1, 1)],
                )


class Aside(Table):
    """Some columns of a model in a temporary table, from which the database takes them in the end.

    `also` is one more number that is given last with every row.
    """

    def __init__(self, model: type[Model], name: str, fields: Sequence[str], *, also: str = "") -> None:
        super().__init__(model, *fields)
        self.name, self.defaults = name, ()
        self.columns = self.columns[: len(fields) + 1]
        taken = [f'"{column}"' for column in self.columns] + ([f'id AS "{also}"'] if also else [])
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE TEMPORARY TABLE "{name}" AS SELECT {", ".join(taken)} FROM "{model._meta.db_table}" WHERE false'  # noqa: S608
            )
        self.columns += [also] if also else []

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE "{self.name}"')


class Sink:
    """Where rows go. On Postgres they wait in a file for each table, until COPY takes them all by `pour`.

    The files lie in the data folder, because /tmp may be memory.

    Making rows and their search entries keeps two cores busy; making the text index afterwards keeps only one, and
    that is when the other takes the rows in.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, BinaryIO] = {}  # by the statement that takes them

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self._waiting.values():
            file.close()

    def put(
        self, table: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], defaults: tuple[Cell, ...]
    ) -> None:
        """Take rows that all end with the same defaults."""
        if connection.vendor != "postgresql":
            _insert(table, columns, [row + defaults for row in rows])
            return
        end = "".join("\t" + _escaped(cell) for cell in defaults) + "\n"  # written out once, not for each row
        text = "".join("\t".join([_escaped(cell) for cell in row]) + end for row in rows)
        names = ", ".join(f'"{column}"' for column in columns)
        copy = f'COPY "{table}" ({names}) FROM STDIN'
        if copy not in self._waiting:
            self._waiting[copy] = cast(BinaryIO, tempfile.TemporaryFile(dir=settings.DATA_DIR))  # noqa: SIM115  closed with the sink
        self._waiting[copy].write(text.encode())

    def pour(self) -> None:
        """Write everything that was put, in the order in which the tables were first put to."""
        with connection.cursor() as cursor:
            for copy, file in self._waiting.items():
                file.seek(0)
                cursor.copy_expert(copy, file, _PIECE)


def _escaped(cell: Cell) -> str:
    if cell is None:
        return "\\N"
    if type(cell) is int:
        return str(cell)
    text = str(cell)
    if "\\" in text or "\n" in text or "\t" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return text


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        # Names of tables and columns are the models' own.
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608
