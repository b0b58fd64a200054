"""What happens when a clock of a ticket runs out. Each handler is called by the sweep with the timer's row claimed."""

from __future__ import annotations

import datetime as dt

from aftersales.ledger.models import Timer
from aftersales.ledger.timers import fires
from tickets.actions.conversation import holding


@fires(holding.SENDS)
def send_reply(timer: Timer, now: dt.datetime) -> None:
    """The undo window of a reply is over."""
    holding.send_held(timer.subject_id, at=now)
