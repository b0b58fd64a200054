"""Tell people: which channels, which words, in which language, and what became of it.

`tell` (customers and staff by person), `tell_staff` (by role) and `send_code` are what the apps above call; see
docs/notices.md. They are looked up on first use, because models do not exist yet while Django loads the apps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftersales.notices.actions.codes import send_code
    from aftersales.notices.actions.telling import tell, tell_staff

__all__ = ["send_code", "tell", "tell_staff"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from aftersales.notices.actions import codes, telling

    return codes.send_code if name == "send_code" else getattr(telling, name)
