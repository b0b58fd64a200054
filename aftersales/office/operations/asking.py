"""The part of operations that shows how carriers are asked for parcels without a push: quota, last answer, last failure."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from aftersales.kernel.clock import shop_date
from customers.actions import enquiries
from customers.models import TrackingService


def services(now: dt.datetime) -> list[tuple[TrackingService, int, int]]:
    """Each service with how many it was asked today and may be asked; none where asking is off and never was on."""
    most = settings.TRACKING_ASK_A_DAY
    found = TrackingService.objects.order_by("source")
    return [(each, most - each.left(shop_date(now), most), most) for each in found]


def is_on() -> bool:
    return enquiries.is_on()


def alarms(found: list[tuple[TrackingService, int, int]]) -> list[str]:
    """What somebody should look at now."""
    told = []
    if is_on() and any(service.is_failing for service, _asked, _most in found):
        told.append(_("Asking carriers for parcels fails. The reason stands below; pushes still come in."))
    if is_on() and any(asked >= most for _service, asked, most in found):
        told.append(_("Today’s tracking quota is used up (TRACKING_ASK_A_DAY). Asking resumes tomorrow."))
    return told
