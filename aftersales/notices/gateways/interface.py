"""What a carrier of SMS must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sms:
    """One message. `to` is E.164. Carriers with registered templates take `template`, `locale` and `variables`."""

    key: str
    to: str
    text: str
    template: str
    locale: str
    variables: dict[str, str]


class Gateway(Protocol):
    really_sends: bool  # False: the message is only shown here, and the notice says so

    def send(self, message: Sms) -> str:
        """Hand over and return the carrier's number. Raises Temporary, Permanent or Unknown of `ledger.outbox`."""
