"""The road of a return: which status may follow which. One table feeds the guards, the pages and the tests.

Goods, money and the second parcel have records and states of their own; contesting lies over the status and does not
change it. Every move is a conditional update, so of two at the same moment one finds that it came too late.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Conflict
from returns.models import Return

S = Return.Status

ROADS: dict[S, frozenset[S]] = {
    S.SUBMITTED: frozenset({S.NEED_INFO, S.AWAITING_RETURN, S.REFUND_DUE, S.AWAITING_RESHIP, S.REJECTED, S.WITHDRAWN}),
    S.NEED_INFO: frozenset({S.SUBMITTED, S.EXPIRED, S.WITHDRAWN}),
    S.AWAITING_RETURN: frozenset({S.IN_TRANSIT, S.DELIVERED, S.RECEIVED, S.EXPIRED, S.WITHDRAWN}),
    S.IN_TRANSIT: frozenset({S.DELIVERED, S.RECEIVED, S.WITHDRAWN}),
    S.DELIVERED: frozenset({S.RECEIVED}),
    S.RECEIVED: frozenset({S.REFUND_DUE, S.AWAITING_RESHIP, S.REPAIRING, S.RETURN_REFUSED}),
    S.RETURN_REFUSED: frozenset({S.REFUND_DUE, S.AWAITING_RESHIP, S.REPAIRING, S.CLOSED}),
    S.REFUND_DUE: frozenset({S.REFUNDING, S.REFUNDED}),
    S.REFUNDING: frozenset({S.REFUNDED, S.REFUND_DUE}),
    S.REFUNDED: frozenset({S.REFUND_DUE, S.CLOSED}),
    S.REPAIRING: frozenset({S.AWAITING_RESHIP, S.REFUND_DUE}),
    S.AWAITING_RESHIP: frozenset({S.RESHIPPED, S.REFUND_DUE, S.REPAIRING}),
    S.RESHIPPED: frozenset({S.CLOSED}),
    S.REJECTED: frozenset({S.AWAITING_RETURN, S.REFUND_DUE, S.AWAITING_RESHIP, S.CLOSED}),
    S.EXPIRED: frozenset({S.SUBMITTED}),
    S.WITHDRAWN: frozenset(),
    S.CLOSED: frozenset(),
}

# Where the customer may still change their mind alone; later the goods are ours to judge.
WITHDRAWABLE = frozenset({S.SUBMITTED, S.NEED_INFO, S.AWAITING_RETURN})


class WrongStatus(Conflict):
    """The return is in a status from which this cannot be done."""

    code = "wrong_status"
    sentence = _("Return %(ref)s is “%(status)s” now, so this cannot be done. Look at the page again.")


def must_be(ret: Return, *statuses: S) -> None:
    """Let pass or raise `WrongStatus` (409)."""
    if ret.status not in statuses:
        raise WrongStatus(ref=ret.ref, status=ret.get_status_display())


def move(ret: Return, to: S, *, at: dt.datetime) -> None:
    """Take the road to `to`, or raise `WrongStatus`. The caller holds the row's lock and records the event."""
    if to not in ROADS[S(ret.status)]:
        raise WrongStatus(ref=ret.ref, status=ret.get_status_display())
    closed_at = at if to == S.CLOSED else None
    mine = Return.objects.filter(pk=ret.pk, status=ret.status, version=ret.version)
    if not mine.update(status=to, version=F("version") + 1, status_at=at, closed_at=closed_at):
        raise WrongStatus(ref=ret.ref, status=ret.get_status_display())
    ret.status, ret.status_at, ret.closed_at = to, at, closed_at
    ret.version += 1
