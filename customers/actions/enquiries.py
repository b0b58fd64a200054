"""Ask a tracking service for parcels that nobody has told of for long. Called by the sweep's turn and by the channel.

Choosing writes rows of the outbox and nothing else, so the question itself has what every send has: no open transaction, a
breaker, limits, stops, tries. The answer goes the road of a push (`tracking.report`), so telling it twice changes nothing.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from aftersales.kernel.clock import shop_date
from aftersales.ledger import outbox
from aftersales.ledger.models import Outbound
from customers.carriers import enquiry
from customers.carriers.kuaidi100 import PINYIN
from customers.models import Shipment, TrackingReport, TrackingService
from customers.models.shipment import TrackingStatus as Status

SOURCE = "kuaidi100"  # also the name of the channel
SETTLED = (Status.SIGNED, Status.SIGNED_BY_OTHER, Status.RETURNED)
MOST_WAITING = 20  # in the outbox at once: a service that is down is not owed a day's questions when it comes back
OLDEST = dt.timedelta(days=60)  # carriers forget a parcel after some months


def is_on() -> bool:
    """Whether a key is set."""
    return bool(settings.TRACKING_ASK_KEY and settings.TRACKING_ASK_CUSTOMER)


@transaction.atomic
def ask_some(at: dt.datetime) -> int:
    """Choose the parcels that are asked for next, those never asked first. Returns how many; 0 while another worker chooses.

    A parcel is asked for when it is on its way, no report of it came within `TRACKING_ASK_AFTER`, and it was not asked
    for within that time; one without the phone its carrier wants is only looked at. Not more than may still be sent
    today (`counted`).
    """
    if not is_on():
        return 0
    day = shop_date(at)
    TrackingService.objects.get_or_create(source=SOURCE, defaults={"day": day})
    service = TrackingService.objects.select_for_update(skip_locked=True).filter(source=SOURCE).first()
    if service is None:
        return 0
    waiting = Outbound.objects.pending().filter(channel=SOURCE).count()
    room = min(service.left(day, settings.TRACKING_ASK_A_DAY), MOST_WAITING) - waiting
    chosen = _silent(at)[: max(room, 0)]
    asked = [each for each in chosen if enquiry.may_ask(each.carrier, each.number) and not lacks_phone(each)]
    for each in asked:
        _ask(each, at)
    Shipment.objects.filter(pk__in=[each.pk for each in chosen]).update(asked_at=at)
    if asked:
        service.asked_at = at
        service.save(update_fields=["asked_at"])
    return len(asked)


def counted(at: dt.datetime) -> bool:
    """Count one question that is about to be sent, whether the first try or another; False where the day's are used up.

    Not more than `TRACKING_ASK_A_DAY` on one day of the shop's calendar.
    """
    service, day = TrackingService.objects.filter(source=SOURCE), shop_date(at)
    service.filter(day__lt=day).update(day=day, asked=0)
    return bool(service.filter(day=day, asked__lt=settings.TRACKING_ASK_A_DAY).update(asked=F("asked") + 1))


def answered(at: dt.datetime) -> None:
    """The service answered, be it that it knows nothing yet."""
    TrackingService.objects.filter(source=SOURCE).update(answered_at=at)


def failed(error: str, at: dt.datetime) -> None:
    """It did not answer, or will not tell of a parcel: operations shows the last of these."""
    TrackingService.objects.filter(source=SOURCE).update(failed_at=at, last_error=error[:300])


def phone_of(shipment: Shipment) -> str:
    """The receiver's phone in digits where the carrier wants it, from the address or else from the customer; else "".

    A phone that a platform masked is none. Nobody but the service that is asked gets it, and no table keeps it.
    """
    if shipment.carrier not in enquiry.NEEDS_PHONE:
        return ""
    address = shipment.order.address
    told = [address.phone] if address is not None and not address.is_masked else []
    told += shipment.order.person.contact_points.filter(kind="phone").order_by("pk").values_list("value", flat=True)
    digits = ("".join(character for character in phone if character.isdigit()) for phone in told if "*" not in phone)
    return next((phone.removeprefix("86") if len(phone) > 11 else phone for phone in digits if len(phone) >= 7), "")


def lacks_phone(shipment: Shipment) -> bool:
    """Whether its carrier tells only who names the receiver's phone, and none is known."""
    return shipment.carrier in enquiry.NEEDS_PHONE and not phone_of(shipment)


def _silent(at: dt.datetime) -> list[Shipment]:
    since = at - settings.TRACKING_ASK_AFTER
    heard = TrackingReport.shipments.through.objects.filter(
        shipment_id=OuterRef("pk"), trackingreport__received_at__gt=since
    )
    left = Q(shipped_at__lte=since) | Q(shipped_at=None, order__placed_at__lte=since)
    rows = Shipment.objects.filter(left, Q(asked_at=None) | Q(asked_at__lte=since), carrier__in=PINYIN)
    rows = (
        rows.select_related("order__address", "order__person")
        .filter(order__placed_at__gt=at - OLDEST)
        .exclude(number="")
        .exclude(status__in=SETTLED)
    )
    return list(rows.exclude(Exists(heard)).order_by(F("asked_at").asc(nulls_first=True), "pk")[:MOST_WAITING])


def _ask(shipment: Shipment, at: dt.datetime) -> None:
    """One question in the outbox. It is of no use any more when the next one is due."""
    key = f"{SOURCE}:{shipment.pk}:{at:%Y%m%d%H%M%S}"
    until = at + settings.TRACKING_ASK_AFTER
    outbox.put(channel=SOURCE, key=key, on=shipment, payload={"number": shipment.number}, useful_until=until)
