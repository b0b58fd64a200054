"""What the search finds in the archive: people and orders. Registered in `apps`; `aftersales.search.find` calls it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.search.find import Asked, Hit, finds
from customers.actions.contacts import canonical
from customers.models import Order, Person
from customers.queries import PersonQuerySet

TAIL = 4  # digits of a phone that people remember
FEWEST = 2  # characters from which a name may be met in its middle; one character finds beginnings


def people_matching(actor: Actor, asked: Asked) -> PersonQuerySet:
    """People by reference, name, nickname, whole phone or e-mail address, or the last four digits of a phone."""
    people: PersonQuerySet = Person.objects.visible_to(actor)
    if asked.ref is not None:
        return people.filter(ref=asked.ref)
    if len(asked.digits) == TAIL:
        return people.filter(contact_points__tail=asked.digits).distinct()
    if (contact := canonical(asked.text)) is not None:
        kind, value = contact
        return people.filter(contact_points__kind=kind, contact_points__value=value).distinct()
    if asked.digits:
        return people.none()
    how = "icontains" if len(asked.text) >= FEWEST else "istartswith"
    return people.filter(Q(**{f"name__{how}": asked.text}) | Q(**{f"nick__{how}": asked.text}))


@finds("order", _("Orders"))
def orders(actor: Actor, asked: Asked, most: int) -> list[Hit]:
    """By order number or tracking number, else those of the people found; the newest first."""
    seen = Order.objects.visible_to(actor).select_related("person", "shop")
    found = list(seen.filter(Q(number=asked.text) | Q(number=asked.number))[:most])
    found = found or list(seen.filter(shipments__number=asked.number).distinct()[:most])
    if not found and asked.ref is None:
        # The people first, as a list: joined, the planner walks all orders by date to find the few of one person.
        people = list(people_matching(actor, asked).values_list("pk", flat=True)[:200])
        found = list(seen.filter(person__in=people)[:most])
    return [
        Hit(str(order.pk), order.number, f"{order.person} · {order.shop} · {order.paid}", order.status,
            str(order.get_status_display()))
        for order in found
    ]  # fmt: skip


@finds("person", _("Customers"))
def people(actor: Actor, asked: Asked, most: int) -> list[Hit]:
    """With their contacts masked, so that two of the same name can be told apart."""
    found = people_matching(actor, asked).prefetch_related("contact_points").order_by("name", "pk")[:most]
    return [
        Hit(person.ref, str(person), " · ".join(point.masked for point in person.contact_points.all()))
        for person in found
    ]
