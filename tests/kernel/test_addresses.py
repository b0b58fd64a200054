"""Addresses put together without the resolver are those the resolver gives."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from aftersales.kernel.addresses import address, address_of


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("desk:ticket", ["T-HFKXRV43D"]),
        ("desk:ticket-renewal", ["T-HFKXRV43D"]),
        ("desk:contact", ["P-HFKXRV43D", 7]),
        ("desk:undo", ["T-HFKXRV43D", "4711"]),
        ("desk:order", [9000000000]),
    ],
)
def test_a_page_about_something_is_where_the_resolver_says(name: str, what: list[str | int]) -> None:
    assert address_of(name, *what) == reverse(name, args=what)


def test_two_tickets_have_two_addresses() -> None:
    assert address_of("desk:ticket", "T-HFKXRV43D") != address_of("desk:ticket", "T-QVAZ920EM")


@pytest.mark.parametrize("what", [["T-HFKXRV43D", 7], [7], []])
def test_an_address_that_takes_something_else_is_none(what: list[str | int]) -> None:
    with pytest.raises(NoReverseMatch):
        address_of("desk:ticket", *what)


def test_a_page_that_is_not_installed_has_no_address() -> None:
    assert address("desk:nowhere") == ""
