"""What a customer may ask for, as cards: the exchange first where it serves, a free repair where it is due, the refund always,
and what else is due in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.kernel.templatetags.verdicts import NOTHING_DUE, remedy_words
from aftersales.portal.judgement import Judged
from customers.models import Order, Sku
from returns.rules.reasons import reasons
from returns.rules.verdict import ANSWERS

# What a request of ours is an answer to; the rest of what is due is said, and a message starts it.
_COVERED = {*ANSWERS["return_refund"], *ANSWERS["exchange"]}
# What a sound or right one would mend; a change of mind or a doubt about the article would not be.
_REPLACEABLE = {"size", "quality", "wrong", "missing", "short", "damage", "loss"}
_WITH_IT = {"buyer_top_up", "shop_pays_difference", "insurer_payout"}  # comes along by itself


def variants(order: Order, line_ids: list[int]) -> dict[int, list[Sku]]:
    """For each chosen line the variants of its product, cheapest first; one query. Empty where the article is unknown."""
    lines = {line.pk: line for line in order.lines.all() if line.pk in line_ids}
    products = {line.sku.product_id for line in lines.values() if line.sku}
    of_product: dict[int, list[Sku]] = {}
    for sku in Sku.objects.filter(product__in=products, currency=order.currency).order_by(
        "price_minor", "variant", "pk"
    ):
        of_product.setdefault(sku.product_id, []).append(sku)
    return {pk: of_product.get(line.sku.product_id, []) if line.sku else [] for pk, line in lines.items()}


def free_units(sku: Sku) -> int:
    """Units on the shelf that no other exchange holds."""
    return sku.on_hand - sku.reserved


def can_be_exchanged(choices: dict[int, list[Sku]], quantities: dict[int, int]) -> bool:
    """Whether every chosen item has at least one variant with enough on the shelf."""
    return all(any(free_units(sku) >= quantities[pk] for sku in skus) for pk, skus in choices.items())


def cards(
    money_back: Judged, exchange: Judged | None, *, has_stock: bool, repair: Judged | None = None
) -> list[dict[str, Any]]:
    """The requests one can make here, the exchange first where it serves the customer. A refund that is due is never hidden.

    `exchange` is None where the article is not in our catalogue, so that there is nothing to choose from; `repair` where
    no free repair is due for everything. What is not due stands behind what is.
    """
    found: list[dict[str, Any]] = []
    serves = exchange is not None and has_stock and exchange.is_due and _wants_the_thing(exchange)
    if exchange is not None and (exchange.is_due or has_stock):
        found.append(
            {
                "value": "exchange",
                "title": _("Exchange it for another one"),
                "icon": "swap",
                "example": _exchange_words(exchange, has_stock=has_stock),
                "mark": _("Suggested") if serves else "",
                "disabled": not has_stock,
            }
        )
    found.append(
        {
            "value": "return",
            "title": _("Return it and get the money back"),
            "icon": "coin",
            "example": _refund_words(money_back),
        }
    )
    found = found if serves else found[::-1]
    if repair is not None:
        card = {
            "value": "repair",
            "title": _("Have it repaired free of charge"),
            "icon": "wrench",
            "example": _payer_words(repair, _("We repair what you have and send it back to you.")),
        }
        found.insert(len(found) if money_back.is_due or serves else 0, card)
    return found


def can_be_repaired(judged: Judged) -> bool:
    """Whether a free repair is due for everything chosen; one for a fee needs a price first, and begins with a message."""
    return all("repair_free" in finding.verdict["remedies"] for finding in judged.findings)


def _wants_the_thing(judged: Judged) -> bool:
    """Whether every reason says that the customer would keep a right and sound one: another size, a flaw, the wrong article."""
    codes = [finding.verdict["facts"]["reason"] for finding in judged.findings]
    return all(code.startswith("wrong_choice.") or reasons()[code].matter in _REPLACEABLE for code in codes)


def _exchange_words(exchange: Judged, *, has_stock: bool) -> str:
    if not has_stock:
        return _("You may ask for it, but none is in stock just now.")
    if not exchange.is_due:
        return _("By the rules this is not owed; we look at it and tell you.")
    return _payer_words(exchange, _("Same article, another size or colour, or the same again."))


def _refund_words(money_back: Judged) -> str:
    if not money_back.is_due:
        return _("By the rules this is not owed; we look at it and tell you.")
    return _payer_words(money_back, _("%(amount)s for the goods.") % {"amount": money_back.goods})


def _payer_words(judged: Judged, first: str) -> str:
    said = {
        "shop": _("We pay for sending it back."),
        "buyer": _("You pay for sending it back."),
        "split": _("We share the freight of sending it back."),
        "not_applicable": _("Nothing needs to be sent back."),
    }
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": said[judged.legs.back]}


def also_due(*judged: Judged | None, repair_offered: bool) -> list[str]:
    """Remedies that are due and that no card covers, in words: they are started by a message.

    A free repair is one of them where it is due for some of the items only, so that no card offers it.
    """
    codes = dict.fromkeys(
        remedy for each in judged if each for finding in each.findings for remedy in finding.verdict["remedies"]
    )
    covered = _COVERED | _WITH_IT | NOTHING_DUE | ({"repair_free"} if repair_offered else set())
    return [remedy_words(code) for code in codes if code not in covered]
