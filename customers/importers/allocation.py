"""What was really paid for each line, to the last minor unit. The one place where an order's discount is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Shares:
    """Per line, in minor units: what was paid for the goods, and the part of the discount. `freight` is the order's."""

    paid: tuple[int, ...]
    discount: tuple[int, ...]
    freight: int

    @property
    def total_discount(self) -> int:
        return sum(self.discount)


def share_out(
    gross: Sequence[int], *, paid: int, freight: int, weights: Sequence[int] | None = None, currency: str
) -> Shares:
    """Share an order's payment over its lines.

    `gross` is price times quantity of each line; `weights` (the platform's own shares, or net prices) decide the
    shares and default to `gross`. A discount is taken from the goods first and from the freight only when the goods
    are free; a surcharge (interest on instalments) is shared like the price. Always: sum of `paid` plus `freight`
    is what was paid, unless there are no lines.
    """
    freight_paid = min(freight, paid)
    goods_paid = paid - freight_paid
    by = list(weights if weights is not None and sum(weights) > 0 else gross)
    if not gross:
        return Shares((), (), freight_paid)
    if sum(by) <= 0:
        by = [1] * len(gross)
    shares = tuple(share.minor for share in Money(goods_paid, currency).split(by))
    discounts = tuple(max(0, full - share) for full, share in zip(gross, shares, strict=True))
    return Shares(shares, discounts, freight_paid)
