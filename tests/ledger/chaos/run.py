"""Start the house, promise actions through the web, kill its processes at random, and wait until all is quiet."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import io
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, Self

import psycopg2
from PIL import Image

from tests.ledger.chaos.counter import FarSideCounter
from tests.services import Redis

ROOT = Path(__file__).resolve().parents[3]
FREEZABLE = ("web", "worker", "beat", "sweep")
SECRET = "of-the-chaos-run"  # what pushes of the carrier are signed with


class MortalServer(Protocol):
    """A database server that can be killed and started again."""

    def kill(self) -> None: ...

    def launch(self) -> None: ...


def folder_for(prefix: str) -> Path:
    """A folder with a short path (a socket's name may have 107 bytes) that servers under another account may enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.chmod(0o755)
    return folder


class House:
    """Postgres is the run's own database on the server of that address; Redis, web, worker and beat are processes that die.

    `postgres` is that server where it is to die as well. `as_shipped`: with the loop that production has beside the worker, and
    with its leases; else a killed worker's rows are free soon.
    """

    def __init__(
        self, server_url: str, *, seed: int, postgres: MortalServer | None = None, as_shipped: bool = False
    ) -> None:
        self.seed = seed
        self.postgres = postgres
        self.as_shipped = as_shipped
        self.folder = folder_for("desk-chaos-")
        self.server_url = server_url
        self.database = f"chaos_{os.getpid()}"
        self.far_side = FarSideCounter(seed)
        self.kills: Counter[str] = Counter()
        self.freezes: Counter[str] = Counter()
        self.falls: Counter[str] = Counter()  # processes that ended of themselves
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.web_port = _free_port()
        self._redis_folder = self.folder / "redis"
        self._redis_folder.mkdir()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "tests.ledger.chaos.settings",
            "DESK_MODE": "test",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self._url(self.database),
            "REDIS_URL": f"unix://{self._redis_folder}/r/redis.sock?db=0",
            "DOORBELL": "1",
            "LOG_LEVEL": "WARNING",
            "CHAOS_PORT": str(self.far_side.port),
            "CHAOS_LEASES": "shipped" if as_shipped else "short",
            "TRACKING_GENERIC_SECRET": SECRET,
        }

    def __enter__(self) -> Self:
        try:
            self._sql("postgres", f"CREATE DATABASE {self.database} TEMPLATE template0 ENCODING 'UTF8'")
            self._run("manage.py", "migrate", "--verbosity", "0")
            for name in self._commands:
                self.start(name)
            self._wait(self.answers, "web", 40)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            _kill(process)
        self.far_side.shutdown()
        self.far_side.server_close()
        if self.postgres is None:  # a server of the run's own is thrown away whole, and may be dead
            self._sql("postgres", f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _commands(self) -> dict[str, list[str]]:
        celery = [sys.executable, "-m", "celery", "-A", "aftersales"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        return {
            "redis": [],
            "worker": [*celery, "worker", "--pool", "threads", "--concurrency", "4", *quiet],
            "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"],
            "web": [
                *(sys.executable, "-m", "gunicorn", "aftersales.wsgi", "--bind", f"127.0.0.1:{self.web_port}"),
                *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--log-level", "error"),
            ],
            **({"sweep": [sys.executable, "manage.py", "sweep", "--loop"]} if self.as_shipped else {}),
        }

    def start(self, name: str) -> None:
        if name == "postgres":
            assert self.postgres is not None
            self.postgres.launch()
            return
        if name == "redis":
            shutil.rmtree(
                self._redis_folder / "r", ignore_errors=True
            )  # a killed one leaves its socket; it keeps nothing
            self.processes[name] = Redis(self._redis_folder).process
            return
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._commands[name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=name != "redis",
            )

    def kill(self, name: str) -> None:
        """`kill -9`, children included."""
        if name == "postgres":
            assert self.postgres is not None
            self.postgres.kill()
        else:
            _kill(self.processes[name])
        self.kills[name] += 1

    def stop_sweeping(self) -> None:
        """Kill whatever would do what is due, and the web, which rings for it."""
        for name in self._commands:
            if name != "redis":
                self.kill(name)

    def freeze(self, name: str, seconds: float) -> None:
        """Let it stand still for so long, as a machine that swaps or a virtual one that is moved."""
        group = self.processes[name].pid
        os.killpg(group, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(group, signal.SIGCONT)
        self.freezes[name] += 1

    def answers(self) -> bool:
        """Whether the web process takes requests."""
        return self._post("/healthz", "GET") == 200

    def promise(self, key: str, milliseconds: int, seconds: float = 60) -> bool:
        """Ask for one action until the web says it has it, always under the same key."""
        return self._until(201, seconds, f"/chaos/{key}/{milliseconds}/")

    def withdraw(self, key: str, seconds: float = 60) -> bool:
        """Take an action back until the web says that it has heard; whether its timer or this came first is its business."""
        return self._until(200, seconds, f"/chaos/{key}/withdrawal/")

    def take_goods_back(self, refunds: int) -> list[int]:
        """Before the first fault: so many requests whose refund is due. Their primary keys."""
        self._run("manage.py", "take_goods_back", str(refunds))
        return [int(str(row[0])) for row in self.query("SELECT id FROM returns_return ORDER BY id")]

    def photograph(self, request: int, seconds: float = 60) -> bool:
        """Send the photo of a request until the web says that it has it; always the same photo."""
        return self._until(201, seconds, f"/chaos/{request}/photo/", photo_of(request))

    def release(self, refund: int, who: int, seconds: float = 60) -> bool:
        """Release a refund until the web says that it is: as one of several who press at the same moment."""
        return self._until(200, seconds, f"/chaos/{refund}/refund/{who}/")

    def push(self, number: str, seconds: float = 60) -> bool:
        """Report a parcel as a carrier does, signed, until the web says that it has it; always the same report."""
        scan = {"at": "2026-11-27T18:30:00+08:00", "status": "picked_up", "text": ""}
        body = json.dumps({"carrier": "SF", "number": number, "scans": [scan]}).encode()
        return self._until(200, seconds, "/hooks/tracking/generic/", body)

    def _until(self, status: int, seconds: float, path: str, body: bytes = b"") -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._post(path, "POST", body) == status:
                return True
            time.sleep(0.2)
        return False

    def torment(self, kills: int, seconds: float, freezes: int = 0) -> None:
        """So many kills, each kind in turn, in random order and at random moments; each comes back after a while.

        A frozen process goes on by itself.
        """
        chance = random.Random(self.seed)
        victims = [*self._commands, *(["postgres"] if self.postgres else [])]
        faults = [("kill", victims[number % len(victims)]) for number in range(kills)]
        freezable = [each for each in victims if each in FREEZABLE]
        faults += [("freeze", freezable[number % len(freezable)]) for number in range(freezes)]
        chance.shuffle(faults)
        pause = seconds / max(len(faults), 1)
        for fault, victim in faults:
            self._look_after(pause * chance.uniform(0.3, 0.9))
            if fault == "freeze":
                self.freeze(victim, chance.uniform(0.5, 3.0))
            else:
                self.kill(victim)
                self._look_after(pause * chance.uniform(0.0, 0.3), but=victim)
                self.start(victim)
        self._look_after(3.0)

    def _look_after(self, seconds: float, but: str = "") -> None:
        """Meanwhile start again what ended of itself, as Docker does in production and the supervisor in the demo.

        Celery's worker may end when Redis dies twice within seconds.
        """
        end = time.monotonic() + seconds
        while True:
            for name, process in list(self.processes.items()):
                if name != but and process.poll() is not None:
                    self.falls[name] += 1
                    self.start(name)
            if (left := end - time.monotonic()) <= 0:
                return
            time.sleep(min(left, 0.5))

    def is_quiet(self) -> bool:
        """Nothing of the run is pending in any of the ledger's tables: a request's own days lie further ahead."""
        soon = "status = 'pending' AND due_at < clock_timestamp() + interval '5 minutes'"
        query = (
            "SELECT 1 FROM ledger_timer WHERE status = 'pending' AND (kind = 'chaos.T1' OR due_at <= clock_timestamp())"
            f" UNION ALL SELECT 1 FROM ledger_delivery WHERE {soon} UNION ALL SELECT 1 FROM ledger_outbound WHERE {soon}"
        )
        try:
            return not self._sql(self.database, f"SELECT count(*) FROM ({query}) AS left_over")[0][0]
        except psycopg2.OperationalError:  # it is only just coming back
            return False

    def wait_until_quiet(self, seconds: float) -> None:
        self._wait(self.is_quiet, "the ledger", seconds)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        return self._sql(self.database, sql)

    @property
    def files(self) -> Path:
        """Where the product keeps attachments."""
        return self.folder / "data" / "files"

    def checks_itself(self) -> list[str]:
        """What the product's own self-check finds broken."""
        done = subprocess.run(
            [sys.executable, "manage.py", "selfcheck"], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        looked = [line for line in done.stdout.splitlines() if re.match(r"I\d+ +[\d,]+ ", line)]
        broken = [line for line in looked if line.split()[1] != "0"]
        assert looked, done.stderr[-2000:]
        assert done.returncode == bool(broken), done.stderr[-2000:]
        return broken

    def said(self, name: str) -> str:
        """The end of a process's log, for the message of a failed test."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def _post(self, path: str, method: str, body: bytes = b"") -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=5)
        try:
            stamp = str(int(time.time()))
            line.request(method, path, body, {"X-Desk-Signature": f"t={stamp},v1={sign(SECRET, stamp, body)}"})
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def _wait(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(
                    f"{what} was not there after {seconds} s. {self.said('web')} {self.said('worker')}"
                )
            time.sleep(0.2)

    def _url(self, database: str) -> str:
        return f"{self.server_url.rpartition('/')[0]}/{database}"

    def _sql(self, database: str, sql: str) -> list[tuple[object, ...]]:
        import environ

        parts = environ.Env.db_url_config(self._url(database))
        connection = psycopg2.connect(
            dbname=database,
            user=parts["USER"],
            password=parts["PASSWORD"] or None,
            host=parts["HOST"],
            port=parts["PORT"] or None,
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def photo_of(request: int) -> bytes:
    """A small picture, of another colour for each."""
    written = io.BytesIO()
    Image.new("RGB", (48, 32), (request % 256, request // 256 % 256, 90)).save(written, "JPEG")
    return written.getvalue()


def sign(secret: str, stamp: str, body: bytes) -> str:
    """As a sender of our own form signs (docs/notices.md); none of the product's code is loaded here."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def in_background(function: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        group = os.getpgid(process.pid)
        if group == process.pid:
            os.killpg(group, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
