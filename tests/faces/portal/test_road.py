"""The whole road over HTTP: prove, ask, follow; for a return and for an exchange."""

from __future__ import annotations

from django.test import Client

from tests.faces.portal.conftest import Opened, walk
from tests.world import an_order


def test_a_return_from_the_order_to_the_done_page(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, story="Too thin for me.")
    page = client.get(f"/returns/{ret.ref}/done/")
    assert ret.ref in page.content.decode()
    status = client.get(f"/returns/{ret.ref}/")
    assert "We read your request and decide" in status.content.decode()
