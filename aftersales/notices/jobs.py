"""Forget old messages of the demo's mailbox."""

from __future__ import annotations

import datetime as dt

from aftersales.ledger.daily import daily
from aftersales.notices.models import Posted

_KEPT = dt.timedelta(days=7)


@daily("notices.mailbox")
def empty_mailbox(now: dt.datetime) -> None:
    """Remove what is older than a week; where the mailbox is off there is nothing."""
    Posted.objects.filter(at__lt=now - _KEPT).delete()
