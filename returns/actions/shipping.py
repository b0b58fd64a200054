"""The parcel on its way back: the customer's tracking number, the carrier's signature. Called by portal, desk and API."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from returns import policy
from returns.machine import S, move, must_be
from returns.models import Return, ReturnParcel
from tickets.actions.opening import set_progress

_SHAPE = re.compile(r"[A-Z0-9-]{6,32}")  # kuaidi100: a tracking number has 6 to 32 characters
MOST_FREIGHT_MINOR = 100_000  # above this a told freight is a typing error; staff can still enter it by hand


class NumberTaken(BadInput):
    code = "tracking_number_taken"
    sentence = _("This tracking number belongs to another return. Please check the number on your receipt.")


class OtherFreight(Conflict):
    code = "other_freight"
    sentence = _("This parcel was entered already with another freight. Please write as a message what you paid.")


def clean_number(text: str) -> str:
    """A tracking number as couriers print it: half-width, capitals, no spaces, 6 to 32 characters. Raises `BadInput`."""
    number = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if not _SHAPE.fullmatch(number):
        raise BadInput(
            _("A tracking number has 6 to 32 letters and digits. Copy it from the courier's receipt."),
            field="number",
            code="tracking_number_shape",
        )
    return number


@transaction.atomic
def enter_tracking(
    return_id: int, *, carrier: str, number: str, freight_told_minor: int = 0, actor: Actor
) -> ReturnParcel:
    """The goods are on their way. The same number again changes nothing; a further parcel is a further number.

    `freight_told_minor` is what the customer paid, in minor units, for the case that the shop bears the leg.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.ship")
    number, carrier = clean_number(number), carrier.strip()[:40]
    if not carrier:
        raise BadInput(_("Choose the courier."), field="carrier", code="carrier_missing")
    if not 0 <= freight_told_minor <= MOST_FREIGHT_MINOR:
        raise BadInput(_("Please check the freight you paid."), field="freight", code="freight_range")
    if (known := ReturnParcel.objects.filter(of=ret, carrier=carrier, number=number).first()) is not None:
        if freight_told_minor and known.freight_told_minor != freight_told_minor:
            raise OtherFreight
        return known
    must_be(ret, S.AWAITING_RETURN, S.IN_TRANSIT)
    now = clock.now()
    try:
        with transaction.atomic():
            parcel = ReturnParcel.objects.create(
                of=ret, carrier=carrier, number=number, freight_told_minor=freight_told_minor, entered_at=now
            )
    except IntegrityError:
        raise NumberTaken(field="number") from None
    if ret.status == S.AWAITING_RETURN:
        move(ret, S.IN_TRANSIT, at=now)
        timers.cancel("return.T3", "return.T3.remind1", "return.T3.remind2", on=ret)
        timers.set_timer("return.T5", on=ret, due_at=now + policy.RECEIPT_AFTER_NUMBER, at=now)
        set_progress(ret.ticket, waiting_on="carrier", due_at=None, at=now)
    record("return.shipped_back", on=ret, actor=actor, at=now, carrier=carrier, number=number)
    return parcel


@transaction.atomic
def mark_delivered(parcel_id: int, *, signed_at: dt.datetime | None = None, actor: Actor) -> ReturnParcel:
    """The carrier has our signature. From here the law counts seven days to the refund (T6), whatever T5 does."""
    parcel = ReturnParcel.objects.filter(pk=parcel_id).first()
    if parcel is None:
        raise NotFound
    ret: Return = Return.objects.visible_to(actor).lock(parcel.of_id)
    check(actor, "return.receive")
    parcel.refresh_from_db()
    if parcel.signed_at is not None:
        return parcel
    now = clock.now()
    parcel.signed_at = min(signed_at or now, now)
    parcel.save(update_fields=["signed_at"])
    if ret.status in (S.AWAITING_RETURN, S.IN_TRANSIT):
        arrive(ret, signed_at=parcel.signed_at, actor=actor, at=now)
    return parcel


def arrive(ret: Return, *, signed_at: dt.datetime, actor: Actor, at: dt.datetime) -> None:
    """Goods are in our house: the warehouse must count, the refund clock runs. The caller holds the lock."""
    move(ret, S.DELIVERED, at=at)
    timers.cancel("return.T3", "return.T3.remind1", "return.T3.remind2", on=ret)
    receipt_due = signed_at + policy.RECEIPT_AFTER_ARRIVAL
    timers.set_timer("return.T5", on=ret, due_at=receipt_due, at=at)
    timers.set_timer("return.T6", on=ret, due_at=signed_at + policy.REFUND_LAW, at=at, source="law")
    set_progress(ret.ticket, waiting_on="warehouse", due_at=receipt_due, at=at)
    record("return.delivered", on=ret, actor=actor, at=at, signed_at=signed_at.isoformat())
