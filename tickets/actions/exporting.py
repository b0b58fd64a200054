"""Take a list of tickets out of the house: who may, and that it happened. The desk writes the file."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record

LONGEST_QUERY = 500  # of the list's address, as the audit keeps it


@transaction.atomic
def record_export(*, tickets: int, asked: str, actor: Actor) -> None:
    """Names of customers left the house: who took them, how many, and by which list (PIPL art. 51)."""
    check(actor, "ticket.export")
    who = get_user_model().objects.get(pk=actor.id or 0)
    record("ticket.exported", on=who, actor=actor, at=clock.now(), tickets=tickets, asked=asked[:LONGEST_QUERY])
