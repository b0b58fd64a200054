"""What carriers report, read into our words: one file for each dialect. Pure, no clock, no database.

To add one: a file with `read(payload) -> Told`, and its line in `DIALECTS`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from customers.carriers import generic, kdniao, kuaidi100
from customers.carriers.told import BadReport, Scan, Told

DIALECTS: dict[str, Callable[[Mapping[str, Any]], Told]] = {
    "generic": generic.read,
    "kuaidi100": kuaidi100.read,
    "kdniao": kdniao.read,
}

__all__ = ["DIALECTS", "BadReport", "Scan", "Told"]
