"""Two tables walked side by side: every case that they decide by rows that differ, and how many. Used by `diff` and
`statute`.

Both are laid over the cases they have in common and merged into one list of rows, in which a row that is the same in
both stands once and an edited one twice, once for each side. A branch of the walk in which no edited row is left alive
is decided alike on both sides and is not entered, so only the region of the edits is walked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from returns.rules.compile import Compiled
from returns.rules.domains import Common
from returns.rules.intervals import spanned, without
from returns.rules.language import Cell, Column, Row, Table, Value, meet
from returns.rules.walk import OverBudget, Walk

MOST_BOXES = 400  # collected before they are merged; the count of cases is exact however many there are

Pair = tuple[Row | None, Row | None]  # the rows that decide a case before and after; None: no row
Differs = Callable[[Row | None, Row | None], bool]


@dataclass(frozen=True, slots=True)
class Region:
    """A box of cases that one pair of rows decides."""

    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    before: Row | None
    after: Row | None

    @property
    def points(self) -> int:
        out = 1
        for column, cell in zip(self.columns, self.cells, strict=True):
            out *= sum(high - low + 1 for low, high in column.intervals(cell))
        return out

    @property
    def witness(self) -> dict[str, Value]:
        """One case of the box, its first corner."""
        pairs = zip(self.columns, self.cells, strict=True)
        return {column.name: column.value(column.intervals(cell)[0][0]) for column, cell in pairs}

    @property
    def texts(self) -> dict[str, str]:
        """The cells as a table would have them, without those that say "any"."""
        pairs = zip(self.columns, self.cells, strict=True)
        return {column.name: column.format(cell) for column, cell in pairs if cell is not None}


@dataclass(frozen=True, slots=True)
class Parting:
    """What a walk found: the exact number of cases for each pair of rows, and boxes that show them, largest first
    (`more`: there are further ones)."""

    counts: tuple[tuple[Pair, int], ...]
    regions: tuple[Region, ...]
    more: bool


def part(shared: Common, differs: Differs, budget: int) -> Parting:
    """The cases for which `differs` says so of the two rows that decide them. Raises OverBudget."""
    if shared.empty:
        return Parting((), (), more=False)
    walk = _PairWalk(shared, differs, budget)
    root = walk.node(0, walk.compiled.full)
    if root is None:
        return Parting((), (), more=False)
    boxes: list[Region] = []
    for region in walk.regions(root):
        if len(boxes) == MOST_BOXES:
            break
        boxes.append(region)
    counts = walk.counts(root)
    found = sum(region.points for region in boxes)
    regions = sorted(merged(boxes), key=lambda region: -region.points)
    return Parting(tuple(counts.items()), tuple(regions), more=found < sum(counts.values()))


@dataclass(eq=False, slots=True)
class _Node:
    """A sub-problem in which something differs: its ways down as (classes, what follows); a pair of rows ends one."""

    depth: int
    ways: tuple[tuple[tuple[int, ...], "_Node | Pair"], ...]


class _PairWalk:
    def __init__(self, shared: Common, differs: Differs, budget: int) -> None:
        self.differs = differs
        rows = _sides(shared)
        self._take(shared, rows)
        relevant = self.edited
        for place in _places(self.edited):
            relevant |= self._meeting(rows[place][0])
        if relevant != self.compiled.full:
            self._take(shared, [rows[place] for place in _places(relevant)])
        self.hull = self._hull()
        self.walk = Walk(self.compiled, self.hull, budget, first=self.edited)
        self.budget = budget
        self.known: list[dict[int, _Node | Pair | None]] = [{} for _ in range(len(shared.columns) + 1)]
        self.met: list[dict[int, _Node | Pair | None]] = [{} for _ in range(len(shared.columns) + 1)]
        self.masks = [[klass.mask for klass in classes] for classes in self.walk.classes]
        self.same: dict[tuple[object, ...], _Node] = {}

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

    def node(self, depth: int, alive: int) -> "_Node | Pair | None":
        """What differs among the cases that are left; None for nothing."""
        if not alive & self.edited:
            return None
        met = self.met[depth]
        if alive not in met:
            met[alive] = self._trimmed(depth, alive)
        return met[alive]

    def _trimmed(self, depth: int, alive: int) -> "_Node | Pair | None":
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

    def _inner(self, depth: int, alive: int) -> _Node | None:
        parts: dict[int, list[int]] = {}
        edited = alive & self.edited
        for number, mask in enumerate(self.masks[depth]):
            if edited & mask:
                parts.setdefault(mask & alive, []).append(number)
        ways: dict[object, tuple[list[int], _Node | Pair]] = {}
        for left, classes in parts.items():
            follows = self.node(depth + 1, left)
            if follows is not None:
                key = id(follows) if isinstance(follows, _Node) else tuple(id(row) for row in follows)
                ways.setdefault(key, ([], follows))[0].extend(classes)
        if not ways:
            return None
        # Two sub-problems that differ in the same way are one node, so that their boxes merge.
        shape = (depth, frozenset((tuple(sorted(classes)), key) for key, (classes, _) in ways.items()))
        if shape not in self.same:
            self.same[shape] = _Node(depth, tuple((tuple(sorted(c)), follows) for c, follows in ways.values()))
        return self.same[shape]

    def counts(self, root: "_Node | Pair") -> dict[Pair, int]:
        """The number of cases for each pair of rows."""
        out: dict[Pair, int] = {}
        levels: list[dict[_Node, int]] = [{} for _ in range(len(self.walk.order) + 1)]

        def reach(follows: "_Node | Pair", depth: int, times: int) -> None:
            if isinstance(follows, _Node):
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

    def regions(self, root: "_Node | Pair") -> Iterator[Region]:
        """The boxes of all ways from the root, one after the other."""
        columns = self.compiled.table.columns
        cells = list(self.hull)

        def follow(follows: "_Node | Pair") -> Iterator[Region]:
            if not isinstance(follows, _Node):
                yield Region(columns, tuple(cells), *follows)
                return
            position = self.walk.order[follows.depth]
            column = columns[position]
            for classes, further in follows.ways:
                pieces = (p for number in classes for p in self.walk.classes[follows.depth][number].pieces)
                for cell in _written(column, spanned(pieces)):
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


def _sides(shared: Common) -> list[tuple[Row, bool, bool]]:
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


def _places(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


def _written(column: Column, cell: tuple[tuple[int, int], ...]) -> Iterator[Cell]:
    """The cell as cells that can be written: a number's cell is one range."""
    if column.kind in ("int", "money"):
        yield from (column.normal((piece,)) for piece in cell)
    else:
        yield column.normal(cell)


def merged(boxes: list[Region]) -> list[Region]:
    """Boxes of the same rows that differ in one column only, and touch there, become one; until none do."""
    columns = boxes[0].columns if boxes else ()
    before = 0
    while before != len(boxes):
        before = len(boxes)
        for position, column in enumerate(columns):
            groups: dict[tuple[object, ...], list[Region]] = {}
            for box in boxes:
                rest = (*box.cells[:position], *box.cells[position + 1 :])
                groups.setdefault((rest, _name(box.before), _name(box.after)), []).append(box)
            boxes = []
            for group in groups.values():
                pieces = (piece for box in group for piece in column.intervals(box.cells[position]))
                for cell in _written(column, spanned(pieces)):
                    cells = (*group[0].cells[:position], cell, *group[0].cells[position + 1 :])
                    boxes.append(replace(group[0], cells=cells))
    return boxes


def _name(row: Row | None) -> str | None:
    return row.id if row else None
