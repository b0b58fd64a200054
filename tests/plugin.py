"""Starts the servers before pytest-django reads the settings; loaded by `-p tests.plugin` in pyproject.toml.

`DESK_TEST_SQLITE=1` runs on SQLite instead of PostgreSQL (Redis is started all the same). Where several workers share a run, one
database is migrated for all of them while they look for their tests, and each copies it.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import migrated
from tests.services import Services

_services: Services | None = None
_migrating: subprocess.Popen[bytes] | None = None
_data: str | None = None


def _prepare() -> None:
    """Set the environment of the run, and of xdist's workers, which inherit it."""
    global _services, _data
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DEMO", "DEBUG"):
        os.environ.pop(name, None)  # a developer's own shop is no place for tests
    _data = tempfile.mkdtemp(prefix="desk-test-data-", dir="/tmp")
    os.environ.update(DESK_MODE="test", DATA_DIR=_data)
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # two lines for each request would cost a tenth of the whole run
    # pytest-playwright keeps an event loop running in the thread, which Django would take for an async context.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    _services = Services(in_memory=True)
    os.environ.update(_services.environment)
    if os.environ.get("DESK_TEST_SQLITE"):
        del os.environ["DATABASE_URL"]


def _move_apart(worker: str) -> None:
    """Give one of xdist's workers a Redis database and a folder of its own; pytest-django does so for PostgreSQL."""
    number = int(re.sub(r"\D", "", worker)) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("db=0", f"db={number}")
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / worker)


def _clear_away() -> None:
    global _services, _migrating, _data
    if _migrating:
        _migrating.kill()
        _migrating.wait()
        _migrating = None
    if _services:
        _services.stop()
        _services = None
    if _data:
        shutil.rmtree(_data, ignore_errors=True)
        _data = None


if "PYTEST_XDIST_WORKER" in os.environ:
    _move_apart(os.environ["PYTEST_XDIST_WORKER"])
else:
    atexit.register(_clear_away)  # also when the settings cannot be loaded and no hook runs
    _prepare()


def pytest_configure(config: pytest.Config) -> None:
    global _migrating
    workers = config.getoption("numprocesses", None) or 0
    if workers > 1 and _services and _services.postgres and _data and "DATABASE_URL" in os.environ:
        _migrating = migrated.begin(Path(_data))


def pytest_collection_finish() -> None:
    """What is loaded by now stays for the run: looking through it for garbage again and again costs a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_report_header(config: pytest.Config) -> list[str]:
    return _services.told if _services else []


def pytest_unconfigure(config: pytest.Config) -> None:
    _clear_away()
