"""A table as its one canonical text, the way back of `text.parse_table`. Called by `pack` for the content hash.

Reading this output and writing it again gives the same bytes, so a hash over it means the rules and not their spacing.
"""

import csv
import io
import json

from returns.rules.language import Table
from returns.rules.text import header


def write_body(table: Table) -> str:
    """The rows in canonical form: sorted by layer and id, full-range cells as `*`, LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header(table.columns, table.outcomes))
    for row in table.rows:
        writer.writerow(
            [
                row.id,
                row.layer,
                *(column.format(cell) for column, cell in zip(table.columns, row.cells, strict=True)),
                *(outcome.format(value) for outcome, value in zip(table.outcomes, row.outcome, strict=True)),
                row.why,
                "|".join(row.sources),
                row.mark,
                row.contested or "-",
            ]
        )
    return out.getvalue()


def write_head(table: Table) -> str:
    """The head in canonical form."""
    lines = [f'table = "{table.name}"']
    lines += [f"title_{key} = {_quoted(text)}" for key, text in sorted(table.title.items())]
    if table.each:
        lines.append(f'each = "{table.each}"')
    for column in table.columns:
        lines += ["", "[[column]]", f'name = "{column.name}"']
        if column.kind == "enum":
            lines.append(f"enum = {_quoted(list(column.values))}")
        else:
            lines.append("bool = true" if column.kind == "bool" else f"{column.kind} = [{column.lo}, {column.hi}]")
    for outcome in table.outcomes:
        lines += ["", "[[outcome]]", f'name = "{outcome.name}"']
        lines.append(f"{outcome.kind} = {_quoted(list(outcome.values)) if outcome.values else 'true'}")
    for box in table.impossible:
        lines += ["", "[[impossible]]"]
        pairs = zip(table.columns, box.cells, strict=True)
        lines += [f"{column.name} = {_quoted(column.format(cell))}" for column, cell in pairs if cell is not None]
        lines.append(f"because = {_quoted(box.because)}")
    for invariant in table.invariants:
        columns = [
            (c.name, c.format(cell)) for c, cell in zip(table.columns, invariant.cells, strict=True) if cell is not None
        ]
        lines += ["", "[[invariant]]", f"because = {_quoted(invariant.because)}"]
        for key, pairs_of in (("if", [*columns, *invariant.given]), ("then", invariant.then)):
            inside = ", ".join(f"{name} = {_quoted(text)}" for name, text in pairs_of)
            lines += [f"{key} = {{ {inside} }}"] if inside else []
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    # JSON strings and arrays of strings are also TOML ones.
    return json.dumps(value, ensure_ascii=False)
