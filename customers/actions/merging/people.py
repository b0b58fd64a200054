"""Make one entry of two. The row that is merged stays as a pointer, so that old addresses and the numbers of sources lead on.

There is no way back: consents end, and what stood twice is one. So a lead looks at the preview and says yes to it. Called by
the desk, and each night for rows that were written to the pointer in the very moment of a merge.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.merging.ways import Merge, move
from customers.gather import belongings
from customers.gather.kin import kin_of
from customers.models import Erasure, Person

_BATCH = 100


class AlreadyMerged(Conflict):
    code = "person_merged"
    sentence = _("%(ref)s was merged into %(into)s already. Look at the customer's page again.")


class ErasedEntry(Conflict):
    code = "person_is_erased"
    sentence = _("One of the two was erased. It is merged with nobody.")


class ShopsOwn(Conflict):
    code = "person_is_shop"
    sentence = _("That is the shop's own entry and no customer. It is merged with nobody.")


@transaction.atomic
def merge_people(source_id: int, into_id: int, *, actor: Actor) -> Person:
    """Move everything of `source` to `into` and return the latter. Merged already, nothing changes.

    Raises `BadInput` for an entry into itself, `AlreadyMerged`, `ShopsOwn`, `ErasedEntry`.
    """
    rows = _locked([source_id, into_id], actor)
    if source_id not in rows or into_id not in rows:
        raise NotFound
    check(actor, "person.merge")
    source, into = rows[source_id], rows[into_id]
    if source.merged_into_id is not None and source.merged_into_id == (into.merged_into_id or into.pk):
        return rows.get(source.merged_into_id) or source.head
    for each in (source, into):
        if each.merged_into_id is not None:
            raise AlreadyMerged(ref=each.ref, into=each.head.ref)
        if each.source == Person.SHOP:
            raise ShopsOwn
    if Erasure.objects.filter(person__in=(source, into)).exists():
        raise ErasedEntry
    if source_id == into_id:
        raise BadInput(_("That is this very customer. Give the number of the other one."), field="into")
    at = clock.now()
    moved = move(Merge(source, into, actor, at))
    Person.objects.filter(merged_into=source).update(merged_into=into)
    blanks = [name for name in ("name", "nick") if not getattr(into, name) and getattr(source, name)]
    for name in blanks:
        setattr(into, name, getattr(source, name))
    into.created_at = min(into.created_at, source.created_at)
    into.save(update_fields=[*blanks, "created_at"])
    source.merged_into = into
    source.save(update_fields=["merged_into"])
    record("person.merged", on=source, actor=actor, at=at, into=into.ref)
    record("person.absorbed", on=into, actor=actor, at=at, ref=source.ref, moved=moved)
    return into


def _locked(ids: list[int], actor: Actor) -> dict[int, Person]:
    """Both, and whoever shares a contact point with either: a no that goes over ends the yes of those, too. In one order,
    and so that rows which name them can still be written meanwhile.
    """
    everybody = {each for kin in kin_of(ids).values() for each in kin}
    rows = Person.objects.visible_to(actor).select_for_update(of=("self",), no_key=True).filter(pk__in=everybody)
    return {person.pk: person for person in rows.order_by("pk")}


def move_latecomers(at: dt.datetime) -> int:
    """Rows that were being written to an entry while it was merged, such as an order of an import, follow. Returns how many
    entries had some; again is the same.
    """
    late: set[int] = set()
    for column in belongings.pointing():
        model, name = belongings.model_of(column)
        if model is not Person:
            rows = model._base_manager.filter(**{f"{name}__merged_into__isnull": False}).order_by()
            late |= set(rows.values_list(f"{name}_id", flat=True)[:_BATCH])
    for person_id in sorted(late):
        with transaction.atomic():
            source = Person.objects.select_for_update(no_key=True).get(pk=person_id)
            if source.merged_into is not None:
                move(Merge(source, source.merged_into, SYSTEM, at))
    return len(late)
