"""Lin Mei at her phone: a browser without a proof, one that has opened her order, and the steps she takes again and again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from aftersales.accounts import proven
from customers.models import Order
from returns.models import Return

Opened = Callable[..., Client]


@pytest.fixture
def opened(db: None) -> Opened:
    """A browser in which these orders are proven: `opened(order)`."""

    def browser(*orders: Order) -> Client:
        client = Client(headers={"accept-language": "en"})
        session = client.session
        for order in orders:
            proven.remember(session, order.pk)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
        return client

    return browser


def walk(
    client: Client, order: Order, *, quantity: int = 1, group: str = "no_reason", reason: str = "preference",
    kind: str = "return", story: str = "", wanted: int | None = None,
) -> Return:  # fmt: skip
    """From the order's page to the sent request, as the pages lead; answers the return."""
    base = f"/orders/{order.pk}/request/"
    line = order.lines.order_by("id").first()
    assert line is not None
    assert client.post(base)["Location"] == f"{base}items/"
    assert client.post(f"{base}items/", {f"quantity-{line.pk}": quantity})["Location"] == f"{base}reasons/"
    here = f"{base}reasons/{line.pk}/"
    assert client.get(f"{base}reasons/")["Location"] == here
    if client.post(here, {"group": group})["Location"] == f"{here}{group}/":  # else its one reason was taken at once
        assert client.post(f"{here}{group}/", {"reason": reason})["Location"] == f"{base}story/"
    assert client.post(f"{base}story/", {f"story-{line.pk}": story})["Location"] == f"{base}wish/"
    following = "replacement" if kind == "exchange" else "verdict"
    assert client.post(f"{base}wish/", {"kind": kind})["Location"] == f"{base}{following}/"
    if kind == "exchange":
        client.post(f"{base}replacement/", {f"wanted-{line.pk}": wanted or line.sku_id})
    assert client.get(f"{base}verdict/").status_code == 200
    page = client.get(f"{base}check/")
    form = page.context["form"]
    sent = client.post(f"{base}check/", {"key": form["key"].value(), "seen": form["seen"].value()})
    assert sent.status_code == 302, sent.content.decode()
    return Return.objects.get(ref=sent["Location"].split("/")[2])
