"""Ends the children of a supervisor that was killed. Started by the supervisor as a process of its own.

It reads lines `+PID` and `-PID` (leaders of process groups) from a pipe whose other end only the supervisor holds.
However the supervisor ends, `kill -9` included, the kernel closes that end; then every group still listed is asked to
end, and killed if it does not. PR_SET_PDEATHSIG would do on Linux only, and cannot ask first and insist later.

Standard library only, and no import from the desk: it has to start in a few milliseconds and hold little memory.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

PATIENCE = 10.0  # seconds between asking and killing


def _signal(groups: set[int], number: int) -> set[int]:
    """Send to each group; return those that exist."""
    there = set()
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
            there.add(group)
    return there


def end(groups: set[int]) -> None:
    """Ask, wait, kill."""
    deadline = time.monotonic() + PATIENCE
    left = _signal(groups, signal.SIGTERM)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = _signal(left, 0)
    _signal(left, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with its supervisor, not before
    groups: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        if line[0] == "+":
            groups.add(pid)
        else:
            groups.discard(pid)
    end(groups)


if __name__ == "__main__":
    main()
