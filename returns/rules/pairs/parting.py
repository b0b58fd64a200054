"""Which cases two tables decide by rows that differ, and how many."""

from dataclasses import dataclass

from returns.rules.domains import Common
from returns.rules.pairs.regions import Differs, Pair, Region, merged
from returns.rules.pairs.walking import PairWalk

MOST_BOXES = 400  # collected before they are merged; the count of cases is exact however many there are


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
    walk = PairWalk(shared, differs, budget)
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
