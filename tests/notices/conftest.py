"""A person with addresses whom this floor does not know, a member of staff, and channels that are really registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from aftersales.accounts.models import Team, User
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import catalogue
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from aftersales.notices import recipients
from aftersales.notices.recipients import Point, Recipient

MAIL = Point("email", "ada@example.org", "a***@example.org")
PHONE = Point("phone", "+8613800000001", "138****0001")


@pytest.fixture
def ada(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Team]:
    """Make somebody who is reached at these points; a team stands in for the archive's person."""

    def make(*points: Point, locale: str = "zh-hans") -> Team:
        monkeypatch.setitem(recipients._registered, "accounts.team", lambda _: Recipient(locale, points))
        return Team.objects.get_or_create(name="Ada")[0]

    return make


@pytest.fixture
def lea(db: None) -> User:
    return User.objects.create_user("lea@shop.test", name="Lea", role="lead", locale="en")


@pytest.fixture
def happened(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Event]:
    """Something happened that people are told about."""
    monkeypatch.setattr(catalogue, "_types", dict(catalogue._types))
    catalogue.declare("team.greeted", "Greeted")

    def make() -> Event:
        with transaction.atomic():
            return record("team.greeted", on=Team.objects.get_or_create(name="Ada")[0], actor=SYSTEM)

    return make


@pytest.fixture
def english(settings: Any) -> None:
    settings.SHOP_NAME = "山海小店"
