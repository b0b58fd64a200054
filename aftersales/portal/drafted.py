"""What a half-filled request says so far: `ReturnDraft.data` read, and the way back into it. Used by the steps of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from returns.actions.submission import Item

DraftData = dict[str, Any]


@dataclass(slots=True)
class Chosen:
    """So many units of one order line, and what was said about them so far."""

    quantity: int
    group: str = ""
    reason: str = ""
    story: str = ""
    wanted_sku: int | None = None


@dataclass(slots=True)
class Drafted:
    """The whole request so far. `lines` are by primary key of the order line; `kind` is a return's kind or nothing yet."""

    lines: dict[int, Chosen] = field(default_factory=dict)
    kind: str = ""

    @classmethod
    def read(cls, data: DraftData) -> Drafted:
        lines = {int(line): Chosen(**said) for line, said in data.get("lines", {}).items()}
        return cls(lines, data.get("kind", ""))

    def as_data(self) -> DraftData:
        return {"lines": {str(line): asdict(said) for line, said in self.lines.items()}, "kind": self.kind}

    def items(self) -> list[Item]:
        """The request as the actions take it."""
        return [
            Item(line, said.quantity, said.reason, said.story, said.wanted_sku if self.kind == "exchange" else None)
            for line, said in self.lines.items()
        ]

    def choose(self, quantities: dict[int, int]) -> None:
        """Take exactly these units; what was said about an item that stays is kept."""
        self.lines = {
            line: Chosen(**{**asdict(self.lines[line]), "quantity": count}) if line in self.lines else Chosen(count)
            for line, count in quantities.items()
            if count > 0
        }

    def because(self, lines: Iterable[int], group: str, reason: str) -> None:
        """Give the reason for these items. One that was taken out meanwhile needs none."""
        for line in lines:
            if line in self.lines:
                self.lines[line].group, self.lines[line].reason = group, reason


def changing(change: Callable[[Drafted], None]) -> Callable[[DraftData], DraftData]:
    """A change of the reading as a change of the stored data, for `change_draft`."""

    def apply(data: DraftData) -> DraftData:
        drafted = Drafted.read(data)
        change(drafted)
        return drafted.as_data()

    return apply
