"""Holds the data folder for one supervisor at a time, and says where sockets and logs go."""

from __future__ import annotations

import fcntl
import hashlib
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


def claim(folder: Path, address: str) -> IO[str]:
    """Lock the folder for this supervisor until the returned file is closed, at the latest by its death."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = open(folder / "up.lock", "a+", encoding="utf-8")  # noqa: SIM115  held open on purpose
    if not _lock(file):
        file.seek(0)
        told = file.read() or "just starting"
        file.close()
        raise CannotStart(
            f"The desk is already running on {folder} ({told}). "
            "Stop it with Ctrl-C where it runs, or set DATA_DIR to another folder."
        )
    file.truncate(0)
    file.write(f"process {os.getpid()}, {address}")
    file.flush()
    return file


def wait_for_leftovers(folder: Path, tell: Callable[[str], None]) -> IO[str]:
    """Lock what the children write to. The lifeline gets a copy of the descriptor and keeps it to the end.

    So after a `kill -9` of the supervisor a new one waits here until the old broker has let go of its files.
    """
    file = open(folder / "children.lock", "a", encoding="utf-8")  # noqa: SIM115
    give_up = time.monotonic() + _SECONDS_TO_END
    if not _lock(file):
        tell("The last run on this folder is still ending; waiting for it.")
        while not _lock(file):
            if time.monotonic() > give_up:
                file.close()
                raise CannotStart(f"Processes of the last run still use {folder}. End them, then start again.")
            time.sleep(0.1)
    return file


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
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
