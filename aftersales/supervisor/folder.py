"""Holds the data folder for one supervisor at a time, and says where sockets and logs go."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from aftersales.supervisor.refusal import CannotStart

LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107 on Linux and 103 on macOS
_SECONDS_TO_END = 25
_LARGEST_LOG = 10 * 1_048_576  # bytes


def hold(folder: Path, address: str, tell: Callable[[str], None]) -> IO[str]:
    """Lock the folder until the returned file and every copy of its descriptor are closed.

    The lifeline keeps a copy: after a `kill -9` of the supervisor the folder is free only when the broker, which
    writes into it, has ended too. A start that comes in between waits for that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = open(folder / "up.lock", "a+", encoding="utf-8")  # noqa: SIM115  held open on purpose
    give_up = time.monotonic() + _SECONDS_TO_END
    told = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder, where = _holder(file)
            if _is_alive(holder) or time.monotonic() > give_up:
                file.close()
                raise CannotStart(
                    f"The desk is already running on {folder} (process {holder}, {where}). "
                    "Stop it with Ctrl-C where it runs, or set DATA_DIR to another folder."
                ) from None
            if not told:
                tell("The last run on this folder is still ending; waiting for it.")
                told = True
            time.sleep(0.2)
            continue
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "address": address}, file)
        file.flush()
        return file


def _holder(file: IO[str]) -> tuple[int, str]:
    file.seek(0)
    try:
        told = json.load(file)
        return int(told["pid"]), str(told["address"])
    except (ValueError, KeyError):  # caught between truncate and write
        return os.getpid(), "starting"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def socket_path(folder: Path) -> Path:
    """Where the broker listens: in the data folder, or in a private folder of fixed name if that path is too long."""
    wished = folder / "broker" / "valkey.sock"
    if len(os.fsencode(wished)) <= LONGEST_SOCKET_PATH:
        return wished
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    private = Path(tempfile.gettempdir()) / f"desk-{os.geteuid()}-{digest}"
    private.mkdir(mode=0o700, exist_ok=True)
    state = private.lstat()
    if state.st_uid != os.geteuid() or state.st_mode & 0o077:
        raise CannotStart(
            f"{private} belongs to somebody else or is open to others. Remove it, or set DATA_DIR to a shorter path."
        )
    return private / "valkey.sock"


def log_path(folder: Path, name: str) -> Path:
    """The log of one child; one older generation is kept."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / f"{name}.log"
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path
