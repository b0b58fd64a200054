"""The exchange half: hold the replacement, settle the price difference either way (多退少补), send it.

Called by desk, portal and API.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.money import Money
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from returns import gather, policy
from returns.actions import finishing, refunds, stock, units, verdicts
from returns.actions.shipping import NumberTaken, clean_number
from returns.machine import S, move, must_be
from returns.models import Exchange, Refund, Repair, Reshipment, Return
from tickets.actions.opening import set_progress

_D = Exchange.Difference
CHANGEABLE = (
    S.SUBMITTED, S.NEED_INFO, S.REJECTED, S.AWAITING_RETURN, S.IN_TRANSIT, S.DELIVERED, S.RECEIVED, S.RETURN_REFUSED,
    S.AWAITING_RESHIP,
)  # fmt: skip


class DifferenceOpen(Conflict):
    code = "difference_open"
    sentence = _("The price difference of %(amount)s is not settled yet. Record the payment or waive it first.")


def begin(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """At approval: hold the stock and work out the difference. The caller holds the lock. Raises `OutOfStock`.

    An exchange that was approved before it expired keeps a difference that is settled already.
    """
    stock.hold(ret)
    exchange, _known = Exchange.objects.get_or_create(of=ret, defaults={"currency": ret.currency, "created_at": at})
    exchange.stock_held = True
    exchange.save(update_fields=["stock_held"])
    _owe(exchange, sum(gather.difference_minor(ask) for ask in gather.asks_of(ret)))
    record("exchange.stock_held", on=ret, actor=actor, at=at)


def go_on(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """The goods are accepted: the replacement may leave. The caller holds the lock.

    Where fewer units were accepted than asked for, the difference is worked out anew for those.
    """
    exchange = Exchange.objects.get(of=ret)
    if not exchange.stock_held:  # let go when the goods were refused, wanted again after the objection
        stock.hold(ret)
        exchange.stock_held = True
        exchange.save(update_fields=["stock_held"])
    _owe(exchange, _accepted_difference(ret))
    move(ret, S.AWAITING_RESHIP, at=at)
    if exchange.difference_status == _D.SHOP_OWES:
        owed = policy.cap(
            [policy.Addend("price_difference", Money(-exchange.difference_minor, ret.currency))], ret.order.refundable
        )
        if owed:
            refunds.add_refund(ret, Refund.Purpose.DIFFERENCE, owed, actor=actor, at=at)
    if exchange.difference_status == _D.CUSTOMER_OWES:  # asked for only now, when it is certain how much
        record(
            "exchange.difference_due", on=ret, actor=actor, at=at,
            amount=str(exchange.difference), amount_minor=exchange.difference_minor,
        )  # fmt: skip
    refunds.add_return_freight(ret, actor=actor, at=at)
    wait_to_ship(ret, at=at)


def take_more(ret: Return, gained: Mapping[int, int], *, actor: Actor, at: dt.datetime) -> None:
    """An objection was right before the replacement left: the units accepted only now travel in the same parcel.

    The difference is worked out anew unless it is settled; what the shop owes beyond the first refund is due beside it.
    `gained` maps return-line ids to those units. The caller holds the lock. Raises `OutOfStock`.
    """
    if Repair.objects.filter(of=ret).exists():
        _the_same_again(ret)
        stock.hold_more(ret, gained)
    exchange = Exchange.objects.get(of=ret)
    before = exchange.difference_minor
    _owe(exchange, _accepted_difference(ret))
    more = exchange.difference_minor - before
    if exchange.difference_status == _D.SHOP_OWES and more < 0:
        owed = policy.cap([policy.Addend("price_difference", Money(-more, ret.currency))], ret.order.refundable)
        if owed:
            refunds.add_refund(ret, Refund.Purpose.OBJECTION, owed, actor=actor, at=at)
    if exchange.difference_status == _D.CUSTOMER_OWES and more:
        record(
            "exchange.difference_due", on=ret, actor=actor, at=at,
            amount=str(exchange.difference), amount_minor=exchange.difference_minor,
        )  # fmt: skip
    wait_to_ship(ret, at=at)


def wait_to_ship(ret: Return, *, at: dt.datetime) -> None:
    """The goods are accepted: the ticket waits for the warehouse, and before that for what the customer owes, which is due to
    nobody here. The caller holds the lock."""
    owes = Exchange.objects.filter(of=ret, difference_status=_D.CUSTOMER_OWES).exists()
    waiting, due_at = ("customer", None) if owes else ("warehouse", at + policy.FIRST_DECISION)
    set_progress(ret.ticket, waiting_on=waiting, due_at=due_at, at=at)


def _accepted_difference(ret: Return) -> int:
    """The difference for the units really accepted, each line with what is wanted instead of it."""
    lines = zip(gather.asks_of(ret), ret.lines.order_by("id"), strict=True)
    accepted = [replace(ask, quantity=line.accepted_quantity) for ask, line in lines if line.accepted_quantity]
    return sum(gather.difference_minor(ask) for ask in accepted)


def _owe(exchange: Exchange, difference: int) -> None:
    """Who owes whom from now on, in minor units; only while nobody has settled it."""
    if exchange.difference_status in (_D.SETTLED, _D.WAIVED):
        return
    exchange.difference_minor = difference
    exchange.difference_status = _D.NONE if not difference else _D.CUSTOMER_OWES if difference > 0 else _D.SHOP_OWES
    exchange.save(update_fields=["difference_minor", "difference_status"])


@transaction.atomic
def settle_difference(return_id: int, *, payment_ref: str = "", waive: bool = False, actor: Actor) -> Exchange:
    """The customer's top-up came in (with the payment's number), or the shop waives it. The same again changes
    nothing; settled in another way already, it raises `DoneOtherwise`.

    Only once the goods are accepted: before that the sum may still change, and the request may end without an exchange.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "exchange.settle_difference")
    exchange = Exchange.objects.filter(of=ret).first()
    if (
        exchange is None
        or ret.kind != Return.Kind.EXCHANGE
        or exchange.difference_status not in (_D.CUSTOMER_OWES, _D.SETTLED, _D.WAIVED)
    ):
        raise Conflict(_("There is no difference for the customer to pay."), code="no_difference")
    if exchange.difference_status != _D.CUSTOMER_OWES:
        settled = (exchange.difference_status == _D.WAIVED, exchange.payment_ref)
        if settled != (waive, payment_ref.strip()[:100]):
            raise DoneOtherwise("exchange.difference_settled", on=ret)
        return exchange
    must_be(ret, S.AWAITING_RESHIP)
    if not waive and not payment_ref.strip():
        raise BadInput(
            _("Enter the number of the payment, so that it can be found again."), field="payment_ref", code="empty"
        )
    now = clock.now()
    exchange.difference_status = _D.WAIVED if waive else _D.SETTLED
    exchange.payment_ref, exchange.settled_at = payment_ref.strip()[:100], now
    exchange.save(update_fields=["difference_status", "payment_ref", "settled_at"])
    record(
        "exchange.difference_settled", on=ret, actor=actor, at=now,
        waived=waive, amount_minor=exchange.difference_minor, payment_ref=exchange.payment_ref,
    )  # fmt: skip
    if not ret.is_contested:  # an open objection keeps the ticket until it is answered, see `after_objection`
        set_progress(ret.ticket, waiting_on="warehouse", due_at=now + policy.FIRST_DECISION, at=now)
    return exchange


