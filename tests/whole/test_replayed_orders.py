"""The dates of orders lived through with the product's clock: the short form of `bench/replay_orders.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales.ledger import daily
from bench.replay_orders import all_expected, read, replay

pytestmark = pytest.mark.django_db

# Times of the seller in São Paulo, eleven hours behind the shop. Invented, one row for each branch of the count.
NAMES = ("purchase_timestamp", "delivered_carrier_date", "delivered_customer_date", "estimated_delivery_date")
ROWS = """
in-time,2018-04-02 10:00:00,2018-04-03 00:00:00,2018-04-04 01:00:00,2018-04-20 00:00:00
late,2018-04-02 10:00:00,2018-04-03 09:30:00,2018-04-09 23:00:00,2018-04-05 00:00:00
stands-still,2018-04-02 10:00:00,2018-04-03 10:00:00,2018-04-05 23:00:00,2018-04-20 00:00:00
never-arrived,2018-04-02 10:00:00,2018-04-04 12:00:00,,2018-04-20 00:00:00
never-handed-over,2018-04-02 10:00:00,,,2018-04-20 00:00:00
handed-over-before-it-was-placed,2018-04-02 10:00:00,2018-04-01 10:00:00,2018-04-04 10:00:00,2018-04-20 00:00:00
signed-before-it-was-handed-over,2018-04-02 10:00:00,2018-04-05 10:00:00,2018-04-05 10:00:00,2018-04-20 00:00:00
"""


def test_each_order_is_told_what_its_own_dates_imply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orders.csv").write_text(f"order_id,{','.join(f'order_{name}' for name in NAMES)}{ROWS}")
    orders, impossible = read(tmp_path, 100)
    assert impossible == ["handed-over-before-it-was-placed", "signed-before-it-was-handed-over"]
    wanted = all_expected(orders)
    assert {number: sorted(told) for number, told in wanted.items()} == {
        "in-time": ["after-signing", "dispatched", "signed"],
        "late": ["after-late", "after-signing", "dispatched", "late", "still 48 h", "still 72 h"],
        "stands-still": ["after-signing", "dispatched", "signed", "still 48 h"],
        "never-arrived": ["dispatched", "still 48 h", "still 72 h"],
        "never-handed-over": [],
    }
    monkeypatch.setattr(daily, "_jobs", dict(daily._jobs))  # it forgets them for itself
    assert replay(orders) == wanted
