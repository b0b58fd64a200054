"""Money: whole minor units and a currency, one rounding, one way to split. Nothing else in the product rounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput

# ISO 4217 currencies whose minor unit is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}
_SYMBOLS = {"CNY": "¥", "EUR": "€", "GBP": "£", "USD": "$", "BRL": "R$", "JPY": "JP¥", "HKD": "HK$"}
_MARKS = sorted((*_SYMBOLS.values(), "元", " "), key=len, reverse=True)  # `R$` before the `$` in it
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
_MAX_MINOR = 10**15


def digits_of(currency: str) -> int:
    """How many decimals a currency has: 2 for CNY, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount: `minor` whole minor units (fen, cents) of `currency` (ISO 4217). May be negative."""

    minor: int
    currency: str = "CNY"

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """Round a decimal amount in major units half up to the minor unit: the one rounding of the product."""
        scale = Decimal(10) ** digits_of(currency)
        return cls(int((amount * scale).quantize(Decimal(1), ROUND_HALF_UP)), currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read what a person or a file wrote: `¥1,234.50`, `１２.５０`, `99.00元`. Refuses more decimals than exist.

        A comma stands between thousands; `12,50` is refused, because it would be taken for a hundred times as much.
        Raises `BadInput` (`money_unreadable`, `money_too_precise`, `money_too_large`).
        """
        plain = unicodedata.normalize("NFKC", text).strip()
        for mark in (currency, *_MARKS):
            plain = plain.replace(mark, "")
        if _GROUPED.fullmatch(plain):
            plain = plain.replace(",", "")
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            raise BadInput(_("“%(text)s” is not an amount of money."), code="money_unreadable", text=text) from None
        if not amount.is_finite():
            raise BadInput(_("“%(text)s” is not an amount of money."), code="money_unreadable", text=text)
        if abs(amount) * 10 ** digits_of(currency) > _MAX_MINOR:
            raise BadInput(_("“%(text)s” is larger than any order can be."), code="money_too_large", text=text)
        exact = amount * Decimal(10) ** digits_of(currency)
        if exact != exact.to_integral_value():
            raise BadInput(
                _("“%(text)s” has more decimals than %(currency)s has."),
                code="money_too_precise",
                text=text,
                currency=currency,
            )
        return cls(int(exact), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up without a rate.")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share out by weight, to the last minor unit: the parts always sum to the whole (largest remainder, earlier first)."""
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("Money is split by weights that are not negative and not all zero.")
        sign, whole = (1, self.minor) if self.minor >= 0 else (-1, -self.minor)
        shares = [whole * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
        for index in by_remainder[: whole - sum(shares)]:
            shares[index] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def plain(self) -> str:
        """`1234.50`: digits only, for files and APIs."""
        return f"{self.amount:.{digits_of(self.currency)}f}"

    def __str__(self) -> str:
        """`¥1,234.50` on a screen."""
        sign = "-" if self.minor < 0 else ""
        mark = _SYMBOLS.get(self.currency, f"{self.currency} ")
        return f"{sign}{mark}{abs(self.amount):,.{digits_of(self.currency)}f}"
