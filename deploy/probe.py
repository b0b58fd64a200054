"""Health checks of the containers: `probe.py URL` wants a 200, `probe.py --touched-within SECONDS PATH` a fresh file.

Standard library only, so that asking costs next to nothing.
"""

from __future__ import annotations

import sys
import time
import urllib.request
from pathlib import Path


def touched_within(seconds: float, path: str) -> bool:
    """Whether the file, or one that begins with its name (dbm adds endings), changed lately."""
    asked = Path(path)
    times = [file.stat().st_mtime for file in asked.parent.glob(asked.name + "*")]
    return bool(times) and time.time() - max(times) < seconds


def answers(url: str) -> bool:
    """Whether it says 200."""
    try:
        with urllib.request.urlopen(url, timeout=4) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    if len(arguments) == 3 and arguments[0] == "--touched-within":
        return 0 if touched_within(float(arguments[1]), arguments[2]) else 1
    if len(arguments) == 1:
        return 0 if answers(arguments[0]) else 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
