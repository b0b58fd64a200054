"""Clear away files whose row never came: the transaction that wrote them failed, or the machine died in between."""

from __future__ import annotations

import datetime as dt

import structlog

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.ledger.daily import daily

log = structlog.get_logger()

# A row commits seconds after its file; a day leaves room for the longest night of repairs.
_GRACE = dt.timedelta(hours=24)


@daily("files.orphans")
def remove_orphans(now: dt.datetime) -> None:
    """Remove files of this month and the last that have no row and are older than a day."""
    this_month = now.date().replace(day=1)
    for month in ((this_month - dt.timedelta(days=1)).replace(day=1), this_month):
        old = [name for name, written_at in store.written_in(month) if now - written_at > _GRACE]
        for start in range(0, len(old), 500):
            batch = old[start : start + 500]
            known = set(Attachment.objects.filter(stored_name__in=batch).values_list("stored_name", flat=True))
            for name in set(batch) - known:
                store.remove(name)
                log.info("files.orphan_removed", stored_name=name)
