"""Callers of the API: a program with a key in a role, staff in a session, a customer who proved an order, a stranger."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.accounts.actions.keys import make_key
from customers.models import Order
from tests.world import member, staff


class Caller:
    """Talks JSON; `get` and `post` take what follows `/api/v1/`."""

    def __init__(self, client: Client, headers: dict[str, str] | None = None) -> None:
        self.client = client
        self.headers = headers or {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        named = {**self.headers, **headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=named)


@pytest.fixture(autouse=True)
def plenty(settings: Any) -> None:
    """Limits have a test of their own; here they would only be in the way."""
    settings.API_RATES = {"read": "100000/min", "write": "100000/min"}


@pytest.fixture
def program(db: None) -> Callable[[str], Caller]:
    """A program whose key has that role; each role's key has an owner of its own, so that two are two pairs of eyes."""

    def make(role: str = "agent") -> Caller:
        manager = staff("manager")
        owner = member("manager", f"{role}-keys")
        _key, secret = make_key(name=f"ERP {role}", role=role, owner=owner, actor=manager)
        return Caller(Client(), {"Authorization": f"Bearer {secret}"})

    return make


@pytest.fixture
def shopper(db: None) -> Callable[..., Caller]:
    """A customer whose browser session has proven these orders."""

    def make(*orders: Order) -> Caller:
        client = Client()
        session = client.session
        now = int(time.time())
        session["proven_orders"] = {str(order.pk): {"since": now, "seen": now} for order in orders}
        session.save()
        return Caller(client)

    return make


@pytest.fixture
def stranger(db: None) -> Caller:
    return Caller(Client())
