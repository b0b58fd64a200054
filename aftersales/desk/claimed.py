"""Claims on carriers: those that wait for an answer, by due time, one's own or all; and those answered, the newest first."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.stretches import Kind, Part, Row, stretches_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address_of
from aftersales.kernel.clock import end_of_shop_day, shop_date
from returns.models import CarrierClaim
from returns.models.carrier_claim import CarrierClaimQuerySet

MOST = 100  # one more is read to know that there are more
WHOSE: dict[str, str | Promise] = {
    "mine": _("My own"), "all": pgettext_lazy("claims", "All"), "answered": pgettext_lazy("claims", "Answered"),
}  # fmt: skip


def parts_of(actor: Actor, whose: str, now: dt.datetime) -> list[Part[Row[CarrierClaim]]]:
    """One statement. `whose` is a key of `WHOSE`."""
    seen = CarrierClaim.objects.visible_to(actor).select_related("of__ticket__person", "of__order", "answered_by")
    if whose == "answered":
        answered = seen.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")
        parts = [_kind(answered).apart("answered", pgettext_lazy("claims", "Answered"))]
    else:
        open_ones = seen.to_chase()
        if whose == "mine":
            open_ones = open_ones.filter(of__ticket__assignee_id=actor.id)
        parts = list(stretches_of([_kind(open_ones)], now, end_of_shop_day(shop_date(now))))
    return [part for part in parts if part.rows]


def _kind(claims: CarrierClaimQuerySet) -> Kind[Row[CarrierClaim]]:
    return Kind.of(
        (Row(each, address_of("desk:ticket", each.of.ticket.ref), each.due_at) for each in claims[: MOST + 1]), MOST
    )
