"""Instants of the large sample: whole seconds since the epoch, written as UTC text that both databases read."""

from __future__ import annotations

import functools
import time


@functools.cache
def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d ", time.gmtime(number * 86_400))


@functools.cache
def _time(second: int) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(second))


def text_of(instant: int) -> str:
    """`2026-03-01 04:05:06`: Postgres takes it in the session's zone, which is UTC, SQLite as Django writes it."""
    day, second = divmod(instant, 86_400)
    return _day(day) + _time(second)


def iso_of(instant: int) -> str:
    """As an action writes it into an event."""
    return text_of(instant).replace(" ", "T") + "+00:00"
