"""A setting that cannot be used stops the start with one sentence that says what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "Zk3v-{}-qP8wLr5mXt2cNy7uBd4eHs9aGj6fKq1oWi0pVz_Tg-Rb"


def start(tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with nothing from this one but the search path."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **given}
    command = [sys.executable, "-c", "import aftersales.settings as s; print(s.MODE, s.DATABASES['default']['ENGINE'])"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def production(**changed: str) -> dict[str, str]:
    """A complete production environment, with changes; an empty value takes the variable away."""
    whole = {
        "DESK_MODE": "production",
        "SECRET_KEY": KEY.format("a"),
        "LINK_KEY": KEY.format("b"),
        "LOOKUP_KEY": KEY.format("c"),
        "SITE_URL": "https://desk.shop.test",
        "ALLOWED_HOSTS": "desk.shop.test",
        "DATABASE_URL": "postgres://desk:pw@db:5432/desk",
        "REDIS_URL": "redis://redis:6379/0",
    } | changed
    return {name: value for name, value in whole.items() if value}


def test_a_bare_machine_gets_sqlite_and_keys_of_its_own(tmp_path: Path) -> None:
    assert start(tmp_path).stdout == "embedded django.db.backends.sqlite3\n"
    keys = sorted((tmp_path / "keys").glob("*.key"))
    assert [key.name for key in keys] == ["link_key.key", "lookup_key.key", "secret_key.key"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    texts = {key.read_text() for key in keys}
    assert len(texts) == 3
    start(tmp_path)
    assert {key.read_text() for key in keys} == texts, "a second start keeps the keys, else everybody is signed out"


def test_production_starts_when_everything_is_given(tmp_path: Path) -> None:
    run = start(tmp_path, **production())
    assert run.stdout == "production aftersales.kernel.postgres\n", run.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"LINK_KEY": ""}, "LINK_KEY is not set"),
        ({"LOOKUP_KEY": "short"}, "LOOKUP_KEY has 5 characters"),
        ({"SECRET_KEY": "change-me-" + KEY}, "SECRET_KEY looks like a placeholder"),
        ({"SECRET_KEY": "ab" * 30}, "SECRET_KEY looks like a placeholder"),
        ({"SECRET_KEY": KEY.format("b")}, "are the same"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://a:b@c/d"}, "Use postgres:// or sqlite:///"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"DEMO": "1"}, "DEMO and DEBUG"),
        ({"DEBUG": "1"}, "DEMO and DEBUG"),
        ({"DESK_MODE": "prod"}, "Set it to one of: embedded, production, test"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"SMS_TEMPLATE_CODES": "SMS_1"}, "SMS_TEMPLATE_CODES cannot be read"),
        ({"SMS_TEMPLATE_CODES": '{"proof.code:en": 1}'}, "SMS_TEMPLATE_CODES cannot be read"),
    ],
)
def test_production_refuses_what_is_missing_or_weak(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    run = start(tmp_path, **production(**changed))
    assert run.returncode == 1
    assert said in run.stderr.splitlines()[-1]


def test_a_secret_may_come_from_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "mounted"
    file.write_text(KEY.format("file") + "\n")
    file.chmod(0o600)
    assert start(tmp_path, **production(SECRET_KEY="", SECRET_KEY_FILE=str(file))).returncode == 0
    file.chmod(0o644)
    run = start(tmp_path, **production(SECRET_KEY="", SECRET_KEY_FILE=str(file)))
    assert "everybody may read" in run.stderr.splitlines()[-1]
