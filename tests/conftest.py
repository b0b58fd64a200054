"""Fixtures for every test: Chromium, the sweep, the guard against network in transactions."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import migrated
from tests.emptying import Beginning

# Examples are judged by what they show: how long one takes says how busy the machine is.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

_KEPT = ("returns_ruleedit", "returns_ruleevidence", "returns_ruleapproval")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, loudly (-ra lists them), what this machine or database cannot run."""
    for item in items:
        if CHROMIUM is None and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium fonts-noto-cjk"))
        if os.environ.get("DESK_TEST_SQLITE") and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        # Two browsers and a web server share two cores with the rest of a run. What fails is tried once more and told as
        # RERUN in the summary, which is a race to be found all the same.
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if "PYTEST_XDIST_WORKER" in os.environ:  # the long files first, or the last of them is waited for alone
        long = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def the_shops_language() -> None:
    """A page asked for in another test leaves its language behind in the thread; each test begins in the shop's own."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def no_policy_is_remembered() -> None:
    """A version that a test rolled back leaves its number, and on a fixed clock its instant, to one of the next test."""
    from tickets.models import sla_policy

    sla_policy._kept.clear()


@pytest.fixture(scope="session", autouse=True)
def what_is_kept_is_compared() -> None:
    from tests import same_statement, same_words

    same_statement.watch()
    same_words.watch()


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_only(django_test_environment: None) -> None:
    """Of each answer the page's own context is kept. Django's test client copies that of every part it includes, too; nobody
    reads those."""
    from django.template import Context, Template
    from django.test.utils import _TestState

    keeping = Template._render  # type: ignore[attr-defined]
    plain = _TestState.saved_data.template_render  # type: ignore[attr-defined]

    def drawn(self: Template, context: Context) -> Any:
        return (keeping if context.template is self else plain)(self, context)

    Template._render = drawn  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium: playwright's download comes from a host of its own and is not asked for."""
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, "args": arguments, "executable_path": CHROMIUM}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        # A test is one transaction, in which nothing may be asked for long while it thinks.
        connection.settings_dict["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
        if name := migrated.awaited():
            connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """On SQLite Django empties tables with DELETE, which triggers of events and rules refuse."""
    from django.db import connection
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql" and Beginning.can_be_kept():
            beginning = Beginning()
            TransactionTestCase._fixture_teardown = lambda _case: beginning.restore()  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for name in (
                    "ledger_event_not_deleted",
                    "returns_rules_are_kept",
                    "tickets_calendarversion_not_deleted",
                    "tickets_clock_not_deleted",
                    "tickets_clocksegment_not_deleted",
                    "tickets_policyversion_not_deleted",
                    *(f"{each}_not_deleted" for each in _KEPT),
                ):
                    cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture
def drain(db: None) -> Callable[[], int]:
    """Do what is due until nothing is: listeners, timers, messages. `clock.fixed(…)` around it moves time."""
    from aftersales.ledger.sweep import sweep

    return lambda: sweep("test", budget_seconds=120)


@pytest.fixture
def no_network_in_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection opened while rows are locked holds up everybody else, so here it fails at once."""
    from django.db import connection

    really = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        ours = [block for block in connection.atomic_blocks if not block._from_testcase]  # type: ignore[attr-defined]
        if ours:
            raise AssertionError(f"Connected to {address} inside a database transaction.")
        return really(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
