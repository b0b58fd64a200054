"""Which member of staff stands behind an actor, for the `by` column of a row."""

from __future__ import annotations

from aftersales.kernel.actor import Actor


def user_id_of(actor: Actor) -> int | None:
    """The primary key of the user: who signed in, or whom an API key acts for. None for a customer or the clock."""
    return actor.id if actor.kind == "staff" else actor.owner
