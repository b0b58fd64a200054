"""The search behind every proof: is each case of a box matched by one of the given rows? Used by `analysis` only.

Columns are walked most constrained first, ANDing masks; identical sub-problems (same column, same rows still alive)
are solved once. The question is coNP-complete in the number of columns, so the walk has a budget: beyond it the
answer is OverBudget, which callers must report as "not proved" and never as "complete".
"""

from collections.abc import Sequence
from functools import cached_property, reduce
from math import log
from operator import and_

from returns.rules.compile import Compiled, Klass
from returns.rules.language import Cell, Interval

BUDGET = 200_000  # states; about a third of a second


class OverBudget(Exception):
    """The walk met more distinct sub-problems than its budget allows."""


class Walk:
    """One question about one box of a compiled table. `cells` bound the box: one for each column, None for all. Columns
    that rows of the mask `first` test go before all others."""

    def __init__(
        self, compiled: Compiled, cells: Sequence[Cell] | None = None, budget: int = BUDGET, first: int = 0
    ) -> None:
        self.compiled = compiled
        self.budget = budget
        positions = range(len(compiled.table.columns))
        classes = [compiled.classes(position, cells[position] if cells else None) for position in positions]
        # For each column the rows that do not test it inside the box; the column that most rows test goes first.
        untested = [reduce(and_, (klass.mask for klass in found), compiled.full) for found in classes]
        self.order = sorted(positions, key=lambda c: (untested[c].bit_count(), len(classes[c])))
        if first:
            # Where a region is walked whole, few pieces count as well: three to ten times fewer states.
            tests = [(compiled.count - mask.bit_count()) / log(2 + len(classes[c])) for c, mask in enumerate(untested)]
            self.order = sorted(positions, key=lambda c: (not first & ~untested[c], -tests[c]))
        self.classes: list[list[Klass]] = [classes[position] for position in self.order]
        self.untested = [untested[position] for position in self.order]
        self.states = 0
        self.covered: list[set[int]] = [
            set() for _ in self.order
        ]  # for each depth, rows known to match all that is left

    @cached_property
    def sure(self) -> list[int]:
        """For each depth the rows that admit everything the remaining columns can be inside the box."""
        out = [self.compiled.full]
        for untested in reversed(self.untested):
            out.append(out[-1] & untested)
        return out[::-1]

    @cached_property
    def volume(self) -> list[int]:
        """For each depth the number of cases in the remaining columns of the box."""
        out = [1]
        for classes in reversed(self.classes):
            out.append(out[-1] * sum(klass.weight for klass in classes))
        return out[::-1]

    def uncovered(self, live: int) -> list[Interval] | None:
        """A box of cases that none of the rows in `live` matches, as one piece for each column in table order; None
        if all are matched."""
        path: list[Interval] = [(0, 0)] * len(self.order)
        covered = self.covered
        levels: list[dict[int, Interval]] = []
        for classes in self.classes:  # rows that are not asked about do not tell classes apart
            levels.append({})
            for klass in classes:
                levels[-1].setdefault(klass.mask & live, klass.pieces[0])
        sure = self.sure

        def search(depth: int, alive: int) -> bool:
            self._count_state()
            parts: dict[int, Interval] = {}
            for mask, piece in levels[depth].items():
                parts.setdefault(alive & mask, piece)
            # Fewest live rows first: that is where a gap is found soonest.
            for left in sorted(parts, key=int.bit_count):
                if not left:
                    for rest in range(depth + 1, len(levels)):
                        path[self.order[rest]] = self.classes[rest][0].pieces[0]
                elif left & sure[depth + 1] or left in covered[depth + 1] or not search(depth + 1, left):
                    continue
                path[self.order[depth]] = parts[left]
                return True
            covered[depth].add(alive)
            return False

        if not live:
            for depth, position in enumerate(self.order):
                path[position] = self.classes[depth][0].pieces[0]
            return path
        return path if not live & sure[0] and search(0, live) else None

    def count(self, live: int) -> int:
        """The exact number of cases of the box that none of the rows in `live` matches."""
        known: list[dict[int, int]] = [{} for _ in self.order]
        levels: list[dict[int, int]] = []
        for classes in self.classes:
            levels.append({})
            for klass in classes:
                levels[-1][klass.mask & live] = levels[-1].get(klass.mask & live, 0) + klass.weight
        sure, volume, covered = self.sure, self.volume, self.covered

        def missing(depth: int, alive: int) -> int:
            if not alive:
                return volume[depth]
            if alive & sure[depth] or alive in covered[depth]:
                return 0
            total = known[depth].get(alive)
            if total is None:
                self._count_state()
                parts: dict[int, int] = {}
                for mask, weight in levels[depth].items():
                    parts[mask & alive] = parts.get(mask & alive, 0) + weight
                total = sum(weight * missing(depth + 1, rows) for rows, weight in parts.items())
                known[depth][alive] = total
            return total

        return missing(0, live)

    def _count_state(self) -> None:
        self.states += 1
        if self.states > self.budget:
            raise OverBudget(self.compiled.table.name)
