"""What an importer hands to the archive: plain facts of one order, the same shape whichever platform they came from.

Money in minor units of the order's currency, instants in UTC. `digest` decides whether an order has changed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """Who bought. `key` is what makes them the same person next time within the source; contacts are canonical."""

    key: str
    name: str = ""
    nick: str = ""
    locale: str = "zh-hans"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """`country`: ISO 3166; where the file says none it is empty, and the shop's own is stored."""

    recipient: str = ""
    phone: str = ""
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    line: str = ""
    postcode: str = ""
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """`goods_class` is a value of the rule fact `goods`; `dated` is False only where it is known that none can expire."""

    code: str
    name_zh: str
    name_en: str = ""
    goods_class: str = "general"
    warranty_days: int = 0
    dated: bool = True


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """A product and one variant of it. Both are made when missing and never changed by an import: staff own them.

    `exclusion` is a value of the rule fact of that name (R-32).
    """

    sku: str
    product: str
    title: str
    variant: str = ""
    category: CategoryFacts | None = None
    exclusion: str = "none"


@dataclass(frozen=True, slots=True)
class LineFacts:
    number: str
    article: ArticleFacts
    quantity: int
    shipped_quantity: int
    unit_price_minor: int
    discount_minor: int
    paid_minor: int
    freight_minor: int
    is_gift: bool = False
    exclusion_confirmed: bool = False
    platform_refund: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    number: int
    method: str
    amount_minor: int
    instalments: int = 1
    reference: str = ""
    captured_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ShipmentFacts:
    carrier: str
    number: str
    status: str
    shipped_at: dt.datetime | None = None
    signed_at: dt.datetime | None = None
    promised_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    number: str
    buyer: BuyerFacts
    status: str
    currency: str
    placed_at: dt.datetime
    lines: tuple[LineFacts, ...]
    address: AddressFacts | None = None
    shipments: tuple[ShipmentFacts, ...] = ()
    payments: tuple[PaymentFacts, ...] = ()
    external_status: str = ""
    goods_minor: int = 0
    discount_minor: int = 0
    freight_minor: int = 0
    paid_minor: int = 0
    free_shipping: str = "free"
    payment_method: str = ""
    buyer_message: str = ""
    seller_memo: str = ""
    paid_at: dt.datetime | None = None
    shipped_at: dt.datetime | None = None
    delivered_at: dt.datetime | None = None
    promised_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over every fact above: equal means that the file says nothing new about this order."""
        plain = json.dumps(dataclasses.asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()

    def moved(self, days: int) -> OrderFacts:
        """The same order with every instant later (or earlier) by whole days."""
        if not days:
            return self
        by = dt.timedelta(days=days)
        return dataclasses.replace(
            self,
            shipments=tuple(_moved(each, by) for each in self.shipments),
            payments=tuple(_moved(each, by) for each in self.payments),
            **_instants(self, by),
        )


def _instants(facts: object, by: dt.timedelta) -> dict[str, Any]:
    fields = dataclasses.fields(facts)  # type: ignore[arg-type]
    return {field.name: value + by for field in fields if isinstance(value := getattr(facts, field.name), dt.datetime)}


_Dated = TypeVar("_Dated", ShipmentFacts, PaymentFacts)


def _moved(facts: _Dated, by: dt.timedelta) -> _Dated:
    return dataclasses.replace(facts, **_instants(facts, by))
