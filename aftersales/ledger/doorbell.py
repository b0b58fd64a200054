"""Ring the workers after a commit. The bell may be lost: the rows are the promise, and others sweep.

A thread of the process rings, so that no request waits for the broker, be it slow, frozen or away. What commits within a
moment is rung for once, so the sweep belongs to none of those requests, and its log does not name one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

log = structlog.get_logger()

_APART_SECONDS = 0.02  # between two rings
_QUIET_SECONDS = 30.0  # after one failure the broker is left alone for so long
# A frozen broker holds up the bell by one time-out. kombu's own retries would make six seconds of it (measured), and its
# default is to wait for ever; so the bell has a connection of its own, tries once and never again.
_TRANSPORT = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
_wakes = True
_heard = 0


@contextlib.contextmanager
def unrung() -> Iterator[None]:
    """Wake nobody meanwhile: for who does by himself what falls due, as the sample shop does at the times it lives through."""
    global _wakes
    before, _wakes = _wakes, False
    try:
        yield
    finally:
        _wakes = before


def heard() -> int:
    """A number that changes whenever this process writes something that may be due at once, and when it is committed."""
    return _heard


def ring_after_commit() -> None:
    """Ask for one sweep when the present transaction has committed, however many rows it made due."""
    global _heard
    _heard += 1
    connection = transaction.get_connection()
    already = any(function is ring for _, function, _ in connection.run_on_commit)
    if not already:
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Have a worker woken at once, or a moment after the last ring. Returns without waiting for that."""
    global _heard
    _heard += 1
    if settings.DOORBELL and _wakes:
        _bell.pull()


class _Bell:
    """The thread that rings, begun with the first pull, and what it rings with."""

    def __init__(self) -> None:
        self._pulled, self._beginning, self._in_hand = threading.Event(), threading.Lock(), threading.Lock()
        self._ringer: threading.Thread | None = None
        self._place, self._broker, self._producer = "", None, None
        self._quiet_until = 0.0

    def pull(self) -> None:
        self._pulled.set()
        with self._beginning:
            if self._ringer is None or not self._ringer.is_alive():
                ringer = threading.Thread(target=self._keep_ringing, name="doorbell", daemon=True)
                ringer.start()
                self._ringer = ringer

    def ring_if_pulled(self) -> None:
        """Ring for all who have pulled. What they wrote was committed before they did."""
        with self._in_hand:
            if self._pulled.is_set():
                self._pulled.clear()
                self._ring()

    def _keep_ringing(self) -> None:
        while True:
            self._pulled.wait()
            self.ring_if_pulled()
            time.sleep(_APART_SECONDS)

    def _ring(self) -> None:
        """A broker that is away costs half a second at most, and then nothing for a while."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            from aftersales.ledger.jobs import sweep_at_doorbell  # here: jobs import the sweep, and the sweep records

            sweep_at_doorbell.apply_async(producer=self._producer_of(sweep_at_doorbell.app), retry=False)
        except Exception as failure:  # noqa: BLE001  the broker's many kinds
            self._let_go()
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("doorbell.silent", error=str(failure), quiet_seconds=_QUIET_SECONDS)

    def _producer_of(self, app: Any) -> Any:
        """What writes to the broker; its connection is kept, because opening one takes longer than ringing."""
        if self._place != app.conf.broker_write_url:
            self._broker = app.connection_for_write(transport_options=_TRANSPORT)
            self._producer = app.amqp.Producer(self._broker, auto_declare=False)
            self._place = app.conf.broker_write_url
        return self._producer

    def _let_go(self) -> None:
        """A connection that failed once is not used again."""
        self._place = ""
        with contextlib.suppress(Exception):
            self._broker.close()  # type: ignore[attr-defined]


def _hang_another() -> None:
    """A process that was forked has no thread of its parent's, and its locks as they were in that moment."""
    global _bell
    _bell = _Bell()


_bell = _Bell()
os.register_at_fork(after_in_child=_hang_another)
atexit.register(lambda: _bell.ring_if_pulled())  # a command that ends at once is heard, too
