"""A Postgres that is killed like everything else and comes back with all it had acknowledged."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from tests import services

# What is acknowledged is on the disk, and a torn page is mended from the log.
SAFE = {"fsync", "synchronous_commit", "full_page_writes"}
OPTIONS = [(f"{each.split('=')[0]}=on" if each.split("=")[0] in SAFE else each) for each in services.POSTGRES_OPTIONS]


class MortalPostgres(services.Postgres):
    """Commits wait for the log on the disk: what is acknowledged survives the death of every process."""

    def launch(self, seconds: float = 60) -> None:
        """Start again on the same data. What a killed server left in memory may have to die first, so it is tried anew."""
        settings = [*OPTIONS, "listen_addresses=''", f"unix_socket_directories={self.socket}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        give_up = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                (self.data / "postmaster.pid").unlink()
            try:
                self._run("pg_ctl", "-l", str(self.data / "log"), "-w", "-t", "30", "-o", options, "start")
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.3)

    def _start(self) -> None:
        self._run("initdb", "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.launch()

    def kill(self) -> None:
        """`kill -9` of the postmaster and every process of it."""
        master = self.pid
        family = [master, *_children(master)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while any(_lives(pid) for pid in family) and time.monotonic() < end:
            time.sleep(0.02)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _lives(pid: int) -> bool:
    """Whether it still runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
