"""The customer's timeline: no step without its sign."""

from __future__ import annotations

from django.utils.html import escape

from aftersales.ledger.catalogue import event_types
from aftersales.portal.history import _LOOKS
from tests.faces.portal.conftest import Opened
from tests.world import an_order


def test_every_public_step_has_a_sign() -> None:
    public = {name for name, kind in event_types().items() if kind.public}
    shown = {name for name in public if name.split(".")[0] in ("return", "refund", "exchange")}
    assert shown
    assert shown <= _LOOKS.keys()


def test_the_price_of_several_units_is_marked_as_their_sum(opened: Opened) -> None:
    order = an_order()
    line = order.lines.get()
    assert line.quantity > 1
    client = opened(order)
    client.post(f"/orders/{order.pk}/request/")
    for address in (f"/orders/{order.pk}/", f"/orders/{order.pk}/request/items/"):
        page = client.get(address).content.decode()
        assert escape(str(line.paid)) in page
        assert f"for {line.quantity} together" in page
        assert f"× {line.quantity}" not in page
