"""How often one address may be written to (reliability 5.1): nobody uses the desk to flood somebody's phone or mailbox."""

from __future__ import annotations

import datetime as dt

from aftersales.notices.models import Notice
from aftersales.notices.recipients import Point

_DAY = dt.timedelta(days=1)
MAILS_A_DAY = 20
SMS_A_DAY = 3


def is_reached(point: Point, now: dt.datetime) -> bool:
    """Whether this address has had its share of the last 24 hours. Codes are not counted: they have limits of their own."""
    most = MAILS_A_DAY if point.kind == "email" else SMS_A_DAY
    lately = Notice.objects.filter(to_sha256=point.sha256, at__gt=now - _DAY)
    return lately.exclude(state=Notice.State.CAPPED).exclude(template="proof.code").count() >= most
