"""Links that open something without an account. A notice keeps what they open; they are sealed as its words leave.

So nobody who reads a notice again can act as the customer. An app with such pages says how their addresses are made:

    opening.register("visit", address)      # in that app's `notices.py`; `address(of)` gives the whole link
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HIDDEN = "…"  # what stands for the link when a message is said again

_addresses: dict[str, Callable[[str], str]] = {}


@dataclass(frozen=True, slots=True)
class Opens:
    """A parameter of a notice: which of the registered pages, and what of it, such as the reference of a visit."""

    page: str
    of: str

    def address(self) -> str:
        """The link itself, sealed now."""
        return _addresses[self.page](self.of)


def register(page: str, address: Callable[[str], str]) -> None:
    """Say how the links to a page are made. The latest registration counts."""
    _addresses[page] = address
