"""Who else is on a ticket now, and whether they write. Kept in the cache for some seconds; without Redis it is simply not told.

Each person has a slot of the ticket by the number of their account, so that two who look at once do not overwrite each
other. Nothing else depends on what stands here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

from aftersales.kernel.actor import Actor

EVERY_SECONDS = 2.5  # how often an open page says that it is open
FRESH_SECONDS = 7.0  # two missed turns, then somebody is gone
_SLOTS = 16

WRITES = frozenset({"reply", "note"})


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else on the ticket. `doing` is "reply", "note" or "" for looking."""

    id: int
    name: str
    doing: str


def here(ticket_id: int, actor: Actor, *, doing: str = "") -> list[Other]:
    """Say that the actor is here, and who else is, by name."""
    if actor.kind != "staff" or actor.id is None:
        return []
    now = time.time()
    keys = [f"here:{ticket_id}:{slot}" for slot in range(_SLOTS)]
    mine = keys[actor.id % _SLOTS]
    slots = cache.get_many(keys)
    known: dict[int, tuple[str, str, float]] = {}
    for people in slots.values():
        known |= {who: told for who, told in people.items() if now - told[2] < FRESH_SECONDS}
    beside = {who: told for who, told in slots.get(mine, {}).items() if who != actor.id and who in known}
    told = (actor.label, doing if doing in WRITES else "", now)
    cache.set(mine, {**beside, actor.id: told}, timeout=int(FRESH_SECONDS) + 1)
    others = [Other(who, name, doing) for who, (name, doing, _at) in known.items() if who != actor.id]
    return sorted(others, key=lambda other: (other.name, other.id))
