"""What storing a batch came to: counts, refusals and remarks. Filled by the batch, read by the run's report."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftersales.kernel.errors import Refusal
from customers.models import Shop


@dataclass(frozen=True, slots=True)
class Shopfront:
    """Where the orders belong: `source` is their platform, and with the number their identity."""

    shop: Shop
    source: str


@dataclass(frozen=True, slots=True)
class Refused:
    number: str
    why: Refusal


@dataclass(slots=True)
class BatchResult:
    """Counts of one batch; `remarks` are sentences about orders that were stored all the same."""

    orders_created: int = 0
    orders_changed: int = 0
    orders_unchanged: int = 0
    lines_created: int = 0
    lines_changed: int = 0
    people_created: int = 0
    stored: list[str] = field(default_factory=list)  # order numbers in the archive after the batch
    refused: list[Refused] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, other: BatchResult) -> None:
        for name in (
            "orders_created", "orders_changed", "orders_unchanged", "lines_created", "lines_changed", "people_created"
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.stored += other.stored
        self.refused += other.refused
        self.remarks += other.remarks
