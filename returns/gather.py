"""From order, parcel, promises and clock to the facts of one line: the one bridge between the archive and the rule engine."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from aftersales.kernel import clock
from customers.models import Order, OrderLine, Sku
from customers.models.shipment import TrackingStatus
from returns.models import Receipt, Return, ReturnLine
from returns.models.request import WISH_OF_KIND
from returns.past_repairs import repairs_before, warranty
from returns.receipt import days_since_receipt, holiday_shift, place_of_receipt, received_on
from returns.rules.facts import vocabulary
from returns.rules.reasons import TRAITS, reasons

# The facts a promise or a settlement with this customer may carry; anything else in its terms is left to people.
_PROMISED = frozenset(name for name in vocabulary() if name.startswith(("promised_", "price_promise", "agreed_")))
_PROVINCES = {
    "浙江": "zhejiang", "zhejiang": "zhejiang",
    "上海": "shanghai", "shanghai": "shanghai",
    "山东": "shandong", "shandong": "shandong",
}  # fmt: skip
_S = Return.Status
_BEFORE_ARRIVAL = (_S.SUBMITTED, _S.NEED_INFO, _S.AWAITING_RETURN, _S.IN_TRANSIT)  # nothing can have been counted


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for so many units of one order line, or what inspection found about them."""

    order_line: OrderLine
    quantity: int
    reason: str
    wish: str
    wanted_sku: Sku | None = None
    story: str = ""
    found_reason: str = ""
    found_cause: str = ""
    intact: bool = True
    has_proof: bool = False
    goods_with_shop_since: dt.datetime | None = None
    of: int | None = None  # the return it belongs to, once there is one
    # When the customer asked, for a stored request. Asking within the time is enough: what is found weeks later
    # is still judged by that day.
    asked_at: dt.datetime | None = None


def stage_of(order: Order) -> str:
    """Where the goods are, in the engine's words. A refusal or a loss on any parcel goes before the order's own status."""
    parcels = {shipment.status for shipment in order.shipments.all()}
    if TrackingStatus.REFUSED in parcels:
        return "refused"
    if TrackingStatus.LOST_SUSPECTED in parcels:
        return "lost"
    if order.status in (Order.Status.DELIVERED, Order.Status.COMPLETED):
        return "delivered"
    return "in_transit" if order.status == Order.Status.SHIPPED else "unshipped"


def traits_of(line: OrderLine) -> frozenset[str]:
    """What the goods may be, for the reasons that are offered: everything that nobody has ruled out for their category."""
    category = line.sku.product.category if line.sku else None
    if category is None or category.dated or category.goods_class == "food":
        return TRAITS
    return TRAITS - {"dated"}


def facts_for(ask: Ask, *, order: Order, asks: Iterable[Ask], at: dt.datetime) -> dict[str, Any]:
    """The facts of one line, ready for `pack.decide`. `asks` is the whole request, because some facts span its lines.

    Money is in minor units of the order's currency; days are counted up to the day of the request, those since
    receipt in the zone of the place of receipt and those since the goods came back in the shop's.
    """
    stage = stage_of(order)
    asked_at = ask.asked_at or at
    line = ask.order_line
    product = line.sku.product if line.sku else None
    place = place_of_receipt(order)
    facts: dict[str, Any] = {
        "reason": ask.reason,
        "wish": ask.wish,
        "stage": stage,
        "intact": ask.intact,
        "proof_given": ask.has_proof,
        "outbound_freight": order.free_shipping,
        "threshold_broken": _breaks_threshold(order, asks),
        "freight_insurance": order.has_freight_insurance,
        "gift_kept": _keeps_gift(order, asks),
        "line_paid": line.paid_for(ask.quantity).minor,
        "exclusion_confirmed": line.exclusion_confirmed,
        "carrier_by": _carrier_by(order),
        "zone_of_receipt": place.zone.key,
        "zone_known_by": place.known_by,
        "shop_province": _PROVINCES.get(order.shop.province.strip().lower(), "other"),
    }
    if stage == "delivered":
        signed_on = received_on(order)
        facts["days_since_receipt"] = min(days_since_receipt(order, asked_at), 3650)
        facts["received_on"] = signed_on.isoformat()
        facts["holiday_shift"] = holiday_shift(order.shop, signed_on)
        facts["repairs"], facts["days_in_repair"] = repairs_before(ask.order_line.pk, ask.of, order, asked_at)
    if product is not None:
        facts["exclusion"] = product.exclusion
        if product.category is not None:
            facts["goods"] = product.category.goods_class
            facts["warranty"] = warranty(
                product.category.warranty_days, order, asked_at, facts.get("days_in_repair", 0)
            )
    if ask.found_reason:
        facts["found_reason"] = ask.found_reason
    if ask.found_cause:
        facts["found_cause"] = ask.found_cause
    if ask.goods_with_shop_since is not None:
        facts["goods_with"] = "shop"
        facts["days_since_goods_back"] = (clock.shop_date(at) - clock.shop_date(ask.goods_with_shop_since)).days
        facts["goods_back_on"] = clock.shop_date(ask.goods_with_shop_since).isoformat()
    if ask.wanted_sku is not None:
        facts["price_difference"] = _direction(difference_minor(ask))
    facts |= _promised(order)
    return facts


