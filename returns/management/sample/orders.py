"""Orders of the small sample shop, given to the archive through the importer's own action."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.money import Money
from customers.actions.importing import Shopfront, shop_for, store_batch
from customers.actions.importing.goods import skus_for
from customers.actions.importing.shapes import LineFacts, OrderFacts, PaymentFacts, ShipmentFacts
from customers.models import Order, Shop, Sku
from customers.models.shipment import TrackingStatus
from returns.management.sample.goods import ARTICLES, BY_SKU, Article
from returns.management.sample.people import somebody

SOURCE = "own"
SHOP_NAME = "山野生活"
_COURIERS = (("SF", "SF10000000", 5), ("ZTO", "7360000", 7), ("YTO", "YT80000000", 5), ("JTSD", "JT50000000", 5))
_FREE_ABOVE = 9_900  # fen


@dataclass(frozen=True, slots=True)
class Bought:
    """One order to make: what, how many hours ago it arrived (None: not yet), and what is special about it."""

    goods: tuple[tuple[str, int], ...]
    signed_hours_ago: float | None = 72
    status: str = "delivered"
    parcel: str = TrackingStatus.SIGNED
    discount: int = 0  # fen
    placed_hours_ago: float | None = None


def make_shop() -> Shop:
    """The shop with its return address; refunds run through the sandbox, so that the whole road can be walked."""
    shop = shop_for(SHOP_NAME, platform=SOURCE, currency="CNY")
    Shop.objects.filter(pk=shop.pk, return_address="").update(
        province="浙江",
        return_recipient="山野生活售后仓",
        return_phone="0571-00000000",
        return_address="浙江省杭州市余杭区仓前街道样例路 1 号 2 号库",
        refund_provider="sandbox",
    )
    shop.refresh_from_db()
    return shop


def make_orders(wanted: Sequence[Bought], *, shop: Shop, now: dt.datetime, chance: random.Random) -> list[Order]:
    """Fill the shelves and store the orders. Numbers count up from SY10001."""
    _fill_shelves()
    facts = [_facts(number, bought, now, chance) for number, bought in enumerate(wanted, start=10_001)]
    store_batch(facts, front=Shopfront(shop, SOURCE), actor=SYSTEM, at=now)
    stored = {order.number: order for order in Order.objects.filter(platform=SOURCE)}
    return [stored[each.number] for each in facts]


def _fill_shelves() -> None:
    skus = skus_for(
        {article.sku: article.facts for article in ARTICLES},
        {article.sku: (article.price, "CNY") for article in ARTICLES},
    )
    for article in ARTICLES:
        Sku.objects.filter(pk=skus[article.sku].pk).update(on_hand=article.on_hand)


def other_orders(count: int, chance: random.Random) -> list[Bought]:
    """Orders nobody has complained about: most of them arrived, some on the way, some just paid."""
    orders = []
    for _ in range(count):
        goods = tuple(
            (chance.choice(ARTICLES).sku, chance.choice((1, 1, 1, 2))) for _ in range(chance.choice((1, 1, 2, 3)))
        )
        goods = tuple(dict(goods).items())
        kind = chance.random()
        if kind < 0.65:
            orders.append(Bought(goods, chance.uniform(20, 600), discount=chance.choice((0, 0, 1000, 2500))))
        elif kind < 0.85:
            orders.append(Bought(goods, None, "shipped", TrackingStatus.IN_TRANSIT))
        elif kind < 0.95:
            orders.append(Bought(goods, None, "paid"))
        else:
            orders.append(Bought(goods, chance.uniform(900, 1500), "completed"))
    return orders


def _facts(number: int, bought: Bought, now: dt.datetime, chance: random.Random) -> OrderFacts:
    buyer = somebody(number, chance)
    signed = now - dt.timedelta(hours=bought.signed_hours_ago) if bought.signed_hours_ago is not None else None
    gone = bought.status in ("shipped", "delivered", "completed")
    placed = (signed or now) - dt.timedelta(hours=chance.uniform(40, 90))
    shipped = placed + dt.timedelta(hours=chance.uniform(5, 20)) if gone else None
    articles = [(BY_SKU[sku], quantity) for sku, quantity in bought.goods]
    gross = [article.price * quantity for article, quantity in articles]
    goods = sum(gross)
    discount = min(bought.discount, goods // 4)
    freight = 0 if goods >= _FREE_ABOVE else 1_000
    paid = goods - discount + freight
    return OrderFacts(
        number=f"SY{number}",
        buyer=buyer.buyer,
        address=buyer.address,
        status=bought.status,
        currency="CNY",
        placed_at=placed,
        paid_at=placed + dt.timedelta(minutes=2),
        shipped_at=shipped,
        delivered_at=signed,
        completed_at=signed + dt.timedelta(days=10) if signed and bought.status == "completed" else None,
        promised_at=placed + dt.timedelta(days=5),
        goods_minor=goods,
        discount_minor=discount,
        freight_minor=freight,
        paid_minor=paid,
        free_shipping="paid" if freight else "free",
        payment_method="wechat",
        lines=_lines(articles, gross, goods - discount, gone=gone),
        shipments=(_parcel(number, bought, shipped, signed, chance),) if gone else (),
        payments=(PaymentFacts(1, "wechat", paid, reference=f"42000{number}", captured_at=placed),),
    )


def _lines(
    articles: Sequence[tuple[Article, int]], gross: list[int], paid: int, *, gone: bool
) -> tuple[LineFacts, ...]:
    shares = [share.minor for share in Money(paid, "CNY").split(gross)]
    return tuple(
        LineFacts(
            number=str(position),
            article=article.facts,
            quantity=quantity,
            shipped_quantity=quantity if gone else 0,
            unit_price_minor=article.price,
            discount_minor=full - share,
            paid_minor=share,
            freight_minor=0,
        )
        for position, ((article, quantity), full, share) in enumerate(
            zip(articles, gross, shares, strict=True), start=1
        )
    )


def _parcel(
    number: int, bought: Bought, shipped: dt.datetime | None, signed: dt.datetime | None, chance: random.Random
) -> ShipmentFacts:
    carrier, prefix, digits = chance.choice(_COURIERS)
    return ShipmentFacts(carrier, f"{prefix}{number:0{digits}d}", bought.parcel, shipped_at=shipped, signed_at=signed)
