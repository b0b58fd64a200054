"""What a payment provider must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Payment:
    """One refund to pay. `key` is the idempotency key: the same key is the same payment, however often it is sent.

    `amount_minor` is in minor units of `currency`.
    """

    key: str
    order: str
    amount_minor: int
    currency: str


class Provider(Protocol):
    name: str

    def pay(self, payment: Payment) -> str:
        """Pay and return the provider's number. Raises Temporary, Permanent or Unknown of `ledger.outbox`."""
