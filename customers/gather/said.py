"""What entries said to a purpose in their own rows, for merging two of them: which consents end, and why."""

from __future__ import annotations

from collections.abc import Collection

from customers.models import Consent, Person, Purpose


def standing_of(people: Collection[int], purpose: Purpose) -> list[Consent]:
    """The consents of these entries that stand."""
    return list(Consent.objects.filter(person__in=people, purpose=purpose, withdrawn_at=None))


def refusers(people: Collection[int], purpose: Purpose) -> set[int]:
    """Those of them that have said no to it, and not yes since."""
    stand: dict[int, bool] = {}
    rows = Consent.objects.filter(person__in=people, purpose=purpose).order_by()
    for person, withdrawn_at in rows.values_list("person_id", "withdrawn_at"):
        stand[person] = stand.get(person, False) or withdrawn_at is None
    return {person for person, stands in stand.items() if not stands}


def ending(one: Person, other: Person) -> list[Purpose]:
    """The purposes to which one of the two agrees and the other says no: merged, the no holds."""
    both = [one.pk, other.pk]
    return [purpose for purpose in Purpose if standing_of(both, purpose) and refusers(both, purpose)]
