"""Improvements after complaints: those to make by the end of their day, one's own or all; and those made, the newest first."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.stretches import Kind, Part, Row, stretches_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address_of
from aftersales.kernel.clock import end_of_shop_day, shop_date
from tickets.models import Improvement
from tickets.queries import OfComplaintQuerySet

MOST = 100  # one more is read to know that there are more
WHOSE: dict[str, str | Promise] = {
    "mine": _("My own"), "all": pgettext_lazy("improvements", "All"), "done": pgettext_lazy("improvements", "Done"),
}  # fmt: skip
_MINUTE = dt.timedelta(minutes=1)  # the end of a day still belongs to it


def parts_of(actor: Actor, whose: str, now: dt.datetime) -> list[Part[Row[Improvement]]]:
    """One statement. `whose` is a key of `WHOSE`."""
    seen = Improvement.objects.visible_to(actor).select_related(
        "complaint__ticket", "complaint__classification", "owner"
    )
    if whose == "done":
        done = seen.filter(done_at__isnull=False).order_by("-done_at", "-pk")
        parts = [_kind(done).apart("done", pgettext_lazy("improvements", "Done"))]
    else:
        to_make = seen.filter(done_at=None).order_by("due_on", "pk")
        if whose == "mine":
            to_make = to_make.filter(owner_id=actor.id)
        parts = list(stretches_of([_kind(to_make)], now, end_of_shop_day(shop_date(now))))
    return [part for part in parts if part.rows]


def due_at(improvement: Improvement) -> dt.datetime:
    """The end of its day."""
    return end_of_shop_day(improvement.due_on) - _MINUTE


def _kind(improvements: OfComplaintQuerySet) -> Kind[Row[Improvement]]:
    rows = (
        Row(each, address_of("desk:ticket", each.complaint.ticket.ref), due_at(each))
        for each in improvements[: MOST + 1]
    )
    return Kind.of(rows, MOST)
