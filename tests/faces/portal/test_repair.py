"""A repair as the customer sees it: offered where it is due free of charge, followed until the goods are back."""

from __future__ import annotations

import pytest

from customers.models import Category
from returns.actions.decision import approve_return
from returns.actions.exchange import replacement_delivered, ship_replacement
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.repair import record_repair
from tests.faces.portal.conftest import Opened, walk
from tests.faces.portal.test_road import text
from tests.world import a_sku, an_order, staff

pytestmark = pytest.mark.django_db


def test_a_repair_is_asked_for_on_the_form_and_followed_to_its_end(opened: Opened) -> None:
    sku = a_sku()
    Category.objects.update(goods_class="three_guarantees", warranty_days=365)
    order = an_order(skus=[(sku, 1)], days_ago=20)
    client = opened(order)
    ret = walk(client, order, group="quality", reason="not_working", kind="repair")
    home = f"/returns/{ret.ref}/"
    assert "we repair them, as a rule within five days" in text(client, f"{home}done/")
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, 1, True, "damaged", "repair")], actor=staff("warehouse"))
    assert "We repair your goods" in text(client, home)
    record_repair(ret.pk, fault="The thermostat was burnt", parts="T-125", actor=staff("warehouse"))
    page = text(client, home)
    assert "Your goods are repaired; we send them to you" in page
    assert "The thermostat was burnt" in page
    assert "Parts replaced: T-125" in page
    ship_replacement(ret.pk, carrier="YTO", number="YT8962646785389", actor=staff("warehouse"))
    assert "Your repaired goods are on their way" in text(client, home)
    replacement_delivered(ret.pk, actor=staff())
    assert "Your repair is complete" in text(client, home)


@pytest.mark.parametrize(("days_ago", "is_offered"), [(20, True), (700, False)])
def test_only_a_repair_without_a_charge_is_offered(opened: Opened, days_ago: int, is_offered: bool) -> None:
    sku = a_sku()
    Category.objects.update(goods_class="three_guarantees", warranty_days=365)
    order = an_order(skus=[(sku, 1)], days_ago=days_ago)
    client = opened(order)
    base, line = f"/orders/{order.pk}/request/", order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "not_working"})
    page = text(client, f"{base}wish/")
    assert ('value="repair"' in page) is is_offered
    assert ("Repair at cost" in page) is not is_offered


def test_a_repair_that_is_owed_for_some_of_the_items_only_is_said(opened: Opened) -> None:
    first, other = a_sku(), a_sku(variant="B")
    Category.objects.update(goods_class="three_guarantees", warranty_days=365)
    order = an_order(skus=[(first, 1), (other, 1)], days_ago=20)
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    faulty, sound = order.lines.order_by("id")
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{faulty.pk}": 1, f"quantity-{sound.pk}": 1})
    client.post(f"{base}reasons/{faulty.pk}/quality/", {"reason": "not_working"})
    client.post(f"{base}reasons/{sound.pk}/no_reason/", {"reason": "preference"})
    page = text(client, f"{base}wish/")
    assert 'value="repair"' not in page
    assert "Repair free of charge" in page


def test_a_repair_that_is_no_longer_free_is_not_sent_from_an_old_page(opened: Opened) -> None:
    sku = a_sku()
    Category.objects.update(goods_class="three_guarantees", warranty_days=365)
    order = an_order(skus=[(sku, 1)], days_ago=20)
    client = opened(order)
    base, line = f"/orders/{order.pk}/request/", order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "not_working"})
    client.post(f"{base}story/", {f"story-{line.pk}": ""})
    client.post(f"{base}wish/", {"kind": "repair"})
    assert client.get(f"{base}check/").status_code == 200
    Category.objects.update(warranty_days=5)
    assert client.get(f"{base}check/")["Location"] == f"{base}wish/"
