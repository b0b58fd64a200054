"""What the lines of one order cost and what was paid, from the columns of the shop's own list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from customers.importers.allocation import Shares, share_out
from customers.importers.cells import Row
from customers.importers.problems import BadCell


@dataclass(frozen=True, slots=True)
class Prices:
    """Minor units. `gross` is price times quantity of each line; `freight` is what was charged."""

    gross: tuple[int, ...]
    freight: int
    paid: int
    shares: Shares


def prices_of(head: Row, rows: Sequence[Row], currency: str, *, is_paid: bool) -> Prices:
    """Price the order. Without a `paid` cell it is the prices less discounts plus freight."""
    gross = tuple(row.money("unit_price", currency, default=None) * row.quantity("quantity") for row in rows)
    off = [row.money("line_discount", currency) for row in rows]
    for row, full, less in zip(rows, gross, off, strict=True):
        if less > full:
            raise BadCell(
                "line_discount",
                _("The discount is larger than the price of the line."),
                code="discount_too_large",
                file=row.file,
                line=row.line,
            )
    net = [full - less for full, less in zip(gross, off, strict=True)]
    freight, order_discount = head.money("freight", currency), head.money("order_discount", currency)
    expected = max(0, sum(net) - order_discount) + freight
    paid = head.money("paid", currency, default=expected) if is_paid else 0
    return Prices(gross, freight, paid, share_out(gross, paid=paid, freight=freight, weights=net, currency=currency))


def currency_of(head: Row, default: str) -> str:
    """The order's currency code, in capitals."""
    currency = (head.text("currency", 3) or default).upper()
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise BadCell(
            "currency", _("“%(text)s” is not a currency code such as CNY."), code="currency_unknown", text=currency
        )
    return currency
