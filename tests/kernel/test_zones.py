"""The zone of a delivery address: by its country, by its state where the country has several, else not known."""

from __future__ import annotations

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales.kernel import zones


@pytest.mark.parametrize(
    ("country", "region", "zone", "known_by"),
    [
        ("CN", "浙江省", "Asia/Shanghai", "country"),
        ("CN", "新疆维吾尔自治区", "Asia/Shanghai", "country"),  # one zone by law
        ("cn", "", "Asia/Shanghai", "country"),
        ("DE", "Bayern", "Europe/Berlin", "country"),
        ("BR", "SP", "America/Sao_Paulo", "region"),
        ("BR", "AM", "America/Manaus", "region"),
        ("BR", "sao paulo", "America/Sao_Paulo", "region"),
        ("br", "br-ac", "America/Rio_Branco", "region"),
        ("DE", "--", "Europe/Berlin", "country"),
        ("BR", "BR-AC", "America/Rio_Branco", "region"),
        ("US", "California", "America/Los_Angeles", "region"),
        ("ES", "Las Palmas", "Atlantic/Canary", "region"),
        ("ES", "Madrid", "Europe/Madrid", "country"),
    ],
)
def test_an_address_tells_its_zone(country: str, region: str, zone: str, known_by: str) -> None:
    assert zones.place_of(country, region) == zones.Place(ZoneInfo(zone), known_by)


@pytest.mark.parametrize(("country", "region"), [("BR", ""), ("BR", "XX"), ("US", "**"), ("", "SP"), ("ZZ", "")])
def test_an_address_that_does_not_say_has_no_zone(country: str, region: str) -> None:
    assert zones.place_of(country, region) is None


def test_every_row_names_a_zone_there_is_and_no_region_stands_twice() -> None:
    with Path(zones.__file__).with_name("zones.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(ZoneInfo(row["zone"]) for row in rows)
    named = [(row["country"], zones._plain(name)) for row in rows for name in row["region"].split("|")]
    assert len(named) == len(set(named)) > 400
    assert {country for country, region in named if region} >= {"BR", "US", "CA", "AU", "MX"}
