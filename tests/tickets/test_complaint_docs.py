"""The worked examples of docs/complaints.md are true."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from aftersales.kernel import clock
from tickets.actions.complaints.due import answer_due
from tickets.actions.looking_over import apologises

pytestmark = pytest.mark.django_db
TEXT = (Path(__file__).resolve().parents[2] / "docs" / "complaints.md").read_text(encoding="utf-8")


def instant(said: str) -> dt.datetime:
    """`Tue 24 Nov 2026 24:00` where the shop is."""
    day, time = said.rsplit(" ", 1)
    hour, minute = map(int, time.split(":"))
    date = dt.datetime.strptime(day, "%a %d %b %Y").replace(tzinfo=clock.shop_zone())
    return date + dt.timedelta(hours=hour, minutes=minute)


DUE = re.findall(r"^\| (\w{3} \d\d \w{3} \d{4} \d\d:\d\d) \| (\w{3} \d\d \w{3} \d{4} \d\d:\d\d) \|$", TEXT, re.M)
WORDS = re.findall(r"^\| ([^|]+) \| (yes|no) \|$", TEXT, re.M)


def test_the_page_has_examples() -> None:
    assert (len(DUE), len(WORDS)) == (4, 5)


@pytest.mark.parametrize(("received", "due"), DUE)
def test_by_when(received: str, due: str) -> None:
    assert answer_due(None, instant(received)) == instant(due)


@pytest.mark.parametrize(("text", "verdict"), WORDS)
def test_what_is_an_apology(text: str, verdict: str) -> None:
    assert apologises(text) is (verdict == "yes")
