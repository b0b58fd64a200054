"""Find or make the buyers of a batch, with their contact points and addresses. Called by arrivals and revisions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from aftersales.kernel.refs import new_ref
from customers.actions.importing.shapes import AddressFacts, BuyerFacts, OrderFacts
from customers.models import Address, ContactPoint, Person

_ADDRESS_FIELDS = tuple(field.name for field in dataclasses.fields(AddressFacts))


def people_of(batch: Sequence[OrderFacts], source: str, at: dt.datetime) -> tuple[dict[str, Person], int]:
    """The buyer of each order by key, and how many of them are new. Names that staff have corrected stay."""
    buyers: dict[str, BuyerFacts] = {}
    since: dict[str, dt.datetime] = {}
    for facts in batch:
        buyers[facts.buyer.key] = facts.buyer
        since[facts.buyer.key] = min(facts.placed_at, since.get(facts.buyer.key, facts.placed_at))
    known = Person.objects.select_related("merged_into").filter(source=source, external_id__in=list(buyers))
    people = {person.external_id: person.head for person in known}  # a merged entry leads on to where it goes on
    new = [
        Person(
            ref=new_ref("P"),
            name=buyer.name,
            nick=buyer.nick,
            locale=buyer.locale,
            external_id=key,
            source=source,
            created_at=since[key],
        )
        for key, buyer in buyers.items()
        if key not in people
    ]
    for person in Person.objects.bulk_create(new):
        people[person.external_id] = person
    for key, buyer in buyers.items():
        _fill_blanks(people[key], buyer)
    add_contacts([(people[key], buyer) for key, buyer in buyers.items()], at)
    return people, len(new)


def _fill_blanks(person: Person, buyer: BuyerFacts) -> None:
    filled = [name for name in ("name", "nick") if not getattr(person, name) and getattr(buyer, name)]
    for name in filled:
        setattr(person, name, getattr(buyer, name))
    if filled:
        person.save(update_fields=filled)


def add_contacts(known: Iterable[tuple[Person, BuyerFacts]], at: dt.datetime) -> None:
    """Keep every phone and e-mail the files name. One that is there already stays as it is."""
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                person=person,
                kind=kind,
                value=value,
                tail=value[-4:] if kind == ContactPoint.Kind.PHONE else "",
                created_at=at,
            )
            for person, buyer in known
            for kind, values in ((ContactPoint.Kind.PHONE, buyer.phones), (ContactPoint.Kind.EMAIL, buyer.emails))
            for value in values
        ],
        ignore_conflicts=True,
    )


def addresses_of(wanted: Sequence[tuple[Person, AddressFacts]]) -> dict[tuple[int, AddressFacts], Address]:
    """The address of each pair, made where the person has none that is the same in every field."""
    people = {person.pk for person, _facts in wanted}
    found: dict[tuple[int, AddressFacts], Address] = {}
    for address in Address.objects.filter(person_id__in=people):
        facts = AddressFacts(**{name: getattr(address, name) for name in _ADDRESS_FIELDS})
        found.setdefault((address.person_id, facts), address)
    missing = {(person.pk, facts): person for person, facts in wanted if (person.pk, facts) not in found}
    new = Address.objects.bulk_create(
        [Address(person=person, **dataclasses.asdict(facts)) for (_pk, facts), person in missing.items()]
    )
    found.update(zip(missing, new, strict=True))
    return found
