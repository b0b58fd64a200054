"""How a person in the archive is reached. Registered in `apps`; the notices ask before they send."""

from __future__ import annotations

from aftersales.notices.recipients import Point, Recipient
from customers.models import Person


def reach(pk: int) -> Recipient | None:
    """E-mail and phones of a person, confirmed ones first; None when the person is gone."""
    person = Person.objects.filter(pk=pk).prefetch_related("contact_points").first()
    if person is None:
        return None
    points = sorted(person.contact_points.all(), key=lambda point: (point.verified_at is None, point.pk))
    return Recipient(person.locale, tuple(Point(point.kind, point.value, point.masked) for point in points))
