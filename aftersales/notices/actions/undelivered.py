"""Somebody's mail server reported that a mail of ours did not reach them. Called by whoever reads such reports."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from aftersales.ledger import reasons
from aftersales.notices.models import Notice

_GAVE_BACK = _("The receiving mail server gave it back (%(status)s).")


def undelivered(number: int, *, status: str) -> bool:
    """Mark the notice as not sent, with the server's code; False where it says so already. In the caller's transaction."""
    sent = Notice.objects.filter(pk=number, state__in=(Notice.State.SENT, Notice.State.UNKNOWN, Notice.State.SHOWN))
    why = reasons.kept(_GAVE_BACK, {"status": status or "–"})
    return bool(sent.update(state=Notice.State.FAILED, error=reasons.filled(why), why=why, sent_at=None))
