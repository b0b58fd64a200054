"""People and orders of the large sample. About one person in three bought more than once."""

from __future__ import annotations

import random
from dataclasses import dataclass

from customers.actions.proof.claims import claim_hash
from customers.models import Address, ContactPoint, Order, OrderLine, Payment, Person, Shipment, Sku
from returns.management.sample.bulk.entries import Thing
from returns.management.sample.bulk.moments import text_of
from returns.management.sample.bulk.refs import Refs
from returns.management.sample.bulk.writer import Table
from returns.management.sample.cards import card_code
from returns.management.sample.goods import ARTICLES, Article
from returns.management.sample.orders import SOURCE
from returns.management.sample.people import somebody

_HOUR = 3600
_FREE_ABOVE = 9_900


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought; money is fen, `freight` is what the customer pays for it."""

    article: Article
    sku: int
    quantity: int
    freight: int

    @property
    def goods(self) -> int:
        return self.article.price * self.quantity


@dataclass(frozen=True, slots=True)
class Regular:
    """Somebody who has bought, by primary keys, and what they are found by."""

    person: int
    address: int
    recipient: str
    called: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Bought:
    """An order with one line, by primary keys."""

    order: int
    number: str
    by: Regular
    line: int
    goods: str
    shipment: int
    tracking: str


class Archive:
    """Makes one order at a time; `tables` are in the order in which they must be flushed. `found` gets what can be found."""

    def __init__(self, shop_id: int, seed: int, chance: random.Random, found: list[Thing]) -> None:
        self._shop, self._seed, self._chance, self._found = shop_id, seed, chance, found
        self._sku_ids = dict(Sku.objects.values_list("code", "pk"))
        self._number = Order.objects.count() + 20_000
        self._refs = Refs("P", seed)
        self._people: list[Regular] = []
        self.people = Table(Person, "ref", "name", "nick", "locale", "external_id", "source", "created_at")
        self.contacts = Table(ContactPoint, "person", "kind", "value", "tail", "created_at")
        self.addresses = Table(
            Address, "person", "recipient", "phone", "country", "province", "city", "district", "line"
        )
        self.orders = Table(
            Order, "shop", "platform", "number", "person", "address", "status", "currency", "goods_minor",
            "freight_minor", "paid_minor", "refunded_minor", "free_shipping", "payment_method", "placed_at", "paid_at",
            "shipped_at", "delivered_at", "claim_sha256", "imported_at",
        )  # fmt: skip
        self.lines = Table(
            OrderLine, "order", "number", "sku", "title", "variant", "quantity", "shipped_quantity",
            "claimed_quantity", "unit_price_minor", "paid_minor",
        )  # fmt: skip
        self.shipments = Table(Shipment, "order", "carrier", "number", "status", "shipped_at", "signed_at")
        self.payments = Table(Payment, "order", "number", "method", "amount_minor", "captured_at")
        self.tables = (
            self.people, self.contacts, self.addresses, self.orders, self.lines, self.shipments, self.payments,
        )  # fmt: skip

    def basket(self) -> Basket:
        """One article, mostly a single piece of it."""
        article = self._chance.choice(ARTICLES)
        quantity = self._chance.choice((1, 1, 1, 2))
        freight = 0 if article.price * quantity >= _FREE_ABOVE else 1_000
        return Basket(article, self._sku_ids[article.sku], quantity, freight)

    def order(self, basket: Basket, *, signed: int, claimed: int = 0, refunded: int = 0) -> Bought:
        """An order that arrived at `signed`; `claimed` pieces are in returns and `refunded` fen were given back."""
        chance, article = self._chance, basket.article
        placed = signed - chance.randint(40 * _HOUR, 100 * _HOUR)
        shipped = placed + chance.randint(4 * _HOUR, 20 * _HOUR)
        by = self._somebody(placed)
        self._number += 1
        number = f"SY{self._number}"
        code_hash = claim_hash(SOURCE, number, card_code(self._seed, number))
        paid = basket.goods + basket.freight
        order = self.orders.add(
            self._shop, SOURCE, number, by.person, by.address, "delivered", "CNY", basket.goods, basket.freight, paid,
            refunded, "paid" if basket.freight else "free", "wechat", text_of(placed), text_of(placed + 120),
            text_of(shipped), text_of(signed), code_hash, text_of(signed),
        )  # fmt: skip
        line = self.lines.add(
            order, "1", basket.sku, article.facts.title, article.facts.variant, basket.quantity, basket.quantity,
            claimed, article.price, basket.goods,
        )  # fmt: skip
        tracking = f"SF1{self._number:012d}"
        shipment = self.shipments.add(order, "SF", tracking, "signed", text_of(shipped), text_of(signed))
        self.payments.add(order, 1, "wechat", paid, text_of(placed + 120))
        goods = f"{article.facts.title} {article.facts.variant}".strip()
        lines = (f"{by.called} {by.recipient}", goods)
        self._found.append(
            Thing("order", order, text_of(placed), lines, by.phone, by.email, order=number, parcels=(tracking,))
        )
        return Bought(order, number, by, line, goods, shipment, tracking)

    def _somebody(self, since: int) -> Regular:
        if self._people and self._chance.random() < 0.35:
            return self._chance.choice(self._people)
        number = self._number + 1
        who = somebody(number, self._chance)
        at = text_of(since)
        ref, phone, email = self._refs.next(), who.buyer.phones[0], who.buyer.emails[0]
        person = self.people.add(ref, who.buyer.name, who.buyer.nick, who.buyer.locale, who.buyer.key, SOURCE, at)
        self.contacts.add(person, "phone", phone, phone[-4:], at)
        self.contacts.add(person, "email", email, "", at)
        to = who.address
        address = self.addresses.add(
            person, to.recipient, to.phone, to.country, to.province, to.city, to.district, to.line
        )
        called = f"{who.buyer.name} {who.buyer.nick}"
        regular = Regular(person, address, to.recipient, called, phone, email)
        self._found.append(Thing("person", person, at, (called,), phone, email, refs=(ref,)))
        self._people.append(regular)
        if len(self._people) > 50_000:  # regulars change over the years, and memory stays small
            del self._people[:25_000]
        return regular
