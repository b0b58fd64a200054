"""A repair: the goods stay the customer's, are mended here without a charge and go back to them; or they cannot be mended.

Called by receiving, the desk and the API. The parcel that leaves is sent as a replacement is (`exchange.ship_replacement`).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from returns import gather, policy
from returns.actions import exchange, refunds
from returns.actions.by import user_id_of
from returns.machine import S, move, must_be
from returns.models import Repair, Return
from tickets.actions.conversation import clean_text
from tickets.actions.opening import set_progress

_O = Repair.Outcome
UNDER_WAY = (S.REPAIRING, S.AWAITING_RESHIP)  # the goods of a repair are in our house
LONGEST = 500  # letters of a fault or of the parts


def begin(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """The goods are accepted for repair. Its time runs from the day they came in (T12). The caller holds the lock."""
    came_in = gather.with_shop_since(ret) or at
    Repair.objects.create(of=ret, came_in_at=came_in)
    _take_in(ret, came_in, actor=actor, at=at)
    refunds.add_return_freight(ret, actor=actor, at=at)


def take_more(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """An objection was right before the goods left: the units accepted only now are mended too, and all leave together.
    The caller holds the lock."""
    repair = Repair.objects.get(of=ret)
    if ret.status == S.AWAITING_RESHIP:
        repair.outcome, repair.ended_at = "", None
        repair.save(update_fields=["outcome", "ended_at"])
        _take_in(ret, repair.came_in_at, actor=actor, at=at)
    else:
        wait_again(ret, at=at)


def wait_again(ret: Return, *, at: dt.datetime) -> None:
    """An objection was answered: the ticket waits for the workshop again. Nothing happens where no repair is under way."""
    if ret.kind == Return.Kind.REPAIR and ret.status in UNDER_WAY:
        target = policy.REPAIR_TARGET if ret.status == S.REPAIRING else policy.FIRST_DECISION
        set_progress(ret.ticket, waiting_on="warehouse", due_at=at + target, at=at)


def _take_in(ret: Return, came_in: dt.datetime, *, actor: Actor, at: dt.datetime) -> None:
    move(ret, S.REPAIRING, at=at)
    timers.cancel("return.T6", on=ret)  # no refund is owed
    timers.set_timer("return.T12", on=ret, due_at=came_in + policy.REPAIR_LAW, at=at, source="law")
    set_progress(ret.ticket, waiting_on="warehouse", due_at=at + policy.REPAIR_TARGET, at=at)
    record("repair.begun", on=ret, actor=actor, at=at, deadline=(came_in + policy.REPAIR_LAW).isoformat())


@transaction.atomic
def record_repair(return_id: int, *, fault: str, parts: str = "", actor: Actor) -> Repair:
    """The goods are mended and may go back. The same again changes nothing.

    The customer reads `fault` and `parts`. Raises `BadInput` without a fault, `WrongStatus`, and `DoneOtherwise` where
    other words are recorded.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.repair")
    repair = Repair.objects.filter(of=ret).first()
    if repair is not None and repair.outcome == _O.REPAIRED:
        if (repair.fault, repair.parts) != (_plain(fault, "fault"), _plain(parts, "parts")):
            raise DoneOtherwise("repair.done", on=ret)
        return repair
    must_be(ret, S.REPAIRING)
    now = clock.now()
    repair = _end(ret, _O.REPAIRED, fault=fault, parts=parts, actor=actor, at=now)
    move(ret, S.AWAITING_RESHIP, at=now)
    if not ret.is_contested:  # an open objection keeps the ticket until it is answered, see `after_objection`
        set_progress(ret.ticket, waiting_on="warehouse", due_at=now + policy.FIRST_DECISION, at=now)
    record("repair.done", on=ret, actor=actor, at=now, fault=repair.fault, parts=repair.parts)
    return repair


@transaction.atomic
def give_up_repair(return_id: int, *, fault: str, instead: str, actor: Actor) -> Return:
    """The goods cannot be mended: the same return goes on as an exchange for the same article, or as a refund.

    Until they have left also where a repair was recorded: by mistake, or it broke again. `instead`: "exchange" or
    "return", as the customer wishes. The same again changes nothing. Raises `OutOfStock`, `BadInput`, `WrongStatus`, and
    `DoneOtherwise` where it was given up with other words or for something else; then nothing was written.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.approve")
    if (given_up := Repair.objects.filter(of=ret, outcome=_O.BEYOND).first()) is not None:
        if (given_up.fault, ret.kind) != (_plain(fault, "fault"), instead):
            raise DoneOtherwise("repair.failed", on=ret)
        return ret
    must_be(ret, *(UNDER_WAY if ret.kind == Return.Kind.REPAIR else ()))
    if instead not in (Return.Kind.EXCHANGE, Return.Kind.RETURN):
        raise BadInput(_("Choose what the customer gets instead."), field="instead", code="instead_unknown")
    now = clock.now()
    repair = _end(ret, _O.BEYOND, fault=fault, parts="", actor=actor, at=now)
    record("repair.failed", on=ret, actor=actor, at=now, fault=repair.fault)
    if instead == Return.Kind.EXCHANGE:
        if ret.status == S.AWAITING_RESHIP:
            move(ret, S.REPAIRING, at=now)
        exchange.instead_of_repair(ret, actor=actor, at=now)
    else:
        timers.set_timer("return.T6", on=ret, due_at=now + policy.REFUND_LAW, at=now, source="law")
        exchange.to_refund(ret, actor=actor, at=now)
    return ret


def _plain(text: str, field: str) -> str:
    return clean_text(text, field=field, longest=LONGEST) if text.strip() else ""


def _end(ret: Return, outcome: Repair.Outcome, *, fault: str, parts: str, actor: Actor, at: dt.datetime) -> Repair:
    repair = Repair.objects.get(of=ret)
    repair.fault = clean_text(fault, field="fault", longest=LONGEST)
    repair.parts = _plain(parts, "parts")
    repair.outcome, repair.ended_at, repair.by_id = outcome, at, user_id_of(actor)
    repair.save(update_fields=["fault", "parts", "outcome", "ended_at", "by"])
    timers.cancel("return.T12", on=ret)
    return repair
