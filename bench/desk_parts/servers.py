"""Databases on the one PostgreSQL server, and web servers: two gunicorn workers for each of the systems."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import psycopg2

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 4


READY = "filled for bench/desk.py"


def database(server: str, name: str, *, anew: bool) -> tuple[str, bool]:
    """The address of that database on the server, and whether it is there already and was filled to the end.

    `anew` drops it first, and so does a run that was cut off while it filled it.
    """
    # The name of the database is the last part of the path; a socket's folder may be written there too.
    base, _slash, _last = server.rpartition("/")
    there = not anew and _ask(
        server, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", name
    ) == [(READY,)]
    if not there:
        drop(server, name)
        _ask(server, f'CREATE DATABASE "{name}"')
    return f"{base}/{name}", there


def filled(server: str, name: str) -> None:
    """Remember that the database is complete, for a later run."""
    _ask(server, f"COMMENT ON DATABASE \"{name}\" IS '{READY}'")


def drop(server: str, name: str) -> None:
    _ask(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _ask(server: str, statement: str, *values: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(**_dsn(server))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def _dsn(url: str) -> dict[str, str]:
    """What psycopg2 takes, of an address as Django's settings take it (`postgres://user@//folder/of/socket/name`)."""
    parts = urllib.parse.urlsplit(url)
    path, _slash, name = parts.path.rpartition("/")
    host = path.replace("//", "/") or parts.hostname or ""
    found = {"dbname": name or "postgres", "host": host, "user": urllib.parse.unquote(parts.username or "")}
    if parts.password:
        found["password"] = urllib.parse.unquote(parts.password)
    if parts.port:
        found["port"] = str(parts.port)
    return {key: value for key, value in found.items() if value}


def python(*arguments: str, environment: dict[str, str]) -> str:
    """Run Python in the repository and give back what it printed; its errors go to ours."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)[:80]} ended with {done.returncode}")
    return done.stdout


class Web:
    """One gunicorn. Used as a context: it is stopped at the end, by its own process."""

    def __init__(self, application: str, environment: dict[str, str], log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.application, self.log = application, log
        self.environment = {**os.environ, **environment, "PORT": str(self.port)}

    def __enter__(self) -> Web:
        command = [
            sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}",
            "--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread", "--timeout", "300",
            "--keep-alive", "60", "--no-control-socket",
        ]  # fmt: skip
        self._out = self.log.open("w")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self._out, stderr=subprocess.STDOUT
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.application} did not start:\n{self.log.read_text()[-2000:]}")

    def cpu(self) -> float:
        """The seconds of CPU that its workers have taken so far."""
        taken = [worker.cpu_times() for worker in psutil.Process(self.process.pid).children()]
        return float(sum(each.user + each.system for each in taken))

    def __exit__(self, *_gone: object) -> None:
        if self.process.poll() is not None:
            print(f"  {self.application} ended by itself:\n{self.log.read_text()[:3000]}", flush=True)
        self.process.terminate()
        self.process.wait(30)
        self._out.close()
