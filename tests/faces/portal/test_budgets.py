"""How many questions each main page asks the database, whatever the size of the order."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.faces.portal.conftest import Opened, walk
from tests.world import a_sku, an_order


@pytest.mark.parametrize("items", [1, 8])
def test_the_pages_of_a_request_stay_within_their_budget(
    opened: Opened, django_assert_max_num_queries: DjangoAssertNumQueries, items: int
) -> None:
    order = an_order(skus=[(a_sku(title=f"Cup {number}"), 1) for number in range(items)])
    client = opened(order)
    base = f"/orders/{order.pk}/request/"
    lines = list(order.lines.order_by("id"))
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1 for line in lines})
    client.post(
        f"{base}reasons/{lines[0].pk}/no_reason/", {"reason": "preference"} | ({"for_all": "on"} if items > 1 else {})
    )
    client.post(f"{base}wish/", {"kind": "return"})
    budgets = {f"/orders/{order.pk}/": 13, f"{base}items/": 11, f"{base}story/": 13, f"{base}wish/": 20,
               f"{base}verdict/": 17, f"{base}check/": 19}  # fmt: skip
    for address, most in budgets.items():
        with django_assert_max_num_queries(most, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("quantity", [1, 9])
def test_the_status_page_stays_within_its_budget(
    opened: Opened, django_assert_max_num_queries: DjangoAssertNumQueries, quantity: int
) -> None:
    order = an_order(skus=[(a_sku(), quantity)])
    client = opened(order)
    ret = walk(client, order, quantity=quantity)
    with django_assert_max_num_queries(24):
        assert client.get(f"/returns/{ret.ref}/").status_code == 200
