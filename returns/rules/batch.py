"""Deciding many cases at once: the same answers as `Pack.decide`, case by case, from columns. Used by `backtest`.

    decisions = decide_batch(load_pack("cn"), from_facts(cases))
    decisions.of(0).remedies

Cases that no table of the pack can tell apart are decided once (`alike`), and those over whole arrays (`asking`). What
differs from case to case beyond that, the sums, is worked out for each (`sums`). NumPy is needed for this and for
nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from returns.rules.alike import alike, with_derived
from returns.rules.arrays import numpy
from returns.rules.asking import Asked, ask_all, mask_table
from returns.rules.columns import picked
from returns.rules.compile import Compiled
from returns.rules.grouping import group
from returns.rules.verdict import LEGS

if TYPE_CHECKING:
    from returns.rules.columns import Array, Columns
    from returns.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class Decision:
    """What a verdict says apart from dates, sums and reasons. `freight` has the payer of each leg for each remedy due,
    `extras` what comes on top, `periods` the days that run (what, days, counted from, party, duty)."""

    fault: str
    due: tuple[str, ...]
    extras: tuple[str, ...]
    freight: tuple[tuple[str, ...], ...]
    carrier_claim: bool
    periods: tuple[tuple[Any, ...], ...]

    @property
    def remedies(self) -> tuple[str, ...]:
        return self.due + self.extras

    @property
    def payers(self) -> dict[str, str]:
        """Who bears each leg under the first remedy."""
        return dict(zip(LEGS, self.freight[0], strict=True))

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, as much as a reader compares."""
        return {
            "fault": self.fault,
            "remedies": list(self.remedies),
            **{f"{leg}_leg_payer": payer for leg, payer in self.payers.items()},
            "carrier_claim": self.carrier_claim,
        }


@dataclass(frozen=True, eq=False)
class Decisions:
    """The answers of one pack on many cases. `which[i]` is the number of case i's decision in `kinds`. None there stands
    for a case that cannot be decided, and `why_not[which[i]]` says why, in the words of `asking`. `hits` counts for each
    table and row the cases it decided."""

    kinds: tuple[Decision | None, ...]
    why_not: tuple[str, ...]
    which: "Array"
    hits: dict[str, dict[str, int]]

    def __len__(self) -> int:
        return len(self.which)

    def of(self, case: int) -> Decision | None:
        return self.kinds[int(self.which[case])]


def decide_batch(pack: "Pack", columns: "Columns") -> Decisions:
    """Decide every case of the columns (see `columns`). A case that single `decide` would refuse has no decision."""
    return decide_both([pack], columns)[0]


def decide_both(packs: "Sequence[Pack]", columns: "Columns") -> list[Decisions]:
    """Decide the same cases by several packs; what they have in common is done once. Raises NoNumPy."""
    columns = with_derived(packs, columns)
    first, which = alike(packs, columns)
    different = picked(columns, first)
    weights = numpy().bincount(which, minlength=len(first))
    return [_decisions(ask_all(pack, different), which, weights) for pack in packs]


def decide_table(compiled: Compiled, columns: "Columns") -> "Array":
    """The number of the row of one table that decides each case; see `masks` for what the negative ones say."""
    return mask_table(compiled).rows(columns)


def _decisions(asked: Asked, which: "Array", weights: "Array") -> Decisions:
    reader = _Reader(asked)
    first, kind = group(*reader.signature())
    kinds = [reader.decision(int(case)) for case in first]
    return Decisions(
        kinds=tuple(kinds),
        why_not=tuple(asked.reasons[asked.stuck[case]] for case in first),
        which=kind[which],
        hits=reader.hits(weights),
    )


class _Reader:
    """What was said about each case, put together as decisions."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.pack = asked.pack
        self.turns = max(map(len, asked.values("due")))
        self.extras = self._labels("extras")
        self.periods = self._labels("deadlines")

    def _labels(self, table: str) -> "list[tuple[str, list[tuple[Any, ...]], Array]]":
        """Of a table asked once for each value: the value, the different outcomes, and which of them each case met."""
        np = numpy()
        found = []
        for label in self.asked.fired:
            name, _, value = label.partition(":")
            if name == table:
                rows = self.pack.table(table).rows
                outcomes = list(dict.fromkeys(row.outcome for row in rows))
                by_row = np.array([*(outcomes.index(row.outcome) for row in rows), -1], dtype="i4")
                found.append((value, outcomes, by_row[self.asked.fired[label]]))
        return found

    def signature(self) -> "tuple[list[Array], list[int]]":
        """Columns that are equal exactly where the decision is, and their sizes."""
        asked = self.asked
        arrays, sizes = [asked.stuck], [len(asked.reasons)]
        payers = [f"{leg}_payer#{turn}" for turn in range(self.turns) for leg in LEGS]
        for name in ("fault", "due", "carrier_claim", *payers):
            if name in asked.said:
                arrays.append(asked.said[name][0] + 1)
                sizes.append(len(asked.values(name)) + 1)
        for _value, outcomes, which in (*self.extras, *self.periods):
            arrays.append(which + 1)
            sizes.append(len(outcomes) + 1)
        return arrays, sizes

    def decision(self, case: int) -> Decision | None:
        if self.asked.stuck[case]:
            return None
        due = self._said("due", case)
        return Decision(
            fault=self._said("fault", case),
            due=due,
            extras=tuple(value for value, outcomes, which in self.extras if outcomes[which[case]][0]),
            freight=tuple(tuple(self._said(f"{leg}_payer#{n}", case) for leg in LEGS) for n in range(len(due))),
            carrier_claim=bool(self._said("carrier_claim", case)) if "carrier_claim" in self.asked.said else False,
            periods=tuple(
                (value, *outcomes[which[case]])
                for value, outcomes, which in self.periods
                if outcomes[which[case]][0] is not None
            ),
        )

    def _said(self, name: str, case: int) -> Any:
        return self.asked.values(name)[self.asked.said[name][0][case]]

    def hits(self, weights: "Array") -> dict[str, dict[str, int]]:
        """For each table and row the number of cases it decided; a table asked several times counts each."""
        np = numpy()
        out = {}
        for name in self.pack.tables:
            rows = self.pack.table(name).rows
            count = np.zeros(len(rows) + 1)
            for label, fired in self.asked.fired.items():
                if label.split(":")[0].split("#")[0] == name:
                    count += np.bincount(np.where(fired < 0, len(rows), fired), weights, len(rows) + 1)
            out[name] = {row.id: int(count[place]) for place, row in enumerate(rows)}
        return out
