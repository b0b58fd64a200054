"""Write what happened: the event and one delivery per listener, in the transaction of the change itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
    _must_be_known(name)
    event = _event(name, on, actor, at or clock.now(), data)
    event.save(force_insert=True)
    _let_hear([event])
    return event


def record_all(name: str, /, rows: Sequence[tuple[Model, dict[str, Any]]], *, actor: Actor, at: dt.datetime) -> None:
    """Record that `name` happened to many rows at one moment, each with its own data, in a few statements."""
    _must_be_known(name)
    _let_hear(Event.objects.bulk_create([_event(name, on, actor, at, data) for on, data in rows]))


def _must_be_known(name: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{name} was recorded outside a transaction.")
    catalogue.event_type(name)  # an undeclared event is a KeyError here, not a blank line on a timeline later


def _event(name: str, on: Model, actor: Actor, at: dt.datetime, data: dict[str, Any]) -> Event:
    return Event(
        name=name,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        data=data,
        at=at,
        **subject_of(on),
    )


def _let_hear(events: Sequence[Event]) -> None:
    """One delivery for each listener of each event, which all have one name."""
    listeners = catalogue.listeners_of(events[0].name) if events else ()
    if listeners:
        Delivery.objects.bulk_create(
            [Delivery(event=event, listener=each, due_at=event.at) for event in events for each in listeners]
        )
        doorbell.ring_after_commit()


def timeline(thing: Model) -> list[Event]:
    """Everything that happened to a row, oldest first."""
    return list(Event.objects.filter(**subject_of(thing)).order_by("id"))
