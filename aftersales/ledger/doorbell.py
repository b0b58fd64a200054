"""Ring the workers after a commit. The bell may be lost: the rows are the promise, and others sweep."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

log = structlog.get_logger()

_QUIET_SECONDS = 30.0  # after one failure the broker is left alone for so long, so that no request waits for it twice
# A frozen broker holds up one request by one time-out. kombu's own retries would make six seconds of it (measured), and
# its default is to wait for ever; so a ring has a connection of its own, tries once and never again. Each thread keeps its
# connection while it works, because opening one takes longer than ringing.
_TRANSPORT = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
_kept = threading.local()
_quiet_until = 0.0
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
    """Wake a worker. A broker that is away costs this request half a second at most, and then nothing for a while."""
    global _quiet_until, _heard
    _heard += 1
    if not settings.DOORBELL or not _wakes or time.monotonic() < _quiet_until:
        return
    from aftersales.ledger.jobs import sweep_at_doorbell  # here, because jobs import the sweep, and the sweep records

    try:
        sweep_at_doorbell.apply_async(producer=_producer(), retry=False)
    except Exception as failure:  # noqa: BLE001  the broker's many kinds
        _let_go()
        _quiet_until = time.monotonic() + _QUIET_SECONDS
        log.warning("doorbell.silent", error=str(failure), quiet_seconds=_QUIET_SECONDS)


def _producer() -> Any:
    """What writes to the broker, of this thread of this process."""
    place = (os.getpid(), current_app.conf.broker_write_url)
    if getattr(_kept, "place", None) != place:
        _kept.broker = current_app.connection_for_write(transport_options=_TRANSPORT)
        _kept.producer = current_app.amqp.Producer(_kept.broker, auto_declare=False)
        _kept.place = place
    return _kept.producer


def _let_go() -> None:
    """A connection that failed once is not used again."""
    _kept.place = None
    with contextlib.suppress(Exception):
        _kept.broker.close()
