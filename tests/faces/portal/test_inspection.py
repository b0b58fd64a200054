"""What the customer reads when only a part of the goods was accepted."""

from __future__ import annotations

import pytest

from returns.actions.decision import approve_return
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.models import Return
from tests.faces.portal.conftest import Opened, walk
from tests.faces.portal.test_road import inspect_all, text
from tests.world import an_order, staff


def found(ret: Return, *, accepted: int, refused: int, to: str = "send_back") -> None:
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: accepted + refused}, key="page", actor=staff("warehouse"))
    findings = [
        Finding(line.pk, accepted, True, "intact", "restock", note="dented box, sell as B"),
        Finding(line.pk, refused, False, "used", to, note="Make-up on the collar"),
    ]
    inspect_goods(ret.pk, findings, clause="Measures 8", actor=staff("warehouse"))


@pytest.mark.parametrize(
    ("to", "words"),
    [("send_back", "comes back to you once the time to object is over"), ("scrap", "is not sent back by itself")],
)
def test_a_partly_refused_return_says_what_was_refused_why_and_where_it_goes(
    to: str, words: str, opened: Opened
) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, quantity=2)
    approve_return(ret.pk, actor=staff())
    found(ret, accepted=1, refused=1, to=to)
    page = text(client, f"/returns/{ret.ref}/")
    assert "Accepted: 1 of 2" in page
    assert "Not accepted: 1, used or incomplete" in page
    assert "Make-up on the collar" in page
    assert words in page
    assert f"{ret.lines.get().order_line} × 1" in page  # what the refund is for
    assert "The refund is for what we accepted." in page
    assert "dented box" not in page  # written for colleagues


def test_a_missing_unit_is_named(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, quantity=2)
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="page", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
    assert "1 was not in the parcel" in text(client, f"/returns/{ret.ref}/")


def test_where_all_is_well_nothing_is_said_of_refusal(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    ret = walk(client, order, quantity=2)
    home = f"/returns/{ret.ref}/"
    assert "How we found the goods" not in text(client, home)
    approve_return(ret.pk, actor=staff())
    inspect_all(ret)
    page = text(client, home)
    assert "Accepted: 2 of 2" in page
    assert "Not accepted" not in page
    assert "The refund is for what we accepted." not in page
