"""Which member of staff an actor is, for the `by` column of a decision."""

from __future__ import annotations

from aftersales.kernel.actor import Actor


def user_id_of(actor: Actor) -> int | None:
    """The primary key of the user, or None for a customer, a program or the clock."""
    return actor.id if actor.kind == "staff" else None
