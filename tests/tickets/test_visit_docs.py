"""The example in docs/visits.md says what the shipped plans do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftersales.kernel import clock
from customers.models import Category
from tests.tickets.visits import at
from tests.world import a_sku, an_order
from tickets.actions.visits.planning import plan_after_signing
from tickets.models import Visit

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "visits.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_example_of_the_page_comes_out() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT, re.MULTILINE)
    assert len(rows) == 4
    with clock.fixed(at(2, 23, 30)):
        for goods_class, told in rows:
            Category.objects.create(code=goods_class, name_zh=goods_class, goods_class=goods_class)
            order = an_order(days_ago=0, skus=[(a_sku(title=goods_class, category=goods_class), 1)])
            plan_after_signing(order.pk, at=clock.now())
            visits = Visit.objects.filter(order=order).order_by("number")
            planned = ", ".join(f"{clock.shop_date(each.due_at):%m-%d} {each.channel}" for each in visits)
            assert planned == told, goods_class
