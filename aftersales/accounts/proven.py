"""The orders a customer has proven in this browser session, and until when. Written by the portal after a good proof."""

from __future__ import annotations

import time

from django.contrib.sessions.backends.base import SessionBase

from aftersales.accounts.actions.afterglow import JUST, leave_afterglow
from aftersales.ledger.fingerprint import fingerprint

_KEY = "proven_orders"
IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 2 * 60 * 60


def remember(session: SessionBase, order_id: int, *, typed: str = "") -> None:
    """Bind an order to the session. The session key changes, so a planted one is worth nothing.

    `typed` is the secret that proved it and works once. A double press sends it twice under the old key, and the browser
    shows the second answer: for a minute the old key still opens the order to whoever has the secret too.
    """
    old_key = session.session_key
    session.cycle_key()
    now = int(time.time())
    session[_KEY] = {**session.get(_KEY, {}), str(order_id): {"since": now, "seen": now}}
    if old_key and typed:
        leave_afterglow(old_key, session, order_id=order_id, typed=typed)


def just_proven(session: SessionBase, typed: str) -> int | None:
    """The primary key of the order that this secret has opened within the last minute, from the page before, or None."""
    just = session.get(JUST)
    return just["order"] if just and just["by"] == fingerprint(typed) else None


def forget(session: SessionBase) -> None:
    """Leave: nothing stays proven."""
    session.pop(_KEY, None)


def orders_of(session: SessionBase) -> frozenset[int]:
    """Primary keys of the orders still proven: 30 minutes idle, two hours at most."""
    entries = session.get(_KEY)
    if not entries:
        return frozenset()
    now = int(time.time())
    alive = {
        order: {**entry, "seen": now}
        for order, entry in entries.items()
        if now - entry["seen"] < IDLE_SECONDS and now - entry["since"] < ABSOLUTE_SECONDS
    }
    # Written back at most once a minute: a read should not cost a write.
    if len(alive) != len(entries) or any(now - entries[order]["seen"] > 60 for order in alive):
        session[_KEY] = alive
    return frozenset(int(order) for order in alive)
