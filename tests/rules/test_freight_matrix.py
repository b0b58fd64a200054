"""Every cell of the freight matrix: who bears outbound, way back and replacement, for each cause and remedy, and
whether to claim.

"As paid" is tested with free shipping (the shop had paid) and with paid shipping (the buyer had). One row of the
tables is one cell.
"""

from typing import Any

import pytest

from tests.rules.cases import NA, Legs, contested, decided, legs

FREE: dict[str, Any] = {"outbound_freight": "free"}
PAID: dict[str, Any] = {"outbound_freight": "paid"}
OWN: dict[str, Any] = {"carrier_by": "buyer"}
LISTED: dict[str, Any] = {"goods": "three_guarantees", "warranty": "valid"}
EXCHANGE: dict[str, Any] = {"wish": "exchange"}
REPAIR: dict[str, Any] = {"wish": "repair"}
REFUSED: dict[str, Any] = {"stage": "refused", "days": None}

# name, reason, facts, first remedy, legs (outbound, back, replacement), claim
CELLS: list[tuple[str, str, dict[str, Any], str, Legs, bool]] = [
    ("shop, return, freight refunded", "flaw", PAID, "return_refund", Legs("shop", "shop", NA), False),
    ("shop, return, shipping was free", "wrong_item.size", FREE, "return_refund", Legs("shop", "shop", NA), False),
    (
        "shop, exchange, as paid by the shop", "flaw", {**EXCHANGE, **FREE},
        "exchange", Legs("shop", "shop", "shop"), False,
    ),
    (
        "shop, exchange, as paid by the buyer", "flaw", {**EXCHANGE, **PAID},
        "exchange", Legs("buyer", "shop", "shop"), False,
    ),
    (
        "shop, repair in warranty", "fault_in_use", {**REPAIR, **LISTED, "days": 100},
        "repair_free", Legs("shop", "shop", "shop"), False,
    ),
    ("carrier, return", "carrier_damage", PAID, "return_refund", Legs("shop", "shop", NA), True),
    (
        "carrier, exchange, free", "carrier_damage", {**EXCHANGE, **FREE},
        "exchange", Legs("shop", "shop", "shop"), True,
    ),
    (
        "carrier, exchange, paid", "carrier_damage", {**EXCHANGE, **PAID},
        "exchange", Legs("buyer", "shop", "shop"), True,
    ),
    (
        "buyer's own carrier, return, free", "carrier_damage", {**OWN, **FREE},
        "return_refund", Legs("shop", "buyer", NA), False,
    ),
    (
        "buyer's own carrier, return, paid", "carrier_damage", {**OWN, **PAID},
        "return_refund", Legs("buyer", "buyer", NA), False,
    ),
    (
        "buyer's own carrier, exchange, free", "carrier_damage", {**OWN, **EXCHANGE, **FREE},
        "exchange", Legs("shop", "buyer", "buyer"), False,
    ),
    (
        "buyer's own carrier, exchange, paid", "carrier_damage", {**OWN, **EXCHANGE, **PAID},
        "exchange", Legs("buyer", "buyer", "buyer"), False,
    ),
    ("no reason, return, free", "preference", FREE, "return_refund", Legs("shop", "buyer", NA), False),
    ("no reason, return, paid", "preference", PAID, "return_refund", Legs("buyer", "buyer", NA), False),
    (
        "no reason, exchange, free", "preference", {**EXCHANGE, **FREE},
        "exchange", Legs("shop", "buyer", "buyer"), False,
    ),
    (
        "no reason, exchange, paid", "preference", {**EXCHANGE, **PAID},
        "exchange", Legs("buyer", "buyer", "buyer"), False,
    ),
    (
        "no reason, free-shipping condition broken", "preference",
        {"outbound_freight": "conditional", "threshold_broken": True},
        "return_refund", Legs("buyer", "buyer", NA), False,
    ),
    (
        "no reason, free-shipping condition still met", "preference",
        {"outbound_freight": "conditional"}, "return_refund", Legs("shop", "buyer", NA), False,
    ),
    ("buyer, late", "preference", {"days": 8}, "goodwill_only", Legs(NA, NA, NA), False),
    ("buyer, not intact", "preference", {"intact": False}, "goodwill_only", Legs(NA, NA, NA), False),
    (
        "misuse, repair", "fault_in_use", {**REPAIR, "found_reason": "misuse_damage"},
        "repair_paid", Legs("shop", "buyer", "buyer"), False,
    ),
    (
        "out of warranty, repair", "fault_in_use",
        {**REPAIR, "goods": "three_guarantees", "warranty": "expired", "days": 800},
        "repair_paid", Legs("shop", "buyer", "buyer"), False,
    ),
    ("lost, refund", "carrier_loss", {"stage": "lost", "days": None}, "refund_only", Legs("shop", NA, NA), True),
    (
        "lost, reship", "carrier_loss", {"stage": "lost", "days": None, "wish": "reship"},
        "reship", Legs("shop", NA, "shop"), True,
    ),
    (
        "refused with reason, carrier, return", "carrier_damage", {**REFUSED, **PAID},
        "return_refund", Legs("shop", "shop", NA), True,
    ),
    (
        "refused with reason, shop, return", "wrong_item.size", {**REFUSED, **PAID},
        "return_refund", Legs("shop", "shop", NA), False,
    ),
    (
        "refused with reason, exchange", "wrong_item.size", {**REFUSED, **EXCHANGE},
        "exchange", Legs("shop", "shop", "shop"), False,
    ),
    (
        "refused with reason, reship", "carrier_damage", {**REFUSED, "wish": "reship"},
        "reship", Legs("shop", "shop", "shop"), True,
    ),
    (
        "refused without reason, free", "refused_without_reason", {**REFUSED, **FREE},
        "return_refund", Legs("shop", "buyer", NA), False,
    ),
    (
        "refused without reason, paid", "refused_without_reason", {**REFUSED, **PAID},
        "return_refund", Legs("buyer", "buyer", NA), False,
    ),
    (
        "refused without reason, outside the seven-day right", "refused_without_reason",
        {**REFUSED, **FREE, "exclusion": "custom_made"}, "return_refund", Legs("buyer", "buyer", NA), False,
    ),
    ("unclear, return, freight refunded", "unclear", PAID, "return_refund", Legs("shop", "buyer", NA), False),
    ("unclear, exchange, free", "unclear", {**EXCHANGE, **FREE}, "exchange", Legs("shop", "buyer", "shop"), False),
    ("unclear, exchange, paid", "unclear", {**EXCHANGE, **PAID}, "exchange", Legs("buyer", "buyer", "shop"), False),
    ("unclear, repair", "unclear", REPAIR, "repair_free", Legs("shop", "shop", "shop"), False),
    ("unshipped", "cancel_order", {"stage": "unshipped", "days": None}, "refund_only", Legs(NA, NA, NA), False),
    (
        "certified unqualified, return", "unqualified_certified", PAID,
        "return_refund", Legs("shop", "shop", NA), False,
    ),
    (
        "certified unqualified, exchange, free", "unqualified_certified", {**EXCHANGE, **FREE},
        "exchange", Legs("shop", "shop", "shop"), False,
    ),
    (
        "certified unqualified, exchange, paid", "unqualified_certified", {**EXCHANGE, **PAID},
        "exchange", Legs("buyer", "shop", "shop"), False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reason", "facts", "remedy", "payers", "claim"), CELLS, ids=[cell[0] for cell in CELLS]
)
def test_cell(name: str, reason: str, facts: dict[str, Any], remedy: str, payers: Legs, claim: bool) -> None:
    verdict = decided(reason, **facts)
    assert verdict.remedies[0] == remedy
    assert legs(verdict) == payers
    assert verdict.carrier_claim is claim


@pytest.mark.parametrize("freight", [FREE, PAID], ids=["free", "paid"])
def test_exchange_for_the_shops_cause_says_that_the_first_freight_is_contested(freight: dict[str, Any]) -> None:
    assert contested(decided("flaw", **EXCHANGE, **freight)) == {"exchange_outbound"}


def test_unclear_says_that_it_is_contested() -> None:
    assert "unclear_fault" in contested(decided("unclear"))
    assert {"unclear_fault", "exchange_by_finding"} <= contested(decided("unclear", **EXCHANGE))


@pytest.mark.parametrize(
    ("finding", "payers"),
    [
        ("shop", Legs("shop", "shop", "shop")),
        ("carrier", Legs("shop", "shop", "shop")),
        ("buyer", Legs("shop", "buyer", "buyer")),
    ],
)
def test_the_finding_settles_the_freight_of_an_unclear_exchange(finding: str, payers: Legs) -> None:
    verdict = decided("unclear", found_cause=finding, **EXCHANGE)
    assert legs(verdict) == payers
    assert "exchange_by_finding" not in contested(verdict)


def test_undisputed_cells_are_not_called_contested() -> None:
    disputed = [
        name
        for name, reason, facts, *_ in CELLS
        if contested(decided(reason, **facts)) and "unclear" not in name and "exchange" not in name
    ]
    assert disputed == []


@pytest.mark.parametrize("cause", ["flaw", "carrier_damage", "preference"])
def test_the_other_remedies_due_have_their_own_payers(cause: str) -> None:
    asked = decided(cause)
    other = next(item for item in asked.freight if item["remedy"] == "exchange")
    chosen = decided(cause, **EXCHANGE)
    assert (other["outbound"], other["return"], other["replacement"]) == (
        chosen.outbound_leg_payer, chosen.return_leg_payer, chosen.replacement_leg_payer,
    )  # fmt: skip


def test_goods_already_back_but_not_acceptable_return_at_the_buyers_freight() -> None:
    verdict = decided("preference", found_reason="used_by_buyer", goods_with="shop")
    assert verdict.remedies == ("goodwill_only",)
    assert legs(verdict) == Legs(NA, NA, "buyer")
