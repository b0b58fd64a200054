"""The rows of two tables as one list, in which what both have stands once."""

from dataclasses import replace

from returns.rules.domains import Common
from returns.rules.intervals import without
from returns.rules.language import Column, Row, meet


def sides(shared: Common) -> list[tuple[Row, bool, bool]]:
    """The merged rows in deciding order, each with whether the old and the new table have it."""
    old, new = ({_key(row): row for row in rows} for rows in (shared.old, shared.new))
    rows = [(row, True, True) for key, row in old.items() if key in new]
    lost = [row for key, row in old.items() if key not in new]
    moved = {_place_of(row): row for key, row in new.items() if key not in old}
    for row in lost:
        twin = moved.pop(_place_of(row), None) if row.layer >= 0 else None
        rows += _twins(shared.columns, row, twin) if twin else [(row, True, False)]
    rows += [(row, False, True) for key, row in new.items() if key not in old and moved.get(_place_of(row)) is row]
    return sorted(rows, key=lambda item: (item[0].layer, item[0].id, item[1] != item[2]))


def _twins(columns: tuple[Column, ...], old: Row, new: Row) -> list[tuple[Row, bool, bool]]:
    """A row of which only the conditions were edited: what both versions match stands once, for both sides and before
    the rest, so that it is not walked. Where one column differs, the rest of each side is a box of its own."""
    pairs = list(zip(columns, old.cells, new.cells, strict=True))
    both = tuple(column.normal(meet(column.intervals(one), column.intervals(two))) for column, one, two in pairs)
    if () in both:
        return [(old, True, False), (new, False, True)]
    out = [(replace(old, cells=both), True, True)]
    apart = [place for place, (_, one, two) in enumerate(pairs) if one != two]
    for row, of_old in ((old, True), (new, False)):
        cells = list(row.cells)
        if len(apart) == 1:
            column = columns[apart[0]]
            cells[apart[0]] = without(column.intervals(row.cells[apart[0]]), column.intervals(both[apart[0]]))
        if () not in cells:
            out.append((replace(row, cells=tuple(cells)), of_old, not of_old))
    return out


def _place_of(row: Row) -> tuple[object, ...]:
    return (row.layer, row.id, row.outcome)


def _key(row: Row) -> tuple[object, ...]:
    return (row.id, row.layer, row.cells, row.outcome)
