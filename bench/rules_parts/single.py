"""One decision on the reference table with outcome, reason, source and trace, against zen-engine with its trace."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bench.rules_parts.figures import Figure, per_cpu_second
from bench.rules_parts.reference import reference
from returns.rules.compile import Compiled, Told
from returns.rules.language import Cell, Column, Row, Table, Value
from returns.rules.pack import load_pack
from tests.rules.valid import random_cases

Case = dict[str, Value]


def figures(quick: bool) -> Iterator[Figure]:
    count = 2_000 if quick else 20_000
    table, cases = reference(), reference_cases(count, seed=7)
    compiled = Compiled(table)
    own = per_cpu_second(lambda: [answer(compiled, case) for case in cases], count)
    yield Figure("one decision, explained", own, "a CPU-s", at_least=300_000)
    given = random_cases(200, seed=7)
    pack = load_pack("cn")
    yield Figure(
        "one verdict of the pack cn, 24 questions, explained",
        per_cpu_second(lambda: [pack.decide(facts) for facts in given], len(given)),
        "a CPU-s",
    )
    peer = zen(table)
    assert [peer(case) for case in cases[:500]] == [compiled.decide(case).id for case in cases[:500]], "they disagree"
    theirs = per_cpu_second(lambda: [peer(case) for case in cases], count)
    yield Figure("zen-engine with trace, the same cases", theirs, "a CPU-s")
    yield Figure("own to zen-engine", own / theirs, "times", at_least=10)


class Answer(NamedTuple):
    """A decision with its reasons: the row has layer, why and sources; `told` its outcome and the conditions."""

    row: Row
    told: Told
    values: tuple[Value, ...]


def answer(compiled: Compiled, case: Case) -> Answer:
    """What the engine takes of each table it asks."""
    row = compiled.decide(case)
    told = compiled.told[row.id]
    return Answer(row, told, told.values(case))


def reference_cases(count: int, seed: int) -> list[Case]:
    """Cases of the reference table as a shop has them: short periods, small sums, and often right at an edge."""
    rnd = random.Random(seed)
    table = reference()
    edges = {column.name: _edges(table, place) for place, column in enumerate(table.columns)}
    return [{column.name: _value(rnd, column, edges[column.name]) for column in table.columns} for _ in range(count)]


def _edges(table: Table, place: int) -> list[int]:
    column = table.columns[place]
    found = {edge for row in table.rows for piece in row.cells[place] or () for edge in piece}
    return sorted({near for edge in found for near in (edge - 1, edge, edge + 1) if column.lo <= near <= column.hi})


def _value(rnd: random.Random, column: Column, edges: list[int]) -> Value:
    if column.kind in ("int", "money"):
        place = (
            rnd.choice(edges)
            if rnd.random() < 0.25
            else min(column.hi, int(rnd.expovariate(1 / 60) * column.hi / 3650))
        )
        return max(place, column.lo)
    return column.value(rnd.randint(column.lo, column.hi))


def zen(table: Table) -> Callable[[Case], str]:
    """The same table in zen-engine, asked with its trace; answers the row's id. Its fastest way in, `evaluate` of one
    engine that keeps the table."""
    import zen as engine

    made = engine.ZenEngine({"loader": {"type": "static", "content": {"table": _decision(table)}}})

    def ask(case: Case) -> str:
        found = made.evaluate("table", case, {"trace": True})
        assert found["trace"]
        return str(found["result"]["row"])

    return ask


def _decision(table: Table) -> dict[str, Any]:
    """The table as a JDM graph of three nodes, rows in the order in which they decide."""
    inputs = [{"id": f"i{n}", "name": c.name, "field": c.name} for n, c in enumerate(table.columns)]
    names = ["row", *(outcome.name for outcome in table.outcomes), "why", "source"]
    outputs = [{"id": f"o{n}", "name": name, "field": name} for n, name in enumerate(names)]
    rules = []
    for row in table.rows:
        said = [row.id, *(str(value) for value in row.outcome), row.why, "|".join(row.sources)]
        cells = {f"i{n}": _cell(column, row.cells[n]) for n, column in enumerate(table.columns)}
        rules.append({"_id": row.id, **cells, **{f"o{n}": json.dumps(text) for n, text in enumerate(said)}})
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


def _cell(column: Column, cell: Cell) -> str:
    """A cell in zen's expression language; empty admits everything."""
    if cell is None:
        return ""
    if column.kind == "enum":
        return ", ".join(json.dumps(column.values[i]) for low, high in cell for i in range(low, high + 1))
    if column.kind == "bool":
        return "true" if cell == ((1, 1),) else "false"
    return f"[{cell[0][0]}..{cell[0][1]}]"