@transaction.atomic
def ship_replacement(return_id: int, *, carrier: str, number: str, actor: Actor) -> Reshipment:
    """The replacement, or the repaired goods, leave the house. One per return: two clicks are one parcel, and
    another parcel is refused (`DoneOtherwise`)."""
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.reship")
    if (known := Reshipment.objects.filter(of=ret).first()) is not None:
        if (known.carrier, known.number) != (carrier.strip()[:40], clean_number(number)):
            raise DoneOtherwise(f"{_word(ret)}.shipped", on=ret)
        return known
    must_be(ret, S.AWAITING_RESHIP)
    exchange = Exchange.objects.filter(of=ret).first()  # a repair has none
    if exchange is not None and exchange.difference_status == _D.CUSTOMER_OWES:
        raise DifferenceOpen(amount=str(exchange.difference))
    if not carrier.strip():
        raise BadInput(_("Choose the courier."), field="carrier", code="carrier_missing")
    now = clock.now()
    try:
        with transaction.atomic():
            parcel = Reshipment.objects.create(
                of=ret, carrier=carrier.strip()[:40], number=clean_number(number), shipped_at=now
            )
    except IntegrityError:
        raise NumberTaken(field="number") from None
    stock.take(ret)
    move(ret, S.RESHIPPED, at=now)
    timers.cancel("return.T6", on=ret)
    if not ret.is_contested:
        set_progress(ret.ticket, waiting_on="carrier", due_at=None, at=now)
    record(f"{_word(ret)}.shipped", on=ret, actor=actor, at=now, carrier=parcel.carrier, number=parcel.number)
    return parcel


