"""Starts broker, web, worker and beat in order, starts again whichever dies, and ends them all together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connection

from aftersales.environment import celery_broker
from aftersales.ledger.models import SweepRun
from aftersales.supervisor import address, broker, folder, lifeline, shop
from aftersales.supervisor.children import Child
from aftersales.supervisor.refusal import CannotStart

_SECONDS_TO_ANSWER = 60
_SECONDS_TO_END = 12
_LOOK_EVERY = 0.2  # seconds

Tell = Callable[[str], None]


@dataclass
class Supervisor:
    """The house for one run of `manage.py up`. `tell` prints one line for the person at the terminal."""

    host: str
    port: int
    data: Path
    tell: Tell
    children: list[Child] = field(default_factory=list)
    _stop: int = 0
    _lock: int = -1
    _lifeline: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in (*address.EVERYWHERE, *address.LOOPBACK) else self.host
        return f"http://{host}:{self.port}"

    def run(self, ready: Callable[[], None]) -> None:
        """Until told to stop. Raises `CannotStart`; whatever had been started by then is ended first."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        with (
            folder.claim(self.data, self.url),
            folder.wait_for_leftovers(self.data, self.tell) as lock,
            address.listen(self.host, self.port) as listener,  # last: a run that is still ending holds the port, too
        ):
            self._lock = lock.fileno()
            self._start_lifeline()
            try:
                self._start(listener.fileno())
                if not self._stop:
                    ready()
                while not self._stop:
                    self._look_after()
                    time.sleep(_LOOK_EVERY)
            finally:
                self._end()

    # --- start ---

    def _start(self, listener: int) -> None:
        environment = {**os.environ, "SITE_URL": os.environ.get("SITE_URL") or self.url, "DATA_DIR": str(self.data)}
        if not settings.REDIS_URL:
            environment.update(self._start_broker())
        shop.prepare(self.tell)
        if self._stop:
            return
        for name, command in self._commands(listener).items():
            web = (listener,) if name == "web" else ()
            self._add(Child(name, command, environment, folder.log_path(self.data, name), pass_fds=web))
        self._wait_for_web()
        self._wait_for_a_sweep()

    def _start_broker(self) -> dict[str, str]:
        """Returns where the other children find it."""
        socket = folder.socket_path(self.data)
        command = broker.command(socket, self.data / "broker")
        child = Child("broker", command, dict(os.environ), folder.log_path(self.data, "broker"))
        self._add(child)
        broker.wait_for(child, socket)
        redis_url = f"unix://{socket}?db=0"
        return {"REDIS_URL": redis_url, "CELERY_BROKER_URL": celery_broker(redis_url)}

    def _commands(self, listener: int) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "aftersales"]
        return {
            "web": [
                *(*python, "gunicorn", "aftersales.wsgi", "--bind", f"fd://{listener}"),
                *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
                *("--graceful-timeout", "5", "--timeout", "60"),
                "--no-control-socket",  # else two desks of one account share a socket in the home folder
            ],
            # Threads, not processes: one interpreter instead of five, and SQLite has one writer anyway.
            "worker": [
                *(*celery, "worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            # Apart from the worker, as in production: each can die and come back alone.
            "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "INFO"],
        }

    def _add(self, child: Child) -> None:
        child.start()
        self.children.append(child)
        self._entrust(f"+{child.pid}")

    def _wait_for_web(self) -> None:
        web = next(child for child in self.children if child.name == "web")
        give_up = time.monotonic() + _SECONDS_TO_ANSWER
        while not self._stop:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):  # noqa: S310  our own address
                    return
            except OSError:
                if not web.is_running or time.monotonic() > give_up:
                    raise CannotStart(
                        f"The web process did not start. Its log, {web.log}, ends:\n{web.last_words()}"
                    ) from None
                time.sleep(0.05)

    def _wait_for_a_sweep(self) -> None:
        """The desk is ready when what falls due is done: beat rang, the broker carried, the worker swept."""
        began, give_up = time.time(), time.monotonic() + _SECONDS_TO_ANSWER
        while not self._stop:
            latest = SweepRun.objects.order_by("-at").values_list("at", flat=True).first()
            connection.close()
            if latest and latest.timestamp() >= began:
                return
            if time.monotonic() > give_up:
                self.tell(f"The worker has done nothing yet; see {self.data}/logs/worker.log. Pages work meanwhile.")
                return
            self._look_after()
            time.sleep(_LOOK_EVERY)

    # --- watch ---

    def _look_after(self) -> None:
        """Start again what died, after a pause that grows with each death."""
        now = time.monotonic()
        for child in self.children:
            if child.is_running:
                continue
            if not child.start_again_at:
                self._entrust(f"-{child.pid}")
                pause = child.note_death()
                self.tell(f"{child.name} {child.how_it_ended()}; starting it again in {pause:g} s. Log: {child.log}")
            elif now >= child.start_again_at:
                child.start_again_at = 0.0
                child.start()
                self._entrust(f"+{child.pid}")
        if self._lifeline and self._lifeline.poll() is not None:
            self._start_lifeline()

    # --- end ---

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop += 1
        if self._stop == 1:
            self.tell("Stopping.")
        else:  # somebody is in a hurry
            for child in self.children:
                child.signal(signal.SIGKILL)

    def _end(self) -> None:
        """Who rings first, the broker last, so that nobody logs a broken line on the way out."""
        until = time.monotonic() + _SECONDS_TO_END
        brokers = [child for child in self.children if child.name == "broker"]
        others = [child for child in self.children if child.name != "broker"]
        for group in (others, brokers):
            for child in reversed(group):
                child.ask_to_end()
            for child in group:
                if not child.wait(until):
                    child.signal(signal.SIGKILL)
                    child.wait(until + 2)
                child.signal(signal.SIGKILL)  # workers that a killed master left behind
        if self._lifeline and self._lifeline.stdin:
            self._lifeline.stdin.close()
            self._lifeline.wait(5)

    # --- lifeline ---

    def _start_lifeline(self) -> None:
        """It holds the lock of the children as well, so that the folder is free only when all of them have ended."""
        self._lifeline = subprocess.Popen(
            [sys.executable, "-I", "-S", lifeline.__file__],
            stdin=subprocess.PIPE,
            text=True,
            pass_fds=(self._lock,),
            start_new_session=True,
        )
        for child in self.children:
            if child.is_running:
                self._entrust(f"+{child.pid}")

    def _entrust(self, line: str) -> None:
        if self._lifeline and self._lifeline.stdin:
            with contextlib.suppress(BrokenPipeError):  # it was killed; the next look starts another
                self._lifeline.stdin.write(line + "\n")
                self._lifeline.stdin.flush()
