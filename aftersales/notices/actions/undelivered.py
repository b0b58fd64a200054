"""Somebody's mail server reported that a mail of ours did not reach them. Called by whoever reads such reports."""

from __future__ import annotations

from aftersales.notices.models import Notice


def undelivered(number: int, *, status: str) -> bool:
    """Mark the notice as not sent, with the server's code; False where it says so already. In the caller's transaction."""
    sent = Notice.objects.filter(pk=number, state__in=(Notice.State.SENT, Notice.State.UNKNOWN, Notice.State.SHOWN))
    why = f"The receiving mail server gave it back ({status or 'no code'})."
    return bool(sent.update(state=Notice.State.FAILED, error=why, sent_at=None))
