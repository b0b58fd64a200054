"""Pay a refund exactly once: release by one or two people, reserve the money, hand it to the provider, write the outcome."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import outbox
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.models import Order
from returns import providers
from returns.actions import finishing, refunds
from returns.actions.by import user_id_of
from returns.machine import S, move
from returns.models import Refund, RefundComponent, Return
from tickets.actions.opening import set_progress

_St = Refund.Status


class SecondPersonNeeded(Conflict):
    code = "second_person_needed"
    sentence = _("A refund of %(amount)s needs a second person. Ask a lead or a manager to release it.")


class MoreThanPaid(Conflict):
    """The money constraint of the order said no."""

    code = "more_than_paid"
    sentence = _("This would refund more than was paid for the order. Check the earlier refunds of the order.")


def _locked(refund_id: int, actor: Actor) -> tuple[Refund, Return]:
    """Refund and return, locked in the one order everybody uses: return first."""
    refund = Refund.objects.filter(pk=refund_id).first()
    if refund is None:
        raise NotFound
    ret: Return = Return.objects.visible_to(actor).lock(refund.of_id)
    refund.refresh_from_db()
    return refund, ret


@transaction.atomic
def release_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Let the money go. Above the shop's limit the first release only counts; a different lead or manager sends it.

    Fifty at the same moment are one payment: the row lock, the order's money constraint and the provider's
    idempotency key would each be enough alone. Raises `SecondPersonNeeded`, `MoreThanPaid`.
    """
    refund, ret = _locked(refund_id, actor)
    check(actor, "refund.pay")
    if refund.status != _St.DUE:
        return refund
    user_id = user_id_of(actor)
    if refund.needs_second:
        is_person = actor.kind == "staff"  # two people look at it: a program of one of them is neither
        if refund.first_by_id is None and is_person:
            return _first_release(refund, ret, actor)
        if not is_person or refund.first_by_id == user_id:
            raise SecondPersonNeeded(amount=str(refund.total))
        check(actor, "refund.pay_large")
        refund.second_by_id = user_id
        record("refund.released_again", on=ret, actor=actor, refund=refund.ref)
    else:
        refund.first_by_id = user_id
    _reserve(refund, ret)
    return _send(refund, ret, actor)


def _first_release(refund: Refund, ret: Return, actor: Actor) -> Refund:
    refund.first_by_id = actor.id
    refund.save(update_fields=["first_by"])
    record("refund.released", on=ret, actor=actor, refund=refund.ref)
    return refund


def _reserve(refund: Refund, ret: Return) -> None:
    """Take the sum out of what may still be refunded. A transfer of its own takes nothing from there."""
    if refund.is_transfer:
        return
    amount = refund.total_minor
    room = Order.objects.filter(pk=ret.order_id, paid_minor__gte=F("refunded_minor") + amount)
    if not room.update(refunded_minor=F("refunded_minor") + amount):
        raise MoreThanPaid


def _release_reserve(refund: Refund) -> None:
    if not refund.is_transfer:
        Order.objects.filter(pk=refund.of.order_id).update(refunded_minor=F("refunded_minor") - refund.total_minor)


def _send(refund: Refund, ret: Return, actor: Actor) -> Refund:
    now = clock.now()
    # A transfer goes to the customer by hand whatever pays refunds: it never was part of the original payment.
    by_hand = refund.is_transfer or ret.order.shop.refund_provider == providers.MANUAL
    refund.provider = providers.MANUAL if by_hand else ret.order.shop.refund_provider
    refund.status = _St.SENDING
    refund.save(update_fields=["status", "provider", "first_by", "second_by"])
    if ret.status == S.REFUND_DUE:
        move(ret, S.REFUNDING, at=now)
    if not by_hand:
        outbox.put(
            channel="refund",
            key=_key(refund),
            on=refund,
            payload={
                "provider": refund.provider,
                "order": ret.order.number,
                "amount_minor": refund.total_minor,
                "currency": refund.currency,
            },
        )
    _wait_for_money(refund, ret, waiting_on="finance", due_at=refund.due_at, at=now)
    record("refund.sending", on=ret, actor=actor, at=now, refund=refund.ref, amount=str(refund.total))
    return refund


def _wait_for_money(
    refund: Refund, ret: Return, *, waiting_on: str, due_at: dt.datetime | None, at: dt.datetime
) -> None:
    """The ticket waits for the money; not for a transfer while the goods are here: the workshop or the parcel counts then."""
    if not (refund.is_transfer and ret.status in (S.REPAIRING, S.AWAITING_RESHIP)):
        set_progress(ret.ticket, waiting_on=waiting_on, due_at=due_at, at=at)


def _key(refund: Refund) -> str:
    """Under which the provider sees the payment, however often it is sent."""
    return f"refund:{refund.ref}"


