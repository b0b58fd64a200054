"""Ask for a copy of what is held of a person, have it made by the worker, hand it out, delete it. Called by the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from aftersales.files import store
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.actions.copy_contents import write_copy
from customers.models import Person, PersonCopy

BUILD_TIMER, EXPIRY_TIMER = "person.copy_due", "person.copy_expires"
FOLDER = "copies"
KEPT = dt.timedelta(days=7)
S = PersonCopy.Status


@transaction.atomic
def export_person(person_id: int, *, actor: Actor) -> PersonCopy:
    """Have a copy made, in the person's own language. While one is being made, that one is given."""
    person: Person | None = Person.objects.visible_to(actor).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, "person.export")
    running: PersonCopy | None = PersonCopy.objects.filter(person=person, status=S.BUILDING).first()
    if running is not None:
        return running
    at = clock.now()
    copy = PersonCopy.objects.create(
        person=person, language=person.locale, by_id=actor.id if actor.kind == "staff" else actor.owner, at=at
    )
    timers.set_timer(BUILD_TIMER, on=copy, due_at=at, at=at)
    record("person.copy_asked", on=person, actor=actor, at=at, copy=copy.pk)
    return copy


@transaction.atomic
def build_copy(copy_id: int, *, at: dt.datetime) -> PersonCopy:
    """Write the file and say until when it is kept. A copy that is ready stays as it is."""
    copy: PersonCopy = PersonCopy.objects.select_for_update(of=("self",)).select_related("person").get(pk=copy_id)
    if copy.status != S.BUILDING:
        return copy
    copy.fill(lambda body: write_copy(copy, at, body), folder=FOLDER, known=known, at=at, kept=KEPT)
    copy.save()
    assert copy.expires_at is not None
    timers.set_timer(EXPIRY_TIMER, on=copy, due_at=copy.expires_at, at=at)
    record("person.copy_made", on=copy.person, actor=SYSTEM, at=at, copy=copy.pk, size=copy.size, sha256=copy.sha256)
    return copy


def known(stored_names: list[str]) -> set[str]:
    """Those of the names that a copy has; every other file of `FOLDER` is cleared away when it is a day old."""
    return set(PersonCopy.objects.filter(stored_name__in=stored_names).values_list("stored_name", flat=True))


@transaction.atomic
def hand_out(copy_id: int, *, actor: Actor) -> PersonCopy:
    """Let somebody take the file, and record that they did, each time. Raises `NotFound` when it is not there any more."""
    found = PersonCopy.objects.visible_to(actor).select_related("person").filter(pk=copy_id, status=S.DONE).first()
    if found is None:
        raise NotFound
    check(actor, "person.export")
    copy: PersonCopy = found
    record("person.copy_taken", on=copy.person, actor=actor, copy=copy.pk)
    return copy


@transaction.atomic
def expire_copy(copy_id: int, *, at: dt.datetime) -> PersonCopy:
    """Delete the file; who asked for it and when stays. Expiring twice changes nothing."""
    copy: PersonCopy = PersonCopy.objects.select_for_update(of=("self",)).select_related("person").get(pk=copy_id)
    if copy.status != S.DONE:
        return copy
    name, copy.status, copy.stored_name = copy.stored_name, S.EXPIRED, ""
    copy.save(update_fields=["status", "stored_name"])
    record("person.copy_expired", on=copy.person, actor=SYSTEM, at=at, copy=copy.pk)
    transaction.on_commit(lambda: store.remove(name))
    return copy


def forget_copies(rows: QuerySet[Any]) -> None:
    """In the transaction that erases the person: no file is kept any longer, and one that is being made is waited
    for. Called by `customers.personal`."""
    at = clock.now()
    for pk in rows.exclude(status=S.EXPIRED).select_for_update().order_by("pk").values_list("pk", flat=True):
        expire_copy(pk, at=at)
    rows.filter(status=S.BUILDING).update(status=S.EXPIRED)  # asked for and not begun: `build_copy` leaves it alone
