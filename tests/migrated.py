"""One migrated database for all workers of a run: to migrate takes a core for fifteen seconds, to copy half a second."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

NAME = "desk_migrated"
_LOCK = "DESK_TEST_MIGRATED"  # tells the workers which file is locked until it is there


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Migrate it in a process of its own, which holds the lock to its end, however it ends."""
    os.environ[_LOCK] = str(folder / "migrated.lock")
    with Path(os.environ[_LOCK]).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # What it has to say of a migration that fails, the migration of a worker says too.
        return subprocess.Popen(
            [sys.executable, "-m", "tests.migrated"],
            pass_fds=[lock.fileno()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def awaited() -> str | None:
    """The name of the database, when it is done; None where each process migrates its own."""
    if _LOCK not in os.environ:
        return None
    with Path(os.environ[_LOCK]).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    return NAME


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "aftersales.settings"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


if __name__ == "__main__":
    main()
