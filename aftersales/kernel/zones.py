"""In which time zone a delivery address lies: the days of the law are counted there. Called by `returns.gather`.

The table is `zones.csv`: country, region (code and names, `|` between them; empty for the rest of the country) and zone.
Zones and countries are those of the tz database, which is in the public domain. A country of several zones without a row
for the rest is known only with its region; where one region lies in two zones, the one most people live in stands for it.
China has one zone by law, in Xinjiang too.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Place:
    """A zone and what it is known by: `region` or `country` of the address, or `shop` where neither says it."""

    zone: ZoneInfo
    known_by: str


def place_of(country: str, region: str) -> Place | None:
    """The place of an address: ISO 3166 code and state or province as written, code or name. None where they do not
    say which zone it is."""
    code = country.strip().upper()
    name = _plain(region.strip().upper().removeprefix(f"{code}-"))
    if found := _table().get((code, name)):
        return Place(ZoneInfo(found), "region" if name else "country")
    if found := _table().get((code, "")):
        return Place(ZoneInfo(found), "country")
    return None


@cache
def _table() -> dict[tuple[str, str], str]:
    with Path(__file__).with_name("zones.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["country"], _plain(name)): row["zone"]
            for row in csv.DictReader(file)
            for name in row["region"].split("|")
        }


def _plain(text: str) -> str:
    """Without accents, capitals, spaces and dashes: `São Paulo`, `SAO PAULO` and `sao-paulo` are one."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
