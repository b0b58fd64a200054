"""Deciding on some of the facts: what people act on, or the first fact that the decision hangs on. Called by `undecided`.

The same steps as `engine.decide`, without reasons and periods. A table is read only as far as the known facts leave it
open: a row that asks nothing about the unknown ones decides without them.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from returns.rules.compile import Compiled, NoRow
from returns.rules.derive import derived_vocabulary
from returns.rules.language import Row
from returns.rules.verdict import LEGS, Verdict, requested_first

if TYPE_CHECKING:
    from returns.rules.pack import Pack

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people act on. `payers` are those of the outbound, return and replacement leg under the first remedy."""

    fault: str
    remedies: tuple[str, ...]
    payers: tuple[str, str, str]
    carrier_claim: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "fault": self.fault,
            "remedies": list(self.remedies),
            **{f"{leg}_leg_payer": payer for leg, payer in zip(LEGS, self.payers, strict=True)},
            "carrier_claim": self.carrier_claim,
        }


def outcome_of(verdict: Verdict) -> Outcome:
    """What people act on in a verdict."""
    payers = (verdict.outbound_leg_payer, verdict.return_leg_payer, verdict.replacement_leg_payer)
    return Outcome(verdict.fault, verdict.remedies, payers, verdict.carrier_claim)


class Needed(Exception):
    """A fact that the decision hangs on and that is not known."""


class _Partial(dict[str, Any]):
    """Facts of which some are missing; reading one of those says which."""

    def __missing__(self, name: str) -> Any:
        raise Needed(name)


def decided(pack: "Pack", known: Mapping[str, Value]) -> Outcome | None:
    """What people act on, from facts of which some may be missing; None for a case declared impossible. Raises Needed
    naming the first missing fact that it hangs on."""
    case = _Partial(known)
    said: dict[str, Any] = {}

    def ask(name: str) -> dict[str, Any] | None:
        row = _row(pack.tables[name], case, said)
        outcomes = pack.table(name).outcomes
        return None if row is None else {o.name: value for o, value in zip(outcomes, row.outcome, strict=True)}

    for name in pack.chain:
        if (answer := ask(name)) is None:
            return None
        said |= answer
    due = requested_first(said["remedies"], str(case["wish"]))
    said["remedy"] = due[0]
    payers = {}
    for leg in LEGS:
        if (answer := ask(leg)) is None:
            return None
        payers[leg] = answer["payer"]
    said |= {f"{leg}_payer": payer for leg, payer in payers.items()}
    extras: list[str] = []
    if "extras" in pack.each:
        table = pack.table("extras")
        for value in table.column(table.each).values:
            said[table.each] = value
            if (answer := ask("extras")) is None:
                return None
            extras += [value] if answer["due"] else []
    first, back, third = (payers[leg] for leg in LEGS)
    return Outcome(said["fault"], (*due, *extras), (first, back, third), bool(said.get("carrier_claim", False)))


def _row(compiled: Compiled, case: _Partial, said: Mapping[str, Any]) -> Row | None:
    """The row that decides, if the known facts settle it; None inside a box of impossible cases."""
    derived = derived_vocabulary()
    live = compiled.full
    missing: dict[int, str] = {}
    values: dict[int, Value] = {}
    for position, column in enumerate(compiled.table.columns):
        name = column.name
        try:
            value = said[name] if name in said else derived[name].work_out(case) if name in derived else case[name]
        except Needed as needed:
            missing[position] = str(needed)
        else:
            values[position] = value
            live &= compiled.masks[position][bisect_right(compiled.starts[position], column.index(value)) - 1]
    for box in compiled.table.impossible:
        inside = [
            cell is None or any(low <= compiled.table.columns[p].index(value) <= high for low, high in cell)
            for p, value in values.items()
            for cell in (box.cells[p],)
        ]
        if all(inside):
            for position, fact in missing.items():
                if box.cells[position] is not None:
                    raise Needed(fact)
            return None
    if not live:
        raise NoRow(f"table {compiled.table.name} has no row for this case")
    row = compiled.table.rows[(live & -live).bit_length() - 1]
    for position, fact in missing.items():
        if row.cells[position] is not None:
            raise Needed(fact)
    return row
