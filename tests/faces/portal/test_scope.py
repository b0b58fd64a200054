"""What is not proven does not exist; staff are not customers; nothing internal shows."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.faces.portal.conftest import Opened, walk
from tests.world import an_order, staff
from tickets.actions.questions import ask_question

OF_ORDER = (
    "", "questions/", "request/", "request/items/", "request/reasons/", "request/story/", "request/wish/",
    "request/replacement/", "request/verdict/", "request/check/", "request/photos/A-000000000/removal/",
)  # fmt: skip
OF_RETURN = ("", "done/", "label/", "messages/", "answer/", "parcels/", "withdrawal/", "objection/", "reopening/")


@pytest.fixture
def foreign(opened: Opened) -> dict[str, list[str]]:
    """Addresses of somebody else's order, its running request and question."""
    order = an_order()
    ret = walk(opened(order), order)
    from tests.world import customer

    ticket = ask_question(order.pk, text="Mine?", actor=customer(order))
    return {
        "orders": [f"/orders/{order.pk}/{rest}" for rest in OF_ORDER],
        "returns": [f"/returns/{ret.ref}/{rest}" for rest in OF_RETURN],
        "questions": [f"/questions/{ticket.ref}/"],
    }


@pytest.mark.parametrize("kind", ["orders", "returns", "questions"])
def test_a_stranger_is_led_to_the_start(client: Client, foreign: dict[str, list[str]], kind: str) -> None:
    for address in foreign[kind]:
        assert client.get(address)["Location"].startswith("/?next="), address
        posted = client.post(address)
        assert posted.status_code == 405 or posted["Location"].startswith("/?next="), address


@pytest.mark.parametrize("kind", ["orders", "returns", "questions"])
def test_the_customer_of_another_order_finds_nothing(opened: Opened, foreign: dict[str, list[str]], kind: str) -> None:
    client = opened(an_order())
    for address in foreign[kind]:
        assert client.post(address).status_code in (404, 405), address  # 405: a page that is only read
        if not address.endswith(("/request/", "/removal/")):
            assert client.get(address).status_code == 404, address


def test_an_unknown_order_looks_like_a_foreign_one(opened: Opened, foreign: dict[str, list[str]]) -> None:
    client = opened(an_order())
    there, nowhere = client.get(foreign["orders"][0]), client.get("/orders/99999999/")
    assert there.status_code == nowhere.status_code == 404
    assert "that is not open on this device" in there.content.decode()


def test_staff_are_told_whose_pages_these_are(foreign: dict[str, list[str]]) -> None:
    from aftersales.accounts.models import User

    staff("agent")
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(email="agent@shop.example"))
    for address in ("/", foreign["orders"][0], foreign["returns"][0]):
        page = client.get(address)
        assert page.status_code == 403
        assert "You are signed in as staff" in page.content.decode()


def test_a_photo_of_another_order_stays_where_it_is(opened: Opened) -> None:
    from aftersales.files.models import Attachment
    from returns.models import ReturnDraft
    from tests.faces.portal.test_road import a_photo
    from tests.world import attach, customer

    theirs, mine = an_order(), an_order()
    opened(theirs).post(f"/orders/{theirs.pk}/request/")
    photo = attach(a_photo(), on=ReturnDraft.objects.get(), actor=customer(theirs))
    client = opened(mine)
    base = f"/orders/{mine.pk}/request/"
    client.post(base)
    line = mine.lines.get()
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/no_reason/", {"reason": "preference"})
    client.post(f"{base}photos/{photo.ref}/removal/")
    assert Attachment.objects.filter(pk=photo.pk).exists()
    assert client.get(photo.thumb).status_code == 404
