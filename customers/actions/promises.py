"""Make a promise, be reminded of it, keep it, or see it broken when its time is over. Called by the desk, the API and the sweep.

A promise better than the rules binds the shop (Consumer Rights Law art. 16), so its `terms` are facts for the verdict.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Order, Person, Promise
from customers.policy import check_terms

DUE_TIMER = "customers.promise_due"
WARN_TIMER = "customers.promise_warn"
WARN_BEFORE = dt.timedelta(hours=2)  # of a promise for less than four hours, half of its time
LONGEST = 300


class PromiseSettled(Conflict):
    """The promise is already kept or broken."""

    code = "promise_settled"
    sentence = _("This promise is settled already; its history cannot be rewritten. Make a new one if need be.")


@transaction.atomic
def make_promise(
    person_id: int,
    *,
    text: str,
    actor: Actor,
    order_id: int | None = None,
    due_at: dt.datetime | None = None,
    terms: dict[str, Any] | None = None,
    made_in: str = Promise.Place.ORDER,
) -> Promise:
    """Write down what was promised, about which order, by when (UTC). Whoever made it is reminded before that.

    `terms` are what the rules read of it (`policy.TERMS`); they need an order, because the rules judge orders. Raises
    `TermUnknown`, `TermValue`, `DaysRange`, and `BadInput` for a time that is over.
    """
    person: Person | None = Person.objects.visible_to(actor).filter(pk=person_id).first()
    order = Order.objects.visible_to(actor).filter(pk=order_id, person_id=person_id).first() if order_id else None
    if person is None or (order_id and order is None):
        raise NotFound
    check(actor, "promise.make")
    at = clock.now()
    if due_at is not None and due_at <= at:
        raise BadInput(_("The time of the promise lies in the past. Choose a later one."), field="due_at", code="past")
    kept = check_terms(terms or {})
    if kept and order is None:
        raise BadInput(_("Say which order the terms are about."), field="order_id", code="order_missing")
    promise = Promise.objects.create(
        person=person,
        order=order,
        text=kept_text(text, field="text", longest=LONGEST),
        terms=kept,
        made_in=made_in,
        made_at=at,
        made_by_id=actor.id if actor.kind == "staff" else None,
        due_at=due_at,
    )
    if due_at is not None:
        timers.set_timer(DUE_TIMER, on=promise, due_at=due_at, at=at)
        early = max(due_at - WARN_BEFORE, at + (due_at - at) / 2)
        timers.set_timer(WARN_TIMER, on=promise, due_at=early, at=at, useful_until=due_at)
    record("promise.made", on=promise, actor=actor, at=at, terms=kept)
    return promise


def _locked(promise_id: int, actor: Actor) -> Promise:
    promise = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if promise is None or not Person.objects.visible_to(actor).filter(pk=promise.person_id).exists():
        raise NotFound
    check(actor, "promise.settle")
    return promise


@transaction.atomic
def warn_of_promise(promise_id: int, *, at: dt.datetime) -> None:
    """It is due soon and not settled: whoever made it is told, once."""
    promise = Promise.objects.select_for_update().filter(pk=promise_id).first()
    if promise is None or promise.warned_at or promise.kept_at or promise.broken_at or promise.due_at is None:
        return
    promise.warned_at = at
    promise.save(update_fields=["warned_at"])
    record("promise.warned", on=promise, actor=SYSTEM, at=at, due=promise.due_at.isoformat())


@transaction.atomic
def keep_promise(promise_id: int, *, actor: Actor) -> Promise:
    """The shop did what it said. Keeping twice changes nothing; a broken promise stays broken."""
    promise = _locked(promise_id, actor)
    if promise.kept_at is not None:
        return promise
    if promise.broken_at is not None:
        raise PromiseSettled
    promise.kept_at = clock.now()
    promise.save(update_fields=["kept_at"])
    timers.cancel(DUE_TIMER, WARN_TIMER, on=promise)
    record("promise.kept", on=promise, actor=actor, at=promise.kept_at)
    return promise


@transaction.atomic
def break_promise(promise_id: int, *, actor: Actor, at: dt.datetime | None = None) -> Promise:
    """Its time is over, or the shop knows that it cannot keep it. Breaking twice changes nothing."""
    promise = _locked(promise_id, actor)
    if promise.broken_at is not None:
        return promise
    if promise.kept_at is not None:
        if actor.is_system:  # kept in the very moment the timer was claimed
            return promise
        raise PromiseSettled
    promise.broken_at = at or clock.now()
    promise.save(update_fields=["broken_at"])
    timers.cancel(DUE_TIMER, WARN_TIMER, on=promise)
    record("promise.broken", on=promise, actor=actor, at=promise.broken_at)
    return promise
