"""Which tiers a customer has, and what follows from it: the one home of the question who is a regular."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.kernel.prepared import prepared
from customers.models import Membership, Tier


def tiers_of(person_id: int) -> list[Tier]:
    """The tier reached and those below it, the highest first: a higher one includes what lower ones give."""
    return _reached(person=person_id)


@prepared
def _reached(*, person: int) -> QuerySet[Tier]:
    reached = Membership.objects.filter(person_id=person, tier__in_use=True).values("tier__level")
    return Tier.objects.filter(in_use=True, level__lte=reached[:1]).order_by("-level")


def has_tier(key: str, person: str = "person") -> Exists:
    """Whether a row's customer has this tier or a higher one, for a filter. `person` names the row's customer."""
    asked = Tier.objects.filter(key=key, in_use=True).values("level")[:1]
    return Exists(Membership.objects.filter(person=OuterRef(person), tier__in_use=True, tier__level__gte=asked))


def has_any_tier(person: str = "person") -> Exists:
    """Whether a row's customer has any tier in use."""
    return Exists(Membership.objects.filter(person=OuterRef(person), tier__in_use=True))


def is_first_in_line(person_id: int) -> bool:
    """Whether new tickets of this customer begin with high priority."""
    return any(tier.is_first for tier in tiers_of(person_id))
