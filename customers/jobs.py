"""What falls due in the archive. Fired by the sweep."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Timer
from aftersales.ledger.timers import fires
from customers.actions.promises import DUE_TIMER, break_promise


@fires(DUE_TIMER)
def promise_due(timer: Timer, now: dt.datetime) -> None:
    """The time of a promise is over. A kept one has no timer any more."""
    break_promise(timer.subject_id, actor=SYSTEM, at=now)
