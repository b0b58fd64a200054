"""Clear away files whose row never came: the transaction that wrote them failed, or the machine died in between."""

from __future__ import annotations

import datetime as dt

import structlog

from aftersales.files import owners, store
from aftersales.ledger.daily import daily

log = structlog.get_logger()

# A row commits seconds after its file; a day leaves room for the longest night of repairs.
_GRACE = dt.timedelta(hours=24)


@daily("files.orphans")
def remove_orphans(now: dt.datetime) -> None:
    """Remove files of this month and the last that have no row and are older than a day."""
    this_month = now.date().replace(day=1)
    months = ((this_month - dt.timedelta(days=1)).replace(day=1), this_month)
    for folder, known in owners.all_owners():
        for month in months:
            _sweep_out([name for name, at in store.written_in(month, below=folder) if now - at > _GRACE], known)


def _sweep_out(old: list[str], known: owners.Known) -> None:
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        for name in set(batch) - known(batch):
            store.remove(name)
            log.info("files.orphan_removed", stored_name=name)
