"""The same questions asked of z3, which knows nothing of our walk. Needs the package z3-solver."""

import z3

from returns.rules.language import Cell, Column, Row, Table, Value


def variables(table: Table) -> list[z3.ArithRef]:
    return [z3.Int(column.name) for column in table.columns]


def inside(column: Column, variable: z3.ArithRef, cell: Cell) -> z3.BoolRef:
    return z3.Or([z3.And(variable >= low, variable <= high) for low, high in column.intervals(cell)])


def matches(table: Table, names: list[z3.ArithRef], cells: tuple[Cell, ...]) -> z3.BoolRef:
    triples = zip(table.columns, names, cells, strict=True)
    return z3.And([inside(column, variable, cell) for column, variable, cell in triples if cell is not None])


def case_without_a_row(table: Table) -> dict[str, Value] | None:
    """A case of the domain that no row matches, or None: the table is complete."""
    names = variables(table)
    solver = z3.Solver()
    for column, variable in zip(table.columns, names, strict=True):
        solver.add(variable >= column.lo, variable <= column.hi)
    for row in table.rows:
        solver.add(z3.Not(matches(table, names, row.cells)))
    return _case(table, names, solver)


def case_decided_by(table: Table, row: Row) -> dict[str, Value] | None:
    """A case that the row decides, or None: the row is dead."""
    names = variables(table)
    solver = z3.Solver()
    for column, variable in zip(table.columns, names, strict=True):
        solver.add(variable >= column.lo, variable <= column.hi)
    solver.add(matches(table, names, row.cells))
    for earlier in table.rows[: table.rows.index(row)]:
        solver.add(z3.Not(matches(table, names, earlier.cells)))
    return _case(table, names, solver)


def _case(table: Table, names: list[z3.ArithRef], solver: z3.Solver) -> dict[str, Value] | None:
    answer = solver.check()
    if answer == z3.unsat:
        return None
    assert answer == z3.sat, answer
    model = solver.model()
    places = [model.eval(variable, model_completion=True).as_long() for variable in names]
    return {column.name: column.value(place) for column, place in zip(table.columns, places, strict=True)}