@transaction.atomic
def replacement_delivered(return_id: int, *, actor: Actor) -> Reshipment:
    """The customer has the replacement: the return is done once every refund that belongs to it is paid.

    Repaired goods are the same units again: the customer may ask for them anew.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.close")
    parcel = Reshipment.objects.filter(of=ret).first()
    if parcel is None:
        is_repair = ret.kind == Return.Kind.REPAIR
        raise Conflict(
            _("The repaired goods were not sent yet.") if is_repair else _("No replacement was sent yet."),
            code="not_reshipped",
        )
    if parcel.delivered_at is not None:
        return parcel
    must_be(ret, S.RESHIPPED)
    now = clock.now()
    parcel.delivered_at = now
    parcel.save(update_fields=["delivered_at"])
    if ret.kind == Return.Kind.REPAIR:
        for line in ret.lines.all():
            units.free_units(line, keep=0)
    record(f"{_word(ret)}.delivered", on=ret, actor=actor, at=now)
    if finishing.is_all_paid(ret):
        finishing.finish_if_done(ret, actor=actor, at=now)
    else:
        set_progress(ret.ticket, waiting_on="", due_at=now + policy.REFUND_TARGET, at=now)
    return parcel


@transaction.atomic
def change_to_refund(return_id: int, *, actor: Actor) -> Return:
    """The replacement cannot be sent, or the customer prefers the money: the same return goes on as a refund.

    The rules speak again, because who bears which leg depends on the wish. Possible as long as no replacement is sent
    and the return has not ended, also while a refusal stands: the objection may be right and the shelf empty. A repair
    is changed before the goods are in the workshop; later `repair.give_up_repair` ends it.
    """
    ret: Return = Return.objects.visible_to(actor).lock(return_id)
    check(actor, "return.approve")
    if ret.kind == Return.Kind.RETURN:
        return ret
    must_be(ret, *changeable(ret))
    to_refund(ret, actor=actor, at=clock.now())
    return ret


def changeable(ret: Return) -> tuple[S, ...]:
    """The statuses in which such a return may become a refund: repaired goods are not bought back."""
    return tuple(each for each in CHANGEABLE if ret.kind != Return.Kind.REPAIR or each != S.AWAITING_RESHIP)


def to_refund(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """It goes on as a refund, due at once where the goods are accepted. The caller holds the lock."""
    stock.let_go(ret)
    unpaid = ret.refunds.filter(purpose__in=refunds.DIFFERENCES, status__in=("due", "failed"))
    unpaid.update(status=Refund.Status.CANCELLED)
    _change_kind(ret, Return.Kind.RETURN, actor=actor, at=at)
    if ret.status in (S.AWAITING_RESHIP, S.REPAIRING):
        _give_back_top_up(ret, actor=actor, at=at)
        refunds.make_due(ret, actor=actor, at=at)


def instead_of_repair(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """The goods cannot be mended: the same article leaves as a replacement. The caller holds the lock.

    Only for units that were accepted: the others are refused. Raises `OutOfStock`, and `BadInput` where the article is
    not in the catalogue.
    """
    _the_same_again(ret)
    _change_kind(ret, Return.Kind.EXCHANGE, actor=actor, at=at)
    begin(ret, actor=actor, at=at)
    go_on(ret, actor=actor, at=at)


def _the_same_again(ret: Return) -> None:
    for line in ret.lines.filter(accepted_quantity__gt=0).select_related("order_line__sku"):
        if line.order_line.sku is None:
            raise BadInput(
                _("“%(title)s” is not in the catalogue, so there is nothing to take from the shelf. Choose a refund."),
                field="instead",
                code="wanted_missing",
                title=str(line.order_line),
            )
        line.wanted_sku = line.order_line.sku
        line.save(update_fields=["wanted_sku"])


def _change_kind(ret: Return, kind: Return.Kind, *, actor: Actor, at: dt.datetime) -> None:
    before, ret.kind = ret.kind, kind
    Return.objects.filter(pk=ret.pk).update(kind=kind)
    record("return.kind_changed", on=ret, actor=actor, at=at, before=before, after=str(kind))
    verdicts.decide_wish(ret, actor=actor, at=at)


def _word(ret: Return) -> str:
    """What the events of the second parcel begin with."""
    return "repair" if ret.kind == Return.Kind.REPAIR else "exchange"


def _give_back_top_up(ret: Return, *, actor: Actor, at: dt.datetime) -> None:
    """What the customer paid for a replacement that now never comes goes back, beside the refund of the goods."""
    paid = Exchange.objects.filter(of=ret, difference_status=_D.SETTLED, difference_minor__gt=0).first()
    if paid is not None:
        addend = policy.Addend("price_difference", paid.difference)
        refunds.add_refund(ret, Refund.Purpose.TOP_UP, [addend], actor=actor, at=at)
