"""Money adds up to the last minor unit, in currencies with two, no and three decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "CNY", 1250),
        ("0.005", "CNY", 1),
        ("-0.005", "CNY", -1),
        ("0.004", "CNY", 0),
        ("2.675", "EUR", 268),
        ("1234.5", "JPY", 1235),
        ("1.2345", "KWD", 1235),
    ],
)
def test_the_one_rounding_is_half_up_to_the_minor_unit(amount: str, currency: str, minor: int) -> None:
    assert Money.of(Decimal(amount), currency).minor == minor


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("99", 9900),
        (" ¥1,234.50 ", 123450),
        ("¥1，234.50", 123450),
        ("１２.５０", 1250),
        ("99.00元", 9900),
        ("CNY 5.1", 510),
        ("-3.20", -320),
        ("0", 0),
    ],
)
def test_it_reads_what_people_and_files_write(text: str, minor: int) -> None:
    assert Money.parse(text, "CNY") == Money(minor, "CNY")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money_unreadable"),
        ("abc", "money_unreadable"),
        ("NaN", "money_unreadable"),
        ("Infinity", "money_unreadable"),
        ("1.2.3", "money_unreadable"),
        ("12,50", "money_unreadable"),
        ("1,2345.00", "money_unreadable"),
        ("0.001", "money_too_precise"),
        ("1e20", "money_too_large"),
    ],
)
def test_it_refuses_the_rest_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Money.parse(text, "CNY")
    assert refusal.value.code == code
    assert str(refusal.value)


@pytest.mark.parametrize("currency", ["CNY", "BRL", "HKD", "JPY", "USD", "KWD"])
def test_it_reads_what_it_shows(currency: str) -> None:
    """`R$` and `HK$` were left with a letter, because the mark in them was taken away first."""
    for minor in (123_450, -5):
        assert Money.parse(str(Money(minor, currency)), currency) == Money(minor, currency)


def test_no_decimals_where_there_are_none() -> None:
    assert Money.parse("1234", "JPY").minor == 1234
    with pytest.raises(BadInput):
        Money.parse("12.5", "JPY")


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any))
def test_a_split_sums_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "CNY").split(weights)
    assert sum(part.minor for part in parts) == minor
    assert all(part.minor == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    exact = [Decimal(minor) * weight / sum(weights) for weight in weights]
    assert all(abs(part.minor - share) < 1 for part, share in zip(parts, exact, strict=True))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 5]])
def test_it_does_not_split_by_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "CNY").split(weights)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="rate"):
        Money(1, "CNY") + Money(1, "EUR")
    with pytest.raises(ValueError, match="rate"):
        Money(1, "CNY") - Money(1, "EUR")


def test_how_it_reads() -> None:
    assert str(Money(123450, "CNY")) == "¥1,234.50"
    assert str(Money(-5, "CNY")) == "-¥0.05"
    assert str(Money(1234, "JPY")) == "JP¥1,234"
    assert str(Money(1234, "SEK")) == "SEK 12.34"
    assert Money(123450, "CNY").plain() == "1234.50"
    assert (-Money(5, "CNY") * 3).minor == -15
    assert not Money.zero("CNY")
    assert Money(5, "CNY").amount == Decimal("0.05")
