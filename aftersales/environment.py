"""Reads settings from the environment, typed, and stops the start with one sentence when one of them cannot be used.

Called by `aftersales.settings` only.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50  # characters; 48 random bytes as text have 64
SHORTEST_IN_ADDRESS = 32
_GIVEN_AWAY = ("secret", "password", "changeme", "change-me", "insecure", "example", "default")


class BadEnvironment(ImproperlyConfigured):
    """A variable is missing or cannot be used; the sentence names it and says what to set."""


class Given(environ.Env):
    """The variables that were given. An empty one was not: compose passes what nobody filled in as an empty text."""

    def __init__(self) -> None:
        super().__init__()
        self.ENVIRON = {name: value for name, value in os.environ.items() if value}


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """The value, if it is one of those allowed."""
    if value not in allowed:
        raise BadEnvironment(f"{name} is {value!r}. Set it to one of: {', '.join(allowed)}.")
    return value


def table(name: str) -> dict[str, str]:
    """A small table given as a JSON object of texts; empty when not given."""
    try:
        given = json.loads(os.environ.get(name) or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise BadEnvironment(f'{name} cannot be read. Set it to a JSON object of texts, such as {{"name": "value"}}.')
    return given


def hours(name: str, value: str) -> tuple[dt.time, dt.time]:
    """From when to when, on the shop's wall clock; may run over midnight."""
    try:
        begins, ends = (dt.time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise BadEnvironment(f"{name} is {value!r}. Set it to two times of day, such as 21:00-08:00.") from None
    if begins == ends:
        raise BadEnvironment(f"{name} is {value!r}: that is the whole day or none of it. Choose two times that differ.")
    return begins, ends


def length_of_hours(name: str, value: str, *, least: float) -> dt.timedelta:
    """So many hours, `least` or more."""
    try:
        length = dt.timedelta(hours=float(value))
    except (ValueError, OverflowError):
        length = dt.timedelta(0)
    if length < dt.timedelta(hours=least):
        raise BadEnvironment(f"{name} is {value!r}. Set it to a number of hours, {least:g} or more.")
    return length


class SendLimit(NamedTuple):
    """So many sends to one far side at once, so many in a second; 0 sets no limit."""

    at_once: int
    each_second: float


def send_limits(name: str, value: str) -> dict[str, SendLimit]:
    """From `*=8/50 sms=4/20`: far side, how many at once, how many in a second. `*` is everybody who is not named."""
    limits = {}
    try:
        for entry in value.split():
            far_side, told = entry.split("=")
            at_once, each_second = told.split("/")
            limits[far_side] = SendLimit(int(at_once), float(each_second))
    except ValueError:
        limits = {"": SendLimit(-1, 0)}
    if not all(far_side and at_once >= 0 and 0 <= rate < 10_000 for far_side, (at_once, rate) in limits.items()):
        raise BadEnvironment(
            f"{name} is {value!r}. Set it to “far side=at once/each second”, such as: *=8/50 sms=4/20 (0 sets no limit)."
        )
    return limits


def periods(name: str, value: str, *, known: Mapping[str, int]) -> dict[str, int]:
    """From `inbox=30 outbox=14`: for each of the known names so many days. Those not given are left out."""
    days = {}
    try:
        for entry in value.split():
            what, told = entry.split("=")
            days[what] = int(told)
    except ValueError:
        days = {"": 0}
    if not all(what in known and 1 <= number <= 36_500 for what, number in days.items()):
        raise BadEnvironment(
            f"{name} is {value!r}. Set it to “what=days”, such as: inbox=30 outbox=14. Known are: {', '.join(known)}."
        )
    return days


def data_folder(path: str) -> Path:
    """Where files, keys and the embedded database lie; made if missing, for this account only."""
    folder = Path(path).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironment(f"DATA_DIR is {folder}, which cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadEnvironment(f"DATA_DIR is {folder}, in which this account may not write. Choose another folder.")
    return folder


def given_secret(name: str) -> str:
    """A secret from NAME, or from the file that NAME_FILE points to (as Docker and Kubernetes mount them)."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "")
    try:
        if stat.S_IMODE(Path(path).stat().st_mode) & stat.S_IROTH:
            raise BadEnvironment(f"{name}_FILE points to {path}, which everybody may read. Run: chmod o-r {path}")
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadEnvironment(f"{name}_FILE points to {path}, which cannot be read: {error.strerror}.") from error


def address_secret(name: str) -> str:
    """A secret that ends an address, so of letters, digits, - and _ only, and too long to be guessed; "" where none is given."""
    value = given_secret(name)
    if value and (len(value) < SHORTEST_IN_ADDRESS or not re.fullmatch(r"[A-Za-z0-9_-]+", value)):
        raise BadEnvironment(
            f"{name} has to be {SHORTEST_IN_ADDRESS} or more letters, digits, - and _."
            " Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return value


def required_secret(name: str) -> str:
    """A secret that must come from outside; refused when empty, short or a well-known placeholder."""
    value = given_secret(name)
    how = f"Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))' and set {name} or {name}_FILE."
    if not value:
        raise BadEnvironment(f"{name} is not set. {how}")
    if len(value) < SHORTEST_SECRET:
        raise BadEnvironment(f"{name} has {len(value)} characters; it needs at least {SHORTEST_SECRET}. {how}")
    if len(set(value)) < 10 or any(word in value.lower() for word in _GIVEN_AWAY):
        raise BadEnvironment(f"{name} looks like a placeholder. {how}")
    return value


def kept_secret(name: str, folder: Path) -> str:
    """A secret of the one-machine mode: from the environment if given, else made once and kept in a private file."""
    if value := given_secret(name):
        return value
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name.lower()}.key"
    if not path.exists():
        # Written aside and linked into place: of two processes starting together, both end up with the same key.
        draft = folder / f".{name.lower()}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def different(**values: str) -> None:
    """Each secret guards something else, so that one that leaks opens one door only."""
    names = sorted(values)
    for at, name in enumerate(names):
        for other in names[at + 1 :]:
            if values[name] == values[other]:
                raise BadEnvironment(f"{name} and {other} are the same. Give each a value of its own.")


def celery_broker(redis_url: str) -> str:
    """kombu's spelling of a Redis address: it writes sockets differently from redis-py and Django."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
