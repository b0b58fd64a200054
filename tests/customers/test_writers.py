"""Who writes to the shop, where several entries of the archive have the same address."""

from __future__ import annotations

import pytest

from customers.actions.writers import texter, writer
from tests.world import a_person, an_order

pytestmark = pytest.mark.django_db


def test_of_several_entries_it_is_who_bought_last_and_never_an_empty_one() -> None:
    long_ago, lately = an_order(days_ago=90), an_order(days_ago=3)
    a_person()  # the newest entry, without an order
    assert writer("lin.mei@example.org") == texter("+8613800000001") == lately.person != long_ago.person


def test_of_entries_that_never_bought_it_is_the_newest() -> None:
    a_person()
    newest = a_person()
    assert writer("lin.mei@example.org") == newest
    assert writer("") is None
