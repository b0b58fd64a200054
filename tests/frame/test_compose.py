"""The production set-up says what it needs, assumes no secret and fits the settings it feeds."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aftersales.notices.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
DESK = ("migrate", "web", "worker", "beat", "second-beat", "sweep")
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z0-9_]+)(?P<kind>:\?|:-)(?P<rest>[^}]*)\}")
REQUIRED = {found["name"] for found in VARIABLE.finditer(TEXT) if found["kind"] == ":?"}
EXAMPLE = (ROOT / ".env.example").read_text()
NAMED = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
# What the file itself says (folders, addresses, limits of time), and what is for one machine, a demo or a measurement.
NOT_ASKED = {
    *(
        "DESK_MODE",
        "DATA_DIR",
        "DATABASE_URL",
        "REDIS_URL",
        "CELERY_BROKER_URL",
        "DOORBELL",
        "STATIC_ROOT",
        "LOG_FORMAT",
    ),
    *(
        "DB_CONN_MAX_AGE",
        "DB_PLANS_AHEAD",
        "DB_LOCK_TIMEOUT_MS",
        "DB_STATEMENT_TIMEOUT_MS",
        "DEMO",
        "DEBUG",
        "MAILBOX",
        "EMAIL_BACKEND",
    ),
    *("CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT", "STAFF_TOTP_REQUIRED"),  # follow from SITE_URL and from production
}
FILLED = {
    "SITE_URL": "https://help.shop.test",
    "ALLOWED_HOSTS": "help.shop.test",
    "SHOP_NAME": "Shop",
    "EMAIL_HOST": "smtp.shop.test",
    "DEFAULT_FROM_EMAIL": "help@shop.test",
    "SMS_GATEWAY": "aliyun",
    "SMS_ACCESS_KEY_ID": "id-of-the-shop",
    "SMS_ACCESS_KEY_SECRET": "key-of-the-shop",
    "SMS_SIGN_NAME": "Shop",
    "SMS_TEMPLATE_CODES": json.dumps(
        {f"{key}:{locale}": "SMS_1" for kind in KINDS.values() for key in kind.sms_keys for locale in ("zh-hans", "en")}
    ),
} | {
    name: f"Zk3v-{name[:3]}-qP8wLr5mXt2cNy7uBd4eHs9aGj6fKq1oWi0pVz_Tg-Rb"
    for name in REQUIRED
    if name.endswith(("KEY", "PASSWORD"))
}


@pytest.mark.slow
def test_what_the_image_gathers_as_root_can_be_read_by_the_account_it_runs_under(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [ROOT / "deploy/collect-static"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PATH": path, "STATIC_ROOT": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert not [str(each) for each in files if not each.stat().st_mode & 0o004]
    sent = {re.sub(r"\.[0-9a-f]{12}(?=\.\w+\.gz)", "", each.name) for each in files if each.parent == tmp_path}
    assert {"main.css.gz", "main.js.gz", "office.css.gz"} <= sent, "each joined, named by its content and compressed"


def filled(value: object) -> str:
    """A value of the file as compose would hand it over."""
    return VARIABLE.sub(
        lambda found: FILLED.get(found["name"], found["rest"] if found["kind"] == ":-" else "MISSING"), str(value)
    )


def test_secrets_come_from_outside_and_have_no_default() -> None:
    secret = re.compile(r"KEY|PASSWORD|TOKEN|SECRET")
    assert {"SECRET_KEY", "LINK_KEY", "LOOKUP_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= REQUIRED
    defaults = {f["name"]: f["rest"] for f in VARIABLE.finditer(TEXT) if f["kind"] == ":-" and secret.search(f["name"])}
    assert set(defaults.values()) <= {""}, "an optional secret is off when it is not given"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert VARIABLE.fullmatch(value), f"{name} is written into the file"


def test_every_variable_says_whether_it_must_be_set() -> None:
    assert re.findall(r"(?<!\$)\$\{[A-Z0-9_]+\}|(?<!\$)\$[A-Z_]+", TEXT) == []


def test_the_example_lists_every_variable_and_fills_in_no_secret() -> None:
    given = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if re.match(r"[A-Z_]+=", line))
    assert set(given) >= REQUIRED
    assert {name for name in REQUIRED if given[name]} == set()
    assert {found["name"] for found in VARIABLE.finditer(TEXT)} == NAMED, "what one file names the other passes on"


def test_every_setting_an_operator_may_want_stands_in_the_example() -> None:
    settings = (ROOT / "aftersales" / "settings.py").read_text()
    read = set(re.findall(r"\benv(?:ironment)?\.\w+\(\s*\"([A-Z][A-Z0-9_]+)\"", settings))
    read |= {f"TRACKING_{source}_SECRET" for source in ("GENERIC", "KUAIDI100", "KDNIAO")}
    read |= {f"SMS_REPLY_{carrier}_SECRET" for carrier in ("ALIYUN", "TENCENT", "GENERIC")}
    assert read - NOT_ASKED == NAMED - {
        "PORT",
        "POSTGRES_PASSWORD",
        "POSTGRES_SHARED_BUFFERS",
        "REDIS_PASSWORD",
        "WEB_WORKERS",
        "WORKER_CONCURRENCY",
    }


def test_two_beats_and_a_loop_sweep() -> None:
    assert [name for name in DESK if SERVICES[name]["command"] == ["beat"]] == ["beat", "second-beat"]
    assert [name for name in DESK if SERVICES[name]["command"] == ["sweep"]] == ["sweep"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_that_stays_is_watched(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
        return
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", DESK)
def test_the_desk_runs_without_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_nothing_but_the_web_is_reachable_and_only_from_the_host() -> None:
    open_ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(open_ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in open_ports["web"])


@pytest.mark.parametrize("name", [name for name in DESK if name != "migrate"])
def test_nobody_starts_before_the_tables_are_there(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert waits["postgres"]["condition"] == waits["redis"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", DESK)
def test_the_entrypoint_knows_the_command(name: str) -> None:
    (command,) = SERVICES[name]["command"]
    entrypoint = (ROOT / "deploy" / "entrypoint").read_text()
    assert re.search(rf"^    {command}\)$", entrypoint, re.MULTILINE) or command == "migrate"


def test_the_settings_read_what_the_file_sets() -> None:
    paths = ("aftersales/settings.py", "deploy/gunicorn.conf.py", "deploy/entrypoint")
    read = "".join((ROOT / path).read_text() for path in paths)
    for name in DESK:
        for variable in SERVICES[name]["environment"]:
            secret = re.fullmatch(
                r"TRACKING_(GENERIC|KUAIDI100|KDNIAO)_SECRET|SMS_REPLY_(ALIYUN|TENCENT|GENERIC)_SECRET", variable
            )
            assert f'"{variable}"' in read or f"${{{variable}:-" in read or secret, (
                f"{variable} is set for {name}, and nobody reads it"
            )


@pytest.mark.parametrize("name", ["web", "beat"])  # with and without time limits; the others are one of these
def test_the_settings_start_with_it_and_the_checks_find_nothing(name: str, tmp_path: Path) -> None:
    environment = {variable: filled(value) for variable, value in SERVICES[name]["environment"].items()}
    environment |= {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_image_copies_what_is_there() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE):
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignored, f"{source} is kept out of the image by .dockerignore"


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed here")
def test_compose_itself_accepts_the_file_and_names_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    command = ["docker-compose", "config", "--quiet"]
    empty = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert empty.returncode != 0
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in FILLED.items()))
    full = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert full.returncode == 0, full.stderr
