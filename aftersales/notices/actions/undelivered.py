"""A notice did not arrive: a mail server gave it back, or it never left. Called by the channels and whoever reads reports."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_noop as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import reasons
from aftersales.ledger.record import record
from aftersales.notices.models import Notice

_GAVE_BACK = _("The receiving mail server gave it back (%(status)s).")


def undelivered(number: int, *, status: str, at: dt.datetime | None = None) -> bool:
    """Mark the notice as not sent, with the server's code; False where it says so already. In the caller's transaction."""
    sent = Notice.objects.filter(pk=number, state__in=(Notice.State.SENT, Notice.State.UNKNOWN, Notice.State.SHOWN))
    why = reasons.kept(_GAVE_BACK, {"status": status or "–"})
    if not sent.update(state=Notice.State.FAILED, error=reasons.filled(why), why=why, sent_at=None):
        return False
    let_know(Notice.objects.get(pk=number), at=at)
    return True


def let_know(notice: Notice, *, at: dt.datetime | None = None) -> None:
    """Whoever waits for an answer to it hears that there will be none. Nobody waits for what was told of our own accord."""
    if notice.event_id is not None:
        record("notice.undelivered", on=notice, actor=SYSTEM, at=at or clock.now(), template=notice.template)
