"""What the search finds in the archive: people and orders. Registered in `apps`; `aftersales.search` reads and shows them.

Names, articles, remarks and notes may be shown where they answer; phone numbers and e-mail addresses are found whole,
and phones by their last digits, but never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import prepared
from aftersales.search.kinds import Document, Hit, Hits, Kind, register
from aftersales.search.watch import watch
from aftersales.search.words import number_token, tokens_of_number, tokens_of_phone
from customers.models import Address, ContactPoint, Note, Order, OrderLine, Person, Shipment


def names_of(people: Collection[int]) -> dict[int, str]:
    """What people are called, in entries that were merged into theirs, too; for documents of things that are about them."""
    called: dict[int, dict[str, None]] = {}
    entries = Person.objects.filter(Q(pk__in=people) | Q(merged_into__in=people)).order_by("pk")
    own_first = sorted(entries.values_list("pk", "merged_into", "name", "nick"), key=lambda row: row[1] is not None)
    for pk, head, *names in own_first:
        called.setdefault(head or pk, {}).update(dict.fromkeys(filter(None, names)))
    return {pk: " ".join(names) for pk, names in called.items()}


def contact_tokens(people: Collection[int]) -> dict[int, set[int]]:
    """What the contacts of people are found by."""
    found: dict[int, set[int]] = {}
    for person, kind, value in ContactPoint.objects.filter(person__in=people).values_list("person", "kind", "value"):
        tokens = tokens_of_phone(value) if kind == ContactPoint.Kind.PHONE else {number_token(value)}
        found.setdefault(person, set()).update(tokens)
    return found


def parcels_of(orders: Collection[int]) -> dict[int, set[int]]:
    """What orders are found by besides their own number: the tracking numbers of their parcels to the customer."""
    found: dict[int, set[int]] = {}
    sent = Shipment.objects.filter(order__in=orders).exclude(number="")
    for order, number in sent.values_list("order", "number"):
        found.setdefault(order, set()).update(tokens_of_number(number))
    return found


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, text in rows:
        found.setdefault(key, []).append(text)
    return found


def _people(keys: Sequence[int]) -> Iterator[Document]:
    contacts, names = contact_tokens(keys), names_of(keys)
    notes = _grouped(Note.objects.filter(person__in=keys, order=None).values_list("person", "text"))
    heads = Person.objects.filter(pk__in=keys, merged_into=None)
    merged = Person.objects.filter(merged_into__in=keys).values_list("merged_into", "ref")
    refs = _grouped((head, ref) for head, ref in merged if head is not None)
    for pk, ref, at in heads.values_list("pk", "ref", "created_at"):
        text = "\n".join([names[pk], *notes.get(pk, ())])
        numbers = {number_token(each) for each in (ref, *refs.get(pk, ()))}
        yield Document(pk, at, text, frozenset(contacts.get(pk, set()) | numbers))


def _orders(keys: Sequence[int]) -> Iterator[Document]:
    rows = Order.objects.filter(pk__in=keys).values_list(
        "pk", "number", "person", "placed_at", "buyer_message", "seller_memo", "address"
    )
    orders = list(rows)
    people = {row[2] for row in orders}
    names, contacts = names_of(people), contact_tokens(people)
    addresses = dict(Address.objects.filter(pk__in={row[6] for row in orders} - {None}).values_list("pk", "recipient"))
    bought = _grouped(
        (order, f"{title} {variant}".strip())
        for order, title, variant in OrderLine.objects.filter(order__in=keys).values_list("order", "title", "variant")
    )
    parcels = parcels_of(keys)
    notes = _grouped(Note.objects.filter(order__in=keys).values_list("order", "text"))
    for pk, number, person, at, message, memo, address in orders:
        who = dict.fromkeys(filter(None, (names.get(person, ""), addresses.get(address, ""))))
        parts = [" ".join(who), *bought.get(pk, ()), message, memo, *notes.get(pk, ())]
        tokens = tokens_of_number(number, typed=True) | contacts.get(person, set()) | parcels.get(pk, set())
        yield Document(pk, at, "\n".join(filter(None, parts)), frozenset(tokens))


def _show_people(actor: Actor, keys: tuple[int, ...]) -> Hits[Person]:
    """With their contacts masked, so that two of the same name can be told apart."""
    contacts = _contacts_shown.later(actor.scope, people=keys)

    def hit(person: Person) -> Hit:
        masked = [point.masked for point in contacts.rows if point.person_id == person.pk]
        return Hit(person.ref, str(person), " · ".join(masked))

    return Hits(_people_shown.later(actor.scope, keys=keys), hit, beside=(contacts,))


@prepared
def _people_shown(scope: Actor, *, keys: tuple[int, ...]) -> QuerySet[Person]:
    rows: QuerySet[Person] = Person.objects.visible_to(scope).filter(pk__in=keys)
    return rows


@prepared
def _contacts_shown(scope: Actor, *, people: tuple[int, ...]) -> QuerySet[ContactPoint]:
    rows: QuerySet[ContactPoint] = ContactPoint.objects.visible_to(scope).filter(person__in=people)
    return rows.order_by("pk")


def _show_orders(actor: Actor, keys: tuple[int, ...]) -> Hits[Order]:
    return Hits(_orders_shown.later(actor.scope, keys=keys), _order_hit)


@prepared
def _orders_shown(scope: Actor, *, keys: tuple[int, ...]) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(scope).filter(pk__in=keys)
    return rows.select_related("person", "shop")


def _order_hit(order: Order) -> Hit:
    told = f"{order.person} · {order.shop} · {order.paid}"
    return Hit(str(order.pk), order.number, told, order.status, str(order.get_status_display()))


def _orders_of(people: Sequence[int]) -> Iterable[int]:
    return Order.objects.filter(person__in=people).values_list("pk", flat=True)


register(Kind("order", _("Orders"), "order.view", Order, "placed_at", _orders, _show_orders, {"person": _orders_of}))
register(Kind("person", _("Customers"), "order.view", Person, "created_at", _people, _show_people))

watch("customers.person", kind="person", columns=["name", "nick", "ref", "merged_into"])
watch("customers.contactpoint", kind="person", key="person", columns=["value"])
watch("customers.note", kind="person", key="person")
watch("customers.note", kind="order", key="order")
watch(
    "customers.order",
    kind="order",
    columns=["number", "person", "placed_at", "buyer_message", "seller_memo", "address"],
)
watch("customers.orderline", kind="order", key="order", columns=["title", "variant"])
watch("customers.shipment", kind="order", key="order", columns=["number"])
