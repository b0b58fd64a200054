"""The clocks that run on a return, in words for staff. Shown on the ticket page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.prepared import prepared
from aftersales.ledger.models import Timer
from returns.models import Return

# Kind of timer -> what must happen before it runs out. Reminders are no limits and are not shown.
_WORDS: dict[str, str | Promise] = {
    "return.T1": _("First decision"),
    "return.T2": _("Customer’s answer"),
    "return.T3": _("Customer sends the parcel"),
    "return.T5": _("Count and inspect"),
    "return.T6": _("Refund at the latest (law)"),
    "return.T7": _("Time to object"),
    "return.T12": _("Repaired at the latest (law)"),
    "return.T16": _("Send the refused goods back"),
    "return.T17": _("Refused goods arrive"),
    "return.T18": _("Keep the goods for the customer"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit: what, by when (UTC), and whether it stands still."""

    label: str | Promise
    due_at: dt.datetime
    paused: bool


def clocks_of(running: Iterable[Timer]) -> list[Clock]:
    """The limits in words."""
    return [Clock(_WORDS[timer.kind], timer.due_at, timer.paused_at is not None) for timer in running]


@prepared
def limits_of(*, ret: int) -> QuerySet[Timer]:
    """Those of a return that still run, the nearest first."""
    about = {"subject_type": Return._meta.label_lower, "subject_id": ret}
    return Timer.objects.pending().filter(kind__in=_WORDS, **about).order_by("due_at")
