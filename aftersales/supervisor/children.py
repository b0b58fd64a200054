"""One child process: started in a group of its own, again with growing pauses when it dies, ended with its group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_PAUSE = 30.0  # seconds between a death and the next start
_STEADY_AFTER = 60.0  # seconds of life after which earlier deaths are forgotten


@dataclass
class Child:
    """A command that has to be running. Times are of `time.monotonic`."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    pass_fds: Sequence[int] = ()
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, with its output at the end of its log."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=self.pass_fds,
                start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor only, which ends all in order
            )
        self.started_at = time.monotonic()

    def how_it_ended(self) -> str:
        """In words, for the person at the terminal."""
        code = self.process.returncode if self.process else None
        if code is not None and code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    def note_death(self) -> float:
        """Plan the next start; returns the pause in seconds. What the dead one left in its group is killed."""
        self.signal(signal.SIGKILL)
        if time.monotonic() - self.started_at > _STEADY_AFTER:
            self.deaths = 0
        pause = min(LONGEST_PAUSE, 0.25 * 2.0**self.deaths)
        self.deaths += 1
        self.start_again_at = time.monotonic() + pause
        return pause

    def signal(self, number: int) -> None:
        """To the whole group: gunicorn's workers do not outlive a master that was killed."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_end(self) -> None:
        """To the leader alone: it ends its own workers in its own order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> bool:
        """Whether it ended before `until`."""
        if not self.process:
            return True
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        return ""
