"""People of the office in their browsers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import member


@pytest.fixture
def office(db: None) -> Callable[[str], Client]:
    """A browser in which that role is signed in and has typed the password a moment ago, reading English."""

    def enter(role: str = "manager", *, recently: bool = True) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        user = member(role)
        user.set_password("a long and quiet password")
        user.save()
        client.force_login(user)
        if recently:
            session = client.session
            session["account_authentication_methods_user"] = str(user.pk)
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time(), "reauthenticated": True}
            ]
            session.save()
        return client

    return enter
