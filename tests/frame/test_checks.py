"""The system checks find what a shop with real customers must not start with."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.utils import timezone

from aftersales.kernel import checks, clock


def ids(found: list[Any]) -> list[str]:
    return sorted(message.id for message in found)


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A production that is as it should be."""
    settings.PRODUCTION = True
    settings.ALLOWED_HOSTS = ["desk.shop.test"]
    settings.SITE_URL = "https://desk.shop.test"
    settings.STAFF_TOTP_REQUIRED = True
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "aftersales.kernel.postgres")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "help@shop.test"
    return settings


def test_a_sound_production_passes(production: Any) -> None:
    assert checks.production_is_reached_safely(None) == []
    assert checks.production_keeps_its_promises(None) == []


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("ALLOWED_HOSTS", [], "desk.E001"),
        ("ALLOWED_HOSTS", ["*"], "desk.E001"),
        ("SITE_URL", "http://desk.shop.test", "desk.E002"),
        ("SITE_URL", "", "desk.E002"),
        ("STAFF_TOTP_REQUIRED", False, "desk.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "desk.W001"),
        ("DEFAULT_FROM_EMAIL", "desk@localhost", "desk.W002"),
    ],
)
def test_each_fault_is_found_in_production_and_only_there(production: Any, name: str, value: Any, found: str) -> None:
    setattr(production, name, value)
    assert ids(checks.production_is_reached_safely(None) + checks.production_keeps_its_promises(None)) == [found]
    production.PRODUCTION = False
    assert checks.production_is_reached_safely(None) + checks.production_keeps_its_promises(None) == []


def test_sqlite_is_not_for_production(production: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids(checks.production_keeps_its_promises(None)) == ["desk.E004"]


def test_the_clock_of_a_production_is_not_held_still(production: Any) -> None:
    with pytest.raises(RuntimeError, match="not held still"), clock.fixed(timezone.now()):
        pass
    assert not clock.is_fixed()


@pytest.mark.django_db
def test_the_database_of_the_tests_is_sound_but_for_its_speed(production: Any) -> None:
    """The throw-away cluster runs with fsync off, which is exactly what production must not."""
    production.PRODUCTION = False
    assert ids(checks.the_database_keeps_and_finds_everything(["default"])) == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_that_may_lose_commits_is_refused(production: Any) -> None:
    assert ids(checks.the_database_keeps_and_finds_everything(["default"])) == ["desk.E006"]


def test_they_are_registered() -> None:
    assert [message.id for message in run_checks() if str(message.id).startswith("desk.")] == []
    registered = registry.get_checks()
    assert checks.production_is_reached_safely in registered
    assert checks.production_keeps_its_promises in registered
    assert checks.the_database_keeps_and_finds_everything in registered
