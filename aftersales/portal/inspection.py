"""What the warehouse found in the parcel, line by line, as its customer may read it. Used by the status page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from returns.models import Inspection, Return, ReturnLine


@dataclass(slots=True)
class Found:
    """One line of the request. `refused`: what was not accepted, each with grade, note and where it goes."""

    line: ReturnLine
    checked: int
    refused: list[Inspection] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return self.checked - sum(each.quantity for each in self.refused)

    @property
    def absent(self) -> int:
        """Units asked for that were not in the parcels."""
        return self.line.quantity - self.checked


def inspected(ret: Return) -> list[Found]:
    """One entry a line once the goods were inspected; empty before, and where nobody looked (T5). One query.

    A refusal a lead has lifted is history: what was refused then has been accepted since. Notes on accepted goods stay in
    the house, they were written for colleagues.
    """
    of_line: dict[int, list[Inspection]] = defaultdict(list)
    for inspection in Inspection.objects.filter(line__of=ret).order_by("id"):
        of_line[inspection.line_id].append(inspection)
    if not of_line:
        return []
    return [_found(line, of_line[line.pk]) for line in ret.lines.all()]


def _found(line: ReturnLine, inspections: list[Inspection]) -> Found:
    checked = sum(each.quantity for each in inspections)
    if line.accepted_quantity == checked:
        return Found(line, checked)
    return Found(line, checked, [each for each in inspections if not each.accepted])
