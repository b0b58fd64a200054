"""Who acts: a member of staff, a customer who proved an order, an API key or the system. Every action takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What somebody is to the shop; `policy.GRANTS` says what each role may do."""

    ANONYMOUS = "anonymous"
    CUSTOMER = "customer"
    AGENT = "agent"
    WAREHOUSE = "warehouse"
    LEAD = "lead"
    MANAGER = "manager"
    AUDITOR = "auditor"
    SYSTEM = "system"


STAFF_ROLES = frozenset({Role.AGENT, Role.WAREHOUSE, Role.LEAD, Role.MANAGER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts. A customer has no account: `orders` holds the primary keys of the orders proven in this session."""

    kind: str  # "staff" | "customer" | "api" | "system" | "anonymous"
    id: int | None = None
    role: Role = Role.ANONYMOUS
    label: str = ""
    orders: frozenset[int] = field(default_factory=frozenset)
    locale: str = "zh-hans"
    source: str = ""  # network address the request came from, as the trusted proxy told it; "" for the system
    team: int | None = None  # of a member of staff; what belongs to other closed teams is not theirs to see
    owner: int | None = None  # the member of staff a key was made for: what the program does is done for them

    @property
    def is_staff(self) -> bool:
        """A person or key of the shop: sees every order; the policy table says what they may do."""
        return self.role in STAFF_ROLES

    @property
    def is_customer(self) -> bool:
        return self.role == Role.CUSTOMER

    @property
    def is_system(self) -> bool:
        return self.role == Role.SYSTEM

    @property
    def scope(self) -> Actor:
        """The part of it that decides which rows it may see; the same for all who see the same."""
        return Actor(self.kind, role=self.role, orders=self.orders, team=self.team)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id is not None else self.kind

    def as_data(self) -> dict[str, Any]:
        """The part worth keeping with an event."""
        return {"kind": self.kind, "id": self.id, "role": str(self.role), "label": self.label}


SYSTEM = Actor(kind="system", role=Role.SYSTEM, label="system")
ANONYMOUS = Actor(kind="anonymous")
