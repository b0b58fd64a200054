"""Provincial law is a layer of rows that the shop's province selects. It only ever adds to what the customer has."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from returns.rules.language import Row, Table, Value
from returns.rules.pack import load_pack

PACK = load_pack("cn")
PROVINCES = ("zhejiang", "shanghai", "shandong")
# What follows from each answer of the guarantee, best last.
RANK = (
    "paid", "expired", "repair", "later", "exchange_repair", "quality_return", "choice", "exchange_due",
    "return_exchange_due",
)  # fmt: skip


def provincial(table: str) -> list[Row]:
    """The rows that name a province."""
    position = [column.name for column in PACK.table(table).columns].index("shop_province")
    return [row for row in PACK.table(table).rows if row.cells[position] is not None]


def pieces(table: Table, compiled: Any) -> Iterator[dict[str, Value]]:
    """One case of every piece into which the rows cut the table, without the province."""
    values = [
        [column.value(start) for start in starts]
        for column, starts in zip(table.columns, compiled.starts, strict=True)
        if column.name != "shop_province"
    ]
    names = [column.name for column in table.columns if column.name != "shop_province"]
    return (dict(zip(names, each, strict=True)) for each in itertools.product(*values))


def test_provinces_are_law_and_rest_on_the_law_of_the_province() -> None:
    rows = [row for table in ("cause", "guarantee", "extras") for row in provincial(table)]
    own = [row for row in rows if any(key.split("_")[0] in PROVINCES for key in row.sources)]
    assert {row.layer for row in rows} == {0}
    assert len(own) >= 8
    assert {key.split("_")[0] for row in own for key in row.sources} >= set(PROVINCES)


@pytest.mark.parametrize("province", PROVINCES)
def test_no_province_gives_a_worse_guarantee(province: str) -> None:
    table, compiled = PACK.table("guarantee"), PACK.tables["guarantee"]
    checked = 0
    for case in pieces(table, compiled):
        here = compiled.decide({**case, "shop_province": province}).outcome[0]
        elsewhere = compiled.decide({**case, "shop_province": "other"}).outcome[0]
        assert RANK.index(str(here)) >= RANK.index(str(elsewhere)), case
        checked += 1
    assert checked > 800


@pytest.mark.parametrize("province", PROVINCES)
def test_no_province_turns_the_cause_against_the_customer(province: str) -> None:
    table, compiled = PACK.table("cause"), PACK.tables["cause"]
    for case in pieces(table, compiled):
        here = compiled.decide({**case, "shop_province": province}).outcome
        elsewhere = compiled.decide({**case, "shop_province": "other"}).outcome
        assert here == elsewhere or (here[0], elsewhere[0]) == ("shop", "undetermined"), case


def test_extras_of_a_province_only_add() -> None:
    assert {row.outcome[0] for row in provincial("extras")} == {True}
    # Without them a case keeps what it had: they share no case with a row that says something else.
    others = [row for row in PACK.table("extras").rows if row not in provincial("extras") and row.layer < 3]
    assert {row.outcome[0] for row in others} == {True}


@pytest.mark.parametrize("province", PROVINCES)
def test_freight_never_asks_for_the_province(province: str) -> None:
    assert province in PACK.table("guarantee").column("shop_province").values
    for leg in ("outbound", "return", "replacement"):
        assert "shop_province" not in [column.name for column in PACK.table(leg).columns]
