"""Who was erased, for imports: neither an order that is here nor an older one of theirs brings anything of them back."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from customers.actions.importing.shapes import OrderFacts
from customers.actions.proof.typed import keyed
from customers.models import ErasedKey, Erasure, Order, Person


def key_of(source: str, external_id: str) -> str:
    """What is kept of the number that a source knows somebody by."""
    return keyed("erased", source, external_id)


def remember(erasure: Erasure, person: Person) -> None:
    """In the transaction of the erasure, while the number is still there. Somebody who came back and goes again is known once."""
    if person.external_id:
        sha256 = key_of(person.source, person.external_id)
        ErasedKey.objects.update_or_create(sha256=sha256, defaults={"erasure": erasure})


def wait_for_erasures(batch: Sequence[OrderFacts], source: str) -> None:
    """Lock the entries of the buyers, and those in which they go on, in one order: an erasure that is under way ends first, and
    is found by whoever asks next. In the caller's transaction."""
    known = Person.objects.filter(source=source, external_id__in={facts.buyer.key for facts in batch})
    entries = {pk for row in known.values_list("pk", "merged_into") for pk in row if pk is not None}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=entries).order_by("pk").values_list("pk"))


def owners_erased(batch: Sequence[OrderFacts], source: str) -> dict[str, Person]:
    """By order number: who was erased after having placed it. Who buys again later is a new customer."""
    keys = {facts.buyer.key: key_of(source, facts.buyer.key) for facts in batch}
    rows = ErasedKey.objects.filter(sha256__in=keys.values()).select_related("erasure__person")
    erased = {row.sha256: row.erasure for row in rows}
    found = {}
    for facts in batch:
        erasure = erased.get(keys[facts.buyer.key])
        if erasure is not None and facts.placed_at <= erasure.at:
            found[facts.number] = erasure.person
    return found


def of_erased(orders: Sequence[Order]) -> set[str]:
    """Numbers of the orders whose customers were erased."""
    people = {order.person_id for order in orders}
    gone = set(Erasure.objects.filter(person__in=people).values_list("person_id", flat=True))
    return {order.number for order in orders if order.person_id in gone}


def without_words(facts: OrderFacts) -> OrderFacts:
    """The order as the books need it: nothing of who bought it."""
    nobody = dataclasses.replace(facts.buyer, name="", nick="", phones=(), emails=())
    return dataclasses.replace(facts, buyer=nobody, address=None, buyer_message="", seller_memo="")
