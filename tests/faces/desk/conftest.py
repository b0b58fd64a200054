"""Who sits at the desk in these tests, and a case at each stage of its road."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from aftersales.accounts import proven
from aftersales.accounts.models import User
from customers.models import Order
from returns.models import Return
from tests.world import staff


@pytest.fixture
def sit(db: None) -> Callable[..., Client]:
    """A browser in which somebody of this role is signed in, in English; a name gives a second person of the role."""

    def at(role: str = "agent", name: str = "") -> Client:
        actor = staff(role, name)
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(pk=actor.id or 0), backend="aftersales.accounts.backend.AccountBackend")
        return client

    return at


@pytest.fixture
def visitor(db: None) -> Callable[..., Client]:
    """A browser of a customer who has proven these orders; of nobody, when there are none."""

    def of(*orders: Order) -> Client:
        client = Client(headers={"accept-language": "en"})
        session = client.session
        for order in orders:
            proven.remember(session, order.pk)
        session.save()
        client.cookies["desk_session"] = session.session_key or ""
        return client

    return of


@pytest.fixture(autouse=True)
def in_english() -> Any:
    """Sentences are compared in the language of the source."""
    with translation.override("en"):
        yield


def fresh(ret: Return) -> Return:
    """The return as it is in the database now."""
    return Return.objects.get(pk=ret.pk)


def whole_page(client: Client, address: str) -> str:
    """A ticket as one sees it: its page and the side that follows a moment later."""
    return "".join(client.get(where).content.decode() for where in (address, f"{address}side/"))


def key() -> str:
    """What a page carries so that it counts once."""
    return secrets.token_hex(16)
