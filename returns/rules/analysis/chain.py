"""Do the tables of a pack fit together? Whatever one says, the next one that reads it must know."""

from collections.abc import Iterator
from typing import Any

from returns.rules.analysis.findings import Finding
from returns.rules.pack import Pack
from returns.rules.verdict import LEGS


def heard_as(table: str, outcome: str) -> str:
    """The name under which later tables read what a table says."""
    return f"{table}_payer" if table in LEGS else "remedy" if outcome == "remedies" else outcome


def chain_breaks(pack: Pack) -> Iterator[Finding]:
    """Values that a table says and a later one, which reads them, does not know."""
    said: dict[str, list[tuple[str, str, Any]]] = {}  # column name -> (table, row, value)
    for name, compiled in pack.tables.items():
        table = compiled.table
        for column in table.columns:
            for earlier, told, value in said.get(column.name, ()):
                if column.kind == "enum" and value not in column.values:
                    why = f"row {told} of table {earlier} says {value!r}, which column {column.name} does not have"
                    yield Finding("broken chain", name, (told,), {column.name: value}, why=why)
        for position, outcome in enumerate(table.outcomes):
            heard = heard_as(name, outcome.name)
            for row in table.rows:
                value = row.outcome[position]
                for one in value if isinstance(value, tuple) else (value,):
                    said.setdefault(heard, []).append((name, row.id, one))
