"""The walk over both tables at once, entering only what the edited rows reach."""

from collections.abc import Iterator
from dataclasses import dataclass

from returns.rules.compile import Compiled
from returns.rules.domains import Common
from returns.rules.intervals import spanned
from returns.rules.language import Cell, Row, Table
from returns.rules.pairs.regions import Differs, Pair, Region, written
from returns.rules.pairs.rows import sides
from returns.rules.walk import OverBudget, Walk


@dataclass(eq=False, slots=True)
class Node:
    """A sub-problem in which something differs: its ways down as (classes, what follows); a pair of rows ends one."""

    depth: int
    ways: tuple[tuple[tuple[int, ...], "Node | Pair"], ...]


class PairWalk:
    def __init__(self, shared: Common, differs: Differs, budget: int) -> None:
        self.differs = differs
        rows = sides(shared)
        self._take(shared, rows)
        relevant = self.edited
        for place in _places(self.edited):
            relevant |= self._meeting(rows[place][0])
        if relevant != self.compiled.full:
            self._take(shared, [rows[place] for place in _places(relevant)])
        self.hull = self._hull()
        self.walk = Walk(self.compiled, self.hull, budget, first=self.edited)
        self.budget = budget
        self.known: list[dict[int, Node | Pair | None]] = [{} for _ in range(len(shared.columns) + 1)]
        self.met: list[dict[int, Node | Pair | None]] = [{} for _ in range(len(shared.columns) + 1)]
        self.masks = [[klass.mask for klass in classes] for classes in self.walk.classes]
        self.same: dict[tuple[object, ...], Node] = {}

    def _take(self, shared: Common, rows: list[tuple[Row, bool, bool]]) -> None:
        table = Table("both", shared.columns, shared.outcomes, tuple(row for row, _, _ in rows))
        self.compiled = Compiled(table)
        self.rows = table.rows
        self.old = sum(1 << place for place, (_, old, _) in enumerate(rows) if old)
        self.new = sum(1 << place for place, (_, _, new) in enumerate(rows) if new)
        self.edited = self.old ^ self.new

    def _hull(self) -> list[Cell]:
        """The smallest box around all edited rows; nothing differs outside it."""
        edited = [self.rows[place] for place in _places(self.edited)]
        out: list[Cell] = []
        for position, column in enumerate(self.compiled.table.columns):
            pieces = [piece for row in edited for piece in column.intervals(row.cells[position])]
            out.append(column.normal(spanned(pieces)))
        return out

    def _meeting(self, row: Row) -> int:
        meeting = self.compiled.full
        for position, cell in enumerate(row.cells):
            meeting &= self.compiled.admitting(position, cell)
        return meeting

    def node(self, depth: int, alive: int) -> "Node | Pair | None":
        """What differs among the cases that are left; None for nothing."""
        if not alive & self.edited:
            return None
        met = self.met[depth]
        if alive not in met:
            met[alive] = self._trimmed(depth, alive)
        return met[alive]

    def _trimmed(self, depth: int, alive: int) -> "Node | Pair | None":
        sure = self.walk.sure[depth]
        old, new = alive & self.old, alive & self.new
        first_old, first_new = old & -old, new & -new
        if (not old or first_old & sure) and (not new or first_new & sure):
            pair = (self._row(first_old), self._row(first_new))
            return pair if self.differs(*pair) else None
        # Rows behind one that is certain to match cannot decide.
        if certain := old & sure:
            old &= ((certain & -certain) << 1) - 1
        if certain := new & sure:
            new &= ((certain & -certain) << 1) - 1
        alive = old | new
        if not alive & self.edited:
            return None
        known = self.known[depth]
        if alive not in known:
            self._count_state()
            known[alive] = self._inner(depth, alive)
        return known[alive]

    def _inner(self, depth: int, alive: int) -> Node | None:
        parts: dict[int, list[int]] = {}
        edited = alive & self.edited
        for number, mask in enumerate(self.masks[depth]):
            if edited & mask:
                parts.setdefault(mask & alive, []).append(number)
        ways: dict[object, tuple[list[int], Node | Pair]] = {}
        for left, classes in parts.items():
            follows = self.node(depth + 1, left)
            if follows is not None:
                key = id(follows) if isinstance(follows, Node) else tuple(id(row) for row in follows)
                ways.setdefault(key, ([], follows))[0].extend(classes)
        if not ways:
            return None
        # Two sub-problems that differ in the same way are one node, so that their boxes merge.
        shape = (depth, frozenset((tuple(sorted(classes)), key) for key, (classes, _) in ways.items()))
        if shape not in self.same:
            self.same[shape] = Node(depth, tuple((tuple(sorted(c)), follows) for c, follows in ways.values()))
        return self.same[shape]

    def counts(self, root: "Node | Pair") -> dict[Pair, int]:
        """The number of cases for each pair of rows."""
        out: dict[Pair, int] = {}
        levels: list[dict[Node, int]] = [{} for _ in range(len(self.walk.order) + 1)]

        def reach(follows: "Node | Pair", depth: int, times: int) -> None:
            if isinstance(follows, Node):
                levels[depth][follows] = levels[depth].get(follows, 0) + times
            else:
                out[follows] = out.get(follows, 0) + times * self.walk.volume[depth]

        reach(root, 0, 1)
        for depth, nodes in enumerate(levels):
            for node, times in nodes.items():
                for classes, follows in node.ways:
                    weight = sum(self.walk.classes[depth][number].weight for number in classes)
                    reach(follows, depth + 1, times * weight)
        return out

    def regions(self, root: "Node | Pair") -> Iterator[Region]:
        """The boxes of all ways from the root, one after the other."""
        columns = self.compiled.table.columns
        cells = list(self.hull)

        def follow(follows: "Node | Pair") -> Iterator[Region]:
            if not isinstance(follows, Node):
                yield Region(columns, tuple(cells), *follows)
                return
            position = self.walk.order[follows.depth]
            column = columns[position]
            for classes, further in follows.ways:
                pieces = (p for number in classes for p in self.walk.classes[follows.depth][number].pieces)
                for cell in written(column, spanned(pieces)):
                    cells[position] = cell
                    yield from follow(further)
                    cells[position] = self.hull[position]

        return follow(root)

    def _row(self, bit: int) -> Row | None:
        return self.rows[bit.bit_length() - 1] if bit else None

    def _count_state(self) -> None:
        self.walk.states += 1
        if self.walk.states > self.budget:
            raise OverBudget("both")


def _places(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
