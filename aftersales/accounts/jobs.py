"""What the accounts clear away once a day."""

from __future__ import annotations

import datetime as dt

from aftersales.accounts.actions.handover import forget_untaken
from aftersales.ledger.daily import daily


@daily("accounts.secrets_not_taken")
def secrets_not_taken(now: dt.datetime) -> None:
    """Secrets that were made and never looked at: whoever made them makes another."""
    forget_untaken(now)
