"""Entries of the archive that may be one human being: those that share a phone number or an e-mail address.

Imports make one entry for each source and each masked order. Until staff merge them, what somebody refuses and how much they
have been written to holds for all of them. Only what is shared directly counts: a chain over third entries is no evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from customers.models import ContactPoint, Person


def kin_of(people: Collection[int]) -> dict[int, set[int]]:
    """Of each of them: themselves, and whoever shares a contact point with them. One statement."""
    found: dict[int, set[int]] = {person: {person} for person in people}
    same = ContactPoint.objects.filter(kind=OuterRef("kind"), value=OuterRef("value"), person__in=people)
    shared = ContactPoint.objects.filter(Exists(same)).order_by().values_list("kind", "value", "person_id")
    by_value: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, value, person in shared:
        by_value[kind, value].add(person)
    for together in by_value.values():
        for person in together & found.keys():
            found[person] |= together
    return found


def kin(person_id: int) -> set[int]:
    """Themselves, and whoever shares a contact point with them."""
    return kin_of([person_id])[person_id]


def locked_kin(person_id: int) -> list[Person]:
    """All of them, locked in one order, so that two who start from different entries wait for each other."""
    return list(Person.objects.select_for_update().filter(pk__in=kin(person_id)).order_by("pk"))


def alike(person: int) -> QuerySet[Any]:
    """Contact points of others that are this person's as well: why two entries may be one, for staff to judge."""
    own = ContactPoint.objects.filter(person_id=person, kind=OuterRef("kind"), value=OuterRef("value"))
    rows = ContactPoint.objects.filter(Exists(own)).exclude(person_id=person)
    return rows.select_related("person").order_by(F("person_id"), "kind", "pk")
