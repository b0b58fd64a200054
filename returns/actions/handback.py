"""Send refused goods back to the customer, and what happens when they cannot be delivered. Called by the desk and the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import attach_all
from aftersales.files.pictures import Picture
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from returns import policy
from returns.actions.by import user_id_of
from returns.actions.finishing import finish_if_done
from returns.actions.shipping import NumberTaken, clean_number
from returns.models import FreightEntry, Handback, Inspection, Return

CLOCKS = ("return.T16", "return.T17", "return.T18")


class NothingToHandBack(Conflict):
    """No refused goods wait to be sent back, or not yet."""

    code = "nothing_to_hand_back"
    sentence = _("No refused goods are to be sent back now. While the customer may still object, keep them apart.")


class NotSentYet(Conflict):
    code = "handback_not_sent"
    sentence = _("The refused goods have not been sent yet.")


class StillKept(Conflict):
    """They are the customer's goods: nobody gives up on them before the time is over."""

    code = "handback_still_kept"
    sentence = _("The goods did come back only lately. They are kept for the customer until %(until)s.")


def owe(ret: Return, *, actor: Actor, at: dt.datetime) -> Handback | None:
    """The refusal is final: units that the inspection set aside for the customer are due to leave. The caller holds the lock."""
    aside = Inspection.objects.filter(line__of=ret, accepted=False, disposition=Inspection.Disposition.SEND_BACK)
    if not aside.exists():
        return None
    due = at + policy.HAND_BACK
    back, is_new = Handback.objects.get_or_create(of=ret, defaults={"owed_at": at, "due_at": due})
    if is_new:
        timers.set_timer("return.T16", on=ret, due_at=due, at=at)
        record("handback.owed", on=ret, actor=actor, at=at, deadline=due.isoformat())
    return back


@transaction.atomic
def send_handback(
    return_id: int, *, carrier: str, number: str, payer: str, photos: Sequence[Picture] = (), actor: Actor
) -> Handback:
    """The refused goods leave the house, also for a second time after they came back. Two clicks are one parcel.

    `payer`: "shop", or "buyer" where the customer pays the courier at the door. Raises `NothingToHandBack`, `NumberTaken`,
    and `DoneOtherwise` where another parcel has been entered.
    """
    ret, back = _locked(return_id, actor, "return.hand_back")
    if back.sent_at is not None and back.came_back_at is None:
        if (back.carrier, back.number, back.payer) != (carrier.strip()[:40], clean_number(number), payer):
            raise DoneOtherwise("handback.sent", on=ret)
        return back
    if back.ended_at is not None:
        raise NothingToHandBack
    if not carrier.strip():
        raise BadInput(_("Choose the courier."), field="carrier", code="carrier_missing")
    if payer not in Handback.Payer:
        raise BadInput(_("Choose who pays the freight."), field="payer", code="payer_unknown")
    now = clock.now()
    back.carrier, back.number, back.payer = carrier.strip()[:40], clean_number(number), payer
    back.sent_at, back.sent_by_id, back.came_back_at, back.keep_until = now, user_id_of(actor), None, None
    try:
        with transaction.atomic():
            back.save()
    except IntegrityError:
        raise NumberTaken(field="number") from None
    attach_all(photos, on=ret, actor=actor)
    FreightEntry.objects.update_or_create(of=ret, leg=FreightEntry.Leg.HANDBACK, defaults={"payer": payer})
    timers.cancel(*CLOCKS, on=ret)
    timers.set_timer("return.T17", on=ret, due_at=now + policy.HANDBACK_ARRIVES, at=now)
    record("handback.sent", on=ret, actor=actor, at=now, carrier=back.carrier, number=back.number, payer=payer)
    finish_if_done(ret, actor=actor, at=now)
    return back


@transaction.atomic
def handback_came_back(return_id: int, *, actor: Actor) -> Handback:
    """The courier could not deliver: the goods are here again and are kept for the customer, who is told until when (T18)."""
    ret, back = _locked(return_id, actor, "return.hand_back")
    if back.came_back_at is not None:
        return back
    if back.sent_at is None or back.ended_at is not None:
        raise NotSentYet
    now = clock.now()
    back.came_back_at, back.keep_until = now, now + policy.KEEP_FOR_CUSTOMER
    back.save(update_fields=["came_back_at", "keep_until"])
    timers.cancel(*CLOCKS, on=ret)
    timers.set_timer("return.T18", on=ret, due_at=back.keep_until, at=now)
    record("handback.came_back", on=ret, actor=actor, at=now, deadline=back.keep_until.isoformat())
    finish_if_done(ret, actor=actor, at=now)
    return back


@transaction.atomic
def handback_delivered(return_id: int, *, actor: Actor) -> Handback:
    """The customer has the goods again, by the courier's word or because nothing was heard of the parcel (T17)."""
    ret, back = _locked(return_id, actor, "return.close")
    if back.ended_at is not None:
        return back
    if back.sent_at is None or back.came_back_at is not None:
        raise NotSentYet
    _end(ret, back, Handback.Outcome.DELIVERED, actor=actor)
    return back


@transaction.atomic
def give_up_handback(return_id: int, *, actor: Actor) -> Handback:
    """The goods were kept in vain until the date the customer was told (T18): a lead ends it. Raises `StillKept`."""
    ret, back = _locked(return_id, actor, "return.give_up")
    if back.ended_at is not None:
        return back
    if back.keep_until is None:
        raise NotSentYet
    if clock.now() < back.keep_until:
        raise StillKept(until=f"{clock.shop_date(back.keep_until):%Y-%m-%d}")
    _end(ret, back, Handback.Outcome.UNCLAIMED, actor=actor)
    return back


def _end(ret: Return, back: Handback, outcome: Handback.Outcome, *, actor: Actor) -> None:
    now = clock.now()
    back.outcome, back.ended_at = outcome, now
    back.save(update_fields=["outcome", "ended_at"])
    timers.cancel(*CLOCKS, on=ret)
    record(f"handback.{outcome}", on=ret, actor=actor, at=now)
    finish_if_done(ret, actor=actor, at=now)


def _locked(return_id: int, actor: Actor, verb: str) -> tuple[Return, Handback]:
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, verb)
    back = Handback.objects.filter(of=ret).first()
    if back is None:
        raise NothingToHandBack
    back.of = ret
    return ret, back
