"""The roads a return can have taken: its steps, where it stands after the last one, and how often that happens."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Road:
    """`steps` after the submit; `weight` is how many of a thousand end like this. `waits` is the ticket's waiting_on."""

    kind: str
    status: str
    steps: tuple[str, ...]
    weight: int
    waits: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in ("closed", "withdrawn", "expired")


_BACK = ("approve", "ship", "arrive", "count", "inspect")
ROADS: tuple[Road, ...] = (
    Road("return", "closed", (*_BACK, "due", "send", "pay", "close"), 730),
    Road("exchange", "closed", (*_BACK, "reship", "deliver", "close"), 110),
    Road("return", "closed", ("reject", "final", "close"), 35),
    Road("return", "withdrawn", ("approve", "withdraw"), 35),
    Road("return", "expired", ("approve", "expire"), 30),
    # Under way: a few weeks of work, whatever the size of the shop.
    Road("return", "submitted", (), 12),
    Road("return", "need_info", ("ask",), 4, "customer"),
    Road("return", "awaiting_return", ("approve",), 12, "customer"),
    Road("return", "in_transit", ("approve", "ship"), 10, "carrier"),
    Road("return", "delivered", ("approve", "ship", "arrive"), 5, "warehouse"),
    Road("return", "received", ("approve", "ship", "arrive", "count"), 3, "warehouse"),
    Road("return", "refund_due", (*_BACK, "due"), 5),
    Road("exchange", "awaiting_return", ("approve",), 3, "customer"),
    Road("exchange", "awaiting_reship", _BACK, 3, "warehouse"),
    Road("exchange", "reshipped", (*_BACK, "reship"), 3, "carrier"),
)
WEIGHTS = tuple(accumulate(road.weight for road in ROADS))

# Steps that move the return to another status; the others only add to it.
MOVES = frozenset(
    {
        "approve",
        "ship",
        "arrive",
        "count",
        "inspect",
        "send",
        "pay",
        "close",
        "reship",
        "reject",
        "withdraw",
        "expire",
        "ask",
    }
)

# Hours from the step before: least and most.
PACE = {
    "approve": (1, 30), "ship": (10, 90), "arrive": (20, 60), "count": (1, 20), "inspect": (1, 20), "due": (0, 0),
    "send": (1, 12), "pay": (0, 1), "close": (0, 0), "final": (168, 168), "reship": (3, 30), "deliver": (24, 80),
    "reject": (2, 40), "withdraw": (2, 80), "expire": (168, 168), "ask": (1, 20),
}  # fmt: skip