def difference_minor(ask: Ask) -> int:
    """What the wanted article costs more (or less) than the one given back, in minor units.

    Variants of one product are compared by their list prices, so that a price change since the purchase plays no part
    (R-96); another article is compared with what was really paid. Never less than minus what was paid: the shop does
    not give back more for units bought at a discount than it got for them.
    """
    if ask.wanted_sku is None:
        return 0
    own, paid = ask.order_line.sku, ask.order_line.paid_for(ask.quantity).minor
    if own is not None and own.product_id == ask.wanted_sku.product_id:
        return max((ask.wanted_sku.price_minor - own.price_minor) * ask.quantity, -paid)
    return ask.wanted_sku.price_minor * ask.quantity - paid


def asks_of(ret: Return) -> list[Ask]:
    """The lines of a stored return as asks, with what was found where somebody looked."""
    arrived = with_shop_since(ret)
    return [
        Ask(
            order_line=line.order_line,
            quantity=line.quantity,
            reason=line.reason,
            wish=WISH_OF_KIND[ret.kind],
            wanted_sku=line.wanted_sku,
            found_reason=line.found_reason,
            goods_with_shop_since=arrived,
            asked_at=ret.submitted_at,
            of=ret.pk,
        )
        for line in ret.lines.select_related(
            "order_line__order__shop", "order_line__sku__product__category", "wanted_sku"
        )
    ]


def with_shop_since(ret: Return) -> dt.datetime | None:
    """When the goods came in: the carrier's signature for the last parcel; of goods that came without a number, the first
    count. None where they have not."""
    signed = max((parcel.signed_at for parcel in ret.parcels.all() if parcel.signed_at), default=None)
    if signed is not None or ret.status in _BEFORE_ARRIVAL:
        return signed
    first: dt.datetime | None = Receipt.objects.filter(line__of=ret).aggregate(at=Min("at"))["at"]
    return first


def _breaks_threshold(order: Order, asks: Iterable[Ask]) -> bool:
    """Whether what the customer gives back by choice, in this and every other return, leaves less than the minimum.

    Faulty goods do not count against them: for the condition they are as good as kept (R-27).
    """
    if order.free_shipping != Order.FreeShipping.CONDITIONAL:
        return False
    back = _going_back(order, asks, by_choice=True)
    kept = sum((line.paid - line.paid_for(back[line.pk])).minor for line in order.lines.select_related("order"))
    return 0 < kept < order.free_shipping_above_minor


def _keeps_gift(order: Order, asks: Iterable[Ask]) -> bool:
    """Whether all that was bought goes back and a gift that came with it stays (R-41)."""
    lines = [line for line in order.lines.all() if line.shipped_quantity]
    if not any(line.is_gift for line in lines):
        return False
    back = _going_back(order, asks)
    kept = {line.is_gift for line in lines if back[line.pk] < line.shipped_quantity}
    return kept == {True}


def _going_back(order: Order, asks: Iterable[Ask], *, by_choice: bool = False) -> Counter[int]:
    """The units of each line that go back, with this request and with every other return of the order; `by_choice`
    leaves out those whose reason points to somebody else than the customer."""
    asks = list(asks)
    back = Counter[int]()
    for ask in asks:
        if not by_choice or _own_choice(ask.found_reason or ask.reason):
            back[ask.order_line.pk] += ask.quantity
    others = ReturnLine.objects.filter(of__order=order, of__kind=Return.Kind.RETURN, held_quantity__gt=0)
    others = others.exclude(of__in={ask.of for ask in asks if ask.of})
    for line in others.only("order_line", "held_quantity", "reason", "found_reason"):
        if not by_choice or _own_choice(line.reason_now):
            back[line.order_line_id] += line.held_quantity
    return back


def _own_choice(reason: str) -> bool:
    return reasons()[reason].cause == "buyer"


def _carrier_by(order: Order) -> str:
    return "buyer" if any(shipment.carrier_chosen_by_buyer for shipment in order.shipments.all()) else "shop"


def _direction(minor: int) -> str:
    if minor == 0:
        return "none"
    return "higher" if minor > 0 else "lower"


def _promised(order: Order) -> dict[str, Any]:
    """Terms of promises that still stand: of two promises the better one, of two agreements the later one.

    The engine takes none but the words it knows from a promise.
    """
    terms: dict[str, Any] = {}
    for promise in sorted(order.promises.all(), key=lambda each: each.pk):
        if promise.broken_at is None:
            for name, value in promise.terms.items():
                if name in _PROMISED:
                    is_agreed = name.startswith("agreed_")
                    terms[name] = value if is_agreed else max(value, terms.get(name, value))
    return terms
