"""Write what happened: the event and one delivery per listener, in the transaction of the change itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Model

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.ledger import catalogue, doorbell
from aftersales.ledger.models import Delivery, Event
from aftersales.ledger.subject import subject_of


def record(name: str, /, *, on: Model, actor: Actor, at: dt.datetime | None = None, **data: Any) -> Event:
    """Record that `name` happened to `on`. `data` must be JSON; money goes in as minor units with a currency.

    Raises `TransactionManagementError` outside a transaction: an event that could survive its change would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{name} was recorded outside a transaction.")
    catalogue.event_type(name)  # an undeclared event is a KeyError here, not a blank line on a timeline later
    at = at or clock.now()
    event = Event.objects.create(
        name=name,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        data=data,
        at=at,
        **subject_of(on),
    )
    listeners = catalogue.listeners_of(name)
    if listeners:
        Delivery.objects.bulk_create([Delivery(event=event, listener=each, due_at=at) for each in listeners])
        doorbell.ring_after_commit()
    return event


def timeline(thing: Model) -> list[Event]:
    """Everything that happened to a row, oldest first."""
    return list(Event.objects.filter(**subject_of(thing)).order_by("id"))
