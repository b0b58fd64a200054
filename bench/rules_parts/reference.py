"""The reference table of the measurements: a whole policy as one table of 45 rows by 8 columns. Read by the parts."""

from functools import cache
from pathlib import Path

from returns.rules.language import Table
from returns.rules.text import parse_table


@cache
def reference() -> Table:
    here = Path(__file__)
    return parse_table(
        "liability", here.with_suffix(".toml").read_text("utf-8"), here.with_suffix(".csv").read_text("utf-8")
    )
