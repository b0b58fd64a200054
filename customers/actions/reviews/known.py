"""What the archive holds of a person, for the guard to look for in what is made public, such as the reply to a review."""

from __future__ import annotations

from customers.models import ContactPoint, Order, Person, Review, Shipment
from customers.reviewing import Known

_MOST_ORDERS = 100


def known_of(review: Review) -> Known:
    """What is known of whoever wrote it; what they wrote in public themselves is no secret any more."""
    said = " ".join(filter(None, (review.text, review.nick)))
    told = (review.order_number,) if review.order_number else ()
    if review.person is None:
        return Known(orders=told, said=said)
    return known_of_person(review.person, orders=told, said=said)


def known_of_person(person: Person, *, orders: tuple[str, ...] = (), said: str = "") -> Known:
    """Names, contacts, addresses, order and parcel numbers of a customer. Five statements at most."""
    addresses = list(person.addresses.all())
    points = list(person.contact_points.values_list("kind", "value"))
    bought = Order.objects.filter(person=person).order_by("-placed_at")[:_MOST_ORDERS]
    numbers = dict(bought.values_list("pk", "number"))
    parcels = Shipment.objects.filter(order_id__in=list(numbers)).exclude(number="").values_list("number", flat=True)
    return Known(
        names=_each(person.name, *(address.recipient for address in addresses)),
        nicks=_each(person.nick),
        phones=_each(
            *(value for kind, value in points if kind == ContactPoint.Kind.PHONE), *(each.phone for each in addresses)
        ),
        emails=_each(*(value for kind, value in points if kind == ContactPoint.Kind.EMAIL)),
        places=_each(*(part for address in addresses for part in (address.city, address.district))),
        streets=_each(*(address.line for address in addresses if not address.is_masked)),
        orders=_each(*orders, *numbers.values()),
        parcels=_each(*parcels),
        said=said,
    )


def _each(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
