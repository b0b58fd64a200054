"""The values of a fact that can make a difference to a pack: one for each way in which its tables tell them apart. Used
by `why_not` and `undecided`.

A number is cut where some row's condition begins or ends, and where a derived fact changes with the others as they are;
of each piece only the place nearest to where the case stands is worth a try.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from returns.rules.derive import derived_vocabulary
from returns.rules.facts import vocabulary
from returns.rules.linking import fact_columns
from returns.rules.reasons import reasons

if TYPE_CHECKING:
    from returns.rules.pack import Pack

Value = str | int | bool


@lru_cache(maxsize=128)
def levers(pack: "Pack", tables: tuple[str, ...]) -> tuple[str, ...]:
    """The raw facts that these tables read, themselves or through a derived fact, in the order of the vocabulary."""
    derived = derived_vocabulary()
    read: set[str] = set()
    for name in tables:
        for column in pack.table(name).columns:
            read |= set(derived[column.name].comes_from) if column.name in derived else {column.name}
    return tuple(name for name in vocabulary() if name in read)


def values_of(pack: "Pack", name: str, facts: Mapping[str, Value]) -> list[Value]:
    """Every other value of a fact that the pack may treat differently from the one in `facts`, nearest first."""
    fact, now = vocabulary()[name], facts[name]
    if fact.kind == "bool":
        return [not now]
    if fact.kind in ("int", "money"):
        return _numbers(pack, name, facts)
    if fact.kind == "reason":
        return list(_leaves(name, str(now)))
    return [value for value in fact.values if value != now]


def _numbers(pack: "Pack", name: str, facts: Mapping[str, Value]) -> list[Value]:
    now = int(facts[name])
    starts = sorted({*_cuts(pack, name), *_derived_cuts(name, facts)})
    here = bisect_right(starts, now) - 1
    ends = [*(starts[place + 1] - 1 for place in range(here)), *starts[here + 1 :]]
    nearest: list[int] = sorted(ends, key=lambda place: (abs(place - now), place))
    return [*nearest]


@lru_cache(maxsize=4096)
def _cuts(pack: "Pack", name: str) -> tuple[int, ...]:
    """The first places of the pieces that the tables' own columns cut a number into."""
    found = {fact_columns()[name].lo}
    for compiled in pack.tables.values():
        for position, column in enumerate(compiled.table.columns):
            if column.name == name:
                found |= set(compiled.starts[position])
    return tuple(sorted(found))


def _derived_cuts(name: str, facts: Mapping[str, Value]) -> Iterator[int]:
    for key, derived in derived_vocabulary().items():
        if name in derived.comes_from:
            others = tuple((other, facts[other]) for other in derived.comes_from if other != name)
            yield from _turns(key, name, others)


@lru_cache(maxsize=8192)
def _turns(key: str, name: str, others: tuple[tuple[str, Value], ...]) -> tuple[int, ...]:
    """Where a derived fact changes along the whole range of one number, the other facts being as given."""
    column, work_out = fact_columns()[name], derived_vocabulary()[key].work_out
    case, last, out = dict(others), None, []
    for place in range(column.lo, column.hi + 1):
        case[name] = place
        said = work_out(case)
        if said != last:
            out.append(place)
            last = said
    return tuple(out)


def answers_to(pack: "Pack", name: str, known: Mapping[str, Value]) -> list[Value]:
    """One value for each way in which a fact nobody knows may matter, where others may be unknown as well."""
    fact = vocabulary()[name]
    if fact.kind == "bool":
        return [False, True]
    if fact.kind == "reason":
        return [value for value in _leaves(name, "") if value != "none" or name == "found_reason"]
    if fact.kind not in ("int", "money"):
        return list(fact.values)
    starts = set(_cuts(pack, name))
    for key, derived in derived_vocabulary().items():
        if name in derived.comes_from:
            others = [other for other in derived.comes_from if other != name]
            spans = [[known[other]] if other in known else _span(other) for other in others]
            for chosen in product(*spans):
                starts |= set(_turns(key, name, tuple(zip(others, chosen, strict=True))))
    places = sorted(starts)
    return [*places, *(place - 1 for place in places[1:] if place - 1 not in starts), fact.hi]


def _span(name: str) -> list[Value]:
    """The ends of a number's range, all values of anything else."""
    column = fact_columns()[name]
    places = (column.lo, column.hi) if column.kind in ("int", "money") else range(column.lo, column.hi + 1)
    return [column.value(place) for place in places]


@lru_cache(maxsize=1024)
def _leaves(name: str, now: str) -> Sequence[str]:
    """One leaf for each matter, of the group of the present one where it has one; none for "nothing found yet" too."""
    known = reasons()
    mine = known[now].matter if now in known else now
    chosen: dict[str, str] = {}
    group = known[now].group if now in known else ""
    for code, leaf in known.items():
        if leaf.matter != mine and (
            leaf.matter not in chosen or (leaf.group == group != known[chosen[leaf.matter]].group)
        ):
            chosen[leaf.matter] = code
    rest: Iterable[str] = () if mine == "none" or name != "found_reason" else ("none",)
    return (*rest, *chosen.values())
