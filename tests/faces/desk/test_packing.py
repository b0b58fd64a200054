"""Whoever sends a replacement sees what to pack and where it goes; nobody else sees the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from customers.models import Address
from returns.models import Return
from tests.faces.desk import stages

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
STREET = "望江路 12 号 3 幢 402"


def with_address(ret: Return, *, masked: bool = False) -> Return:
    ret.order.address = Address.objects.create(
        person=ret.person, recipient="林梅", phone="13800000001", province="浙江省", city="杭州市", line=STREET,
        is_masked=masked,
    )  # fmt: skip
    ret.order.save(update_fields=["address"])
    return ret


@pytest.mark.parametrize("page", ["outcome", "reshipment"])
def test_the_slip_names_the_article_and_the_address(sit: Sit, page: str) -> None:
    ret = with_address(stages.awaiting_reship())
    wanted = ret.lines.get().wanted_sku
    assert wanted is not None
    told = sit("warehouse").get(f"/desk/returns/{ret.ref}/{page}/").content.decode()
    for words in ("Packing slip", wanted.code, "白 L", "× 1", "林梅", "13800000001", STREET):
        assert words in told, words
    assert "hides part of this address" not in told


def test_a_masked_or_missing_address_is_said_so(sit: Sit) -> None:
    masked, missing = with_address(stages.awaiting_reship(), masked=True), stages.awaiting_reship()
    warehouse = sit("warehouse")
    assert "hides part of this address" in warehouse.get(f"/desk/returns/{masked.ref}/outcome/").content.decode()
    assert "No delivery address" in warehouse.get(f"/desk/returns/{missing.ref}/outcome/").content.decode()


def test_the_address_stays_on_the_page_it_is_needed_on(sit: Sit) -> None:
    ret, refund = with_address(stages.awaiting_reship()), with_address(stages.refund_due())
    assert STREET not in sit("warehouse").get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert STREET not in sit("warehouse").get(f"/desk/returns/{refund.ref}/outcome/").content.decode()
    assert sit("agent").get(f"/desk/returns/{ret.ref}/reshipment/").status_code == 403