@transaction.atomic
def record_payment(refund_id: int, *, payment_ref: str, actor: Actor) -> Refund:
    """Somebody paid by hand and gives the payment's number as proof. The same again changes nothing; another number is
    refused (`DoneOtherwise`): it may have been paid twice."""
    refund, ret = _locked(refund_id, actor)
    check(actor, "refund.pay")
    if refund.status == _St.PAID:
        if refund.provider_ref != payment_ref.strip()[:200]:
            raise DoneOtherwise("refund.paid", on=ret, refund=refund.ref)
        return refund
    if refund.status != _St.SENDING or refund.provider != providers.MANUAL:
        raise Conflict(_("Release the refund first; only released refunds can be paid."), code="not_released")
    if not payment_ref.strip():
        raise BadInput(
            _("Enter the number of the payment, so that it can be found again."), field="payment_ref", code="empty"
        )
    mark_paid(refund, ret, provider_ref=payment_ref.strip(), actor=actor)
    return refund


@transaction.atomic
def settle_unknown(refund_id: int, *, was_paid: bool, payment_ref: str, actor: Actor) -> Refund:
    """A lead looked the payment up at the provider and says whether it happened. Never repeated blindly.

    The row in the outbox is settled with it: sent again from the office later, it would be a second payment.
    """
    refund, ret = _locked(refund_id, actor)
    check(actor, "refund.record_proof")
    if refund.status != _St.UNKNOWN:
        if refund.status in (_St.PAID, _St.FAILED) and was_paid != (refund.status == _St.PAID):
            raise DoneOtherwise("refund.failed" if was_paid else "refund.paid", on=ret, refund=refund.ref)
        if was_paid and refund.status == _St.PAID and refund.provider_ref != payment_ref.strip()[:200]:
            raise DoneOtherwise("refund.paid", on=ret, refund=refund.ref)
        return refund
    if was_paid and not payment_ref.strip():
        raise BadInput(
            _("Enter the number of the payment, so that it can be found again."), field="payment_ref", code="empty"
        )
    if not outbox.answered(_key(refund), was_done=was_paid, reference=payment_ref.strip(), at=clock.now()):
        raise Conflict
    if was_paid:
        mark_paid(refund, ret, provider_ref=payment_ref.strip(), actor=actor)
    else:
        mark_failed(refund, ret, why=str(_("looked up: not paid")), actor=actor)
    return refund


@transaction.atomic
def retry_refund(refund_id: int, *, actor: Actor) -> Refund:
    """After a refusal by the provider: the same sum under a new reference, hence a new key. Needs releasing again."""
    refund, ret = _locked(refund_id, actor)
    check(actor, "refund.pay")
    live = ret.refunds.filter(purpose=refund.purpose, status__in=refunds.LIVE).first()
    if live is not None:
        return live
    if refund.status != _St.FAILED:
        raise Conflict(_("Only a refund that the provider refused can be tried again."), code="not_failed")
    again = Refund.objects.create(
        ref=new_ref("F"),
        of=ret,
        purpose=refund.purpose,
        total_minor=refund.total_minor,
        currency=refund.currency,
        created_at=clock.now(),
        due_at=refund.due_at,
        needs_second=refund.needs_second,
    )
    RefundComponent.objects.bulk_create(
        RefundComponent(
            refund=again, kind=each.kind, line=each.line, quantity=each.quantity, amount_minor=each.amount_minor
        )
        for each in refund.components.all()
    )
    record("refund.due", on=ret, actor=actor, refund=again.ref, amount=str(again.total), amount_minor=again.total_minor)
    return again


def mark_paid(refund: Refund, ret: Return, *, provider_ref: str, actor: Actor = SYSTEM) -> None:
    """The money is there. The caller holds the lock of the return."""
    now = clock.now()
    refund.status, refund.paid_at, refund.provider_ref = _St.PAID, now, provider_ref[:200]
    refund.save(update_fields=["status", "paid_at", "provider_ref"])
    record(
        "refund.paid", on=ret, actor=actor, at=now,
        refund=refund.ref, amount=str(refund.total), amount_minor=refund.total_minor, purpose=refund.purpose,
    )  # fmt: skip
    finishing.finish_if_done(ret, actor=actor, at=now)


def mark_failed(refund: Refund, ret: Return, *, why: str, actor: Actor = SYSTEM) -> None:
    """The provider refused: the reserve is free again and a person must look. The caller holds the lock of the return."""
    now = clock.now()
    refund.status, refund.failure = _St.FAILED, why[:500]
    refund.save(update_fields=["status", "failure"])
    _release_reserve(refund)
    if ret.status == S.REFUNDING:
        move(ret, S.REFUND_DUE, at=now)
    _wait_for_money(refund, ret, waiting_on="", due_at=now, at=now)
    record("refund.failed", on=ret, actor=actor, at=now, refund=refund.ref, why=refund.failure)


def mark_unknown(refund: Refund, ret: Return, *, why: str) -> None:
    """The answer was lost. The reserve stays taken, because it may have been paid. The caller holds the lock."""
    now = clock.now()
    refund.status, refund.failure = _St.UNKNOWN, why[:500]
    refund.save(update_fields=["status", "failure"])
    _wait_for_money(refund, ret, waiting_on="", due_at=now, at=now)
    record("refund.unknown", on=ret, actor=SYSTEM, at=now, refund=refund.ref)
