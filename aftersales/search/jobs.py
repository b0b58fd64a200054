"""The nightly comparison of index and things. Run by the sweep."""

from __future__ import annotations

import datetime as dt

import structlog

from aftersales.kernel.clock import shop_date
from aftersales.ledger.daily import daily
from aftersales.search.compare import SLICES, compare

log = structlog.get_logger()


@daily("search.compare")
def compare_tonight(now: dt.datetime) -> None:
    """Every thing has its entry and no entry lacks its thing; and a share of the entries word for word, another each night."""
    difference = compare(part=shop_date(now).toordinal() % SLICES)
    if difference:
        log.error("search.differs", **{kind: len(keys) for kind, keys in difference.items()})
