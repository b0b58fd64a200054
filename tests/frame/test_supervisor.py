"""The one-command start, for real: it starts, answers, brings back what dies, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "valkey-server": "broker",
    "redis-server": "broker",
    "gunicorn": "web",
    "worker": "worker",
    "beat": "beat",
    "lifeline.py": "lifeline",
}

pytestmark = pytest.mark.slow


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Desk:
    """One run of `manage.py up` in a folder of its own."""

    def __init__(self, data: Path, port: int, **changed: str) -> None:
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"DATA_DIR": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1"} | changed
        self.port, self.data = port, data
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def until_ready(self) -> Desk:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops everything" in line:
                return self
        raise AssertionError(f"it ended before it was ready:\n{self.said}")

    def ended(self, seconds: float = 120) -> str:
        """What it had still to say when it ended by itself."""
        said, _ = self.process.communicate(timeout=seconds)
        return self.said + said

    def stop(self) -> str:
        self.process.send_signal(signal.SIGINT)
        return self.ended()

    def everybody(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def shop(self) -> dict[str, int]:
        """How many rows of a kind there are that only a start makes; tickets and notices come by themselves, too."""
        kinds = ("accounts_user", "customers_person", "customers_order", "customers_orderline", "returns_return")
        with contextlib.closing(sqlite3.connect(self.data / "desk.sqlite3")) as base:
            return {kind: base.execute(f"SELECT count(*) FROM {kind}").fetchone()[0] for kind in kinds}

    def child(self, name: str) -> psutil.Process | None:
        """The leader that the supervisor started under this name."""
        for process in psutil.Process(self.process.pid).children():
            if any(NAMES.get(word) == name for word in words(process)):
                return process
        return None

    def answers(self, path: str = "/readyz") -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page,
        ):
            return int(page.status) == 200
        return False


def words(process: psutil.Process) -> list[str]:
    """The command it was started with; nothing if it is dead or dying."""
    with contextlib.suppress(psutil.Error):
        command: list[str] = process.cmdline()
        return [Path(word).name for word in " ".join(command).split()]
    return []


def wait_until(question: Callable[[], object], seconds: float = 120) -> None:
    give_up = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(0.1)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Start a desk; one that a failed test leaves running is killed, and its lifeline ends the rest."""
    started: list[Desk] = []

    def start_one(port: int, folder: str = "var", **changed: str) -> Desk:
        started.append(Desk(tmp_path / folder, port, **changed))
        return started[-1]

    yield start_one
    for desk in started:
        desk.process.kill()
        desk.process.wait()
        assert desk.process.stdout
        desk.process.stdout.close()


def test_it_starts_brings_back_the_dead_and_stops_leaving_nothing(start: Callable[..., Desk], tmp_path: Path) -> None:
    desk = start(a_free_port()).until_ready()
    assert desk.answers()
    assert (tmp_path / "var" / "desk.sqlite3").exists()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0, "customers' data is for this account only"

    other = start(a_free_port())
    assert "The desk is already running on" in other.ended()
    assert other.process.returncode == 1

    neighbour = start(desk.port, "other")
    said = neighbour.ended()
    assert said.strip() == (
        f"CommandError: Port {desk.port} is taken by another program. "
        f"Stop that one, or choose another port: make demo PORT={desk.port + 1}"
    )
    assert neighbour.process.returncode == 1

    for name in ("beat", "worker", "web", "broker"):
        before = desk.child(name)
        assert before
        before.kill()
        before.wait(10)
        wait_until(partial(desk.child, name))
    wait_until(desk.answers)

    everybody = desk.everybody()
    assert len(everybody) >= 6, "lifeline, broker, web and its worker, worker, beat"
    said = desk.stop()
    assert said.rstrip().endswith("Stopped.")
    assert desk.process.returncode == 0
    assert not [process for process in everybody if process.is_running()]


def test_the_demo_is_welcoming_and_nothing_outlives_its_supervisor_when_that_is_killed(
    start: Callable[..., Desk],
) -> None:
    """Started as `make demo` does. Not even where the lifeline was killed before: another has taken its place."""
    desk = start(a_free_port(), DEMO="1").until_ready()
    assert re.search(r"^The after-sales desk is ready after \d+ s\.$", desk.said, re.MULTILINE), desk.said
    assert "Making a sample shop." in desk.said
    logins = re.search(r"Sign in with the password \S+ as\n((?: +\w+ +\S+@\S+\n){3})\n", desk.said)
    assert logins, desk.said
    assert [line.split()[0] for line in logins[1].splitlines()] == ["agent", "warehouse", "manager"]
    assert desk.answers("/mailbox/")
    assert all(desk.answers(f"/static/{sent}") for sent in ("main.css", "main.js", "office.css")), "joined and served"
    shop = desk.shop()
    assert shop["accounts_user"] >= 3
    assert shop["customers_order"] > 0
    first = desk.child("lifeline")
    assert first
    first.kill()
    first.wait(10)
    wait_until(partial(desk.child, "lifeline"))
    everybody = desk.everybody()
    desk.process.kill()
    next_one = start(desk.port, DEMO="1")  # at once, while the children of the first are still ending
    gone, alive = psutil.wait_procs(everybody, timeout=20)
    assert not alive
    assert len(gone) >= 6
    next_one.until_ready()
    assert "migrations" not in next_one.said, "a second start finds everything in place"
    assert "sample shop" not in next_one.said
    assert next_one.shop() == shop
    assert next_one.answers()
    next_one.stop()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PORT": "http"}, "Set it to a number from 1 to 65535."),
        ({"PORT": "99999"}, "Set it to a number from 1 to 65535."),
        ({"HOST": "0.0.0.0"}, "Set ALLOWED_HOSTS to the names it is reached by, too."),
        ({"HOST": "192.0.2.1", "ALLOWED_HOSTS": "x.test"}, "192.0.2.1:1 cannot be opened"),
        ({"DATA_DIR": "/proc/desk"}, "DATA_DIR is /proc/desk, which cannot be made"),
    ],
)
def test_what_cannot_work_is_one_sentence(start: Callable[..., Desk], changed: dict[str, str], said: str) -> None:
    desk = start(1, **changed)
    words = desk.ended().strip()
    assert said in words
    assert "\n" not in words
    assert desk.process.returncode == 1
