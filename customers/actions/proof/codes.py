"""A six-digit code to the contact on file: ask for it, and prove the order with it.

Ten minutes, five tries, one use; a new code cancels the old one (ASVS 6.5). Kept as a slow salted hash. Whatever was
typed, the same hashing is done and the same is answered.
"""

from __future__ import annotations

import datetime as dt
import functools
import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.ledger import doorbell
from aftersales.ledger.record import record
from aftersales.notices.actions.codes import send_code
from customers.actions.contacts import canonical
from customers.actions.proof.limits import admit
from customers.actions.proof.outcome import NotProven, proven
from customers.actions.proof.typed import keyed, orders_numbered, plain_digits, plain_number
from customers.models import ContactPoint, Order, ProofCode

LIFETIME = dt.timedelta(minutes=10)
MOST_TRIES = 5


def request_code(number: str, contact: str, *, actor: Actor) -> None:
    """Send a code if the contact is on file for the order; say nothing about whether it is. Raises only `TooMany`.

    `actor` gives the network source for the limits and the language of the message.
    """
    at = clock.now()
    canonical_contact = canonical(contact)
    typed = canonical_contact[1] if canonical_contact else contact.strip().casefold()[:254]
    admit("send", keyed("contact", typed), actor.source, at)
    code = f"{secrets.randbelow(10**6):06d}"
    code_hash = make_password(code)  # also where nothing will be sent: the time would tell
    found = _contact_on_file(number, typed)
    with transaction.atomic():
        if found is None:
            doorbell.ring_after_commit()  # as where something is sent: the time would tell
            return
        _send(*found, code=code, code_hash=code_hash, actor=actor, at=at)


def _contact_on_file(number: str, value: str) -> tuple[Order, ContactPoint] | None:
    orders = {order.person_id: order for order in orders_numbered(number)}
    point = ContactPoint.objects.filter(person__in=list(orders), value=value).order_by("pk").first()
    return (orders[point.person_id], point) if point else None


def _send(order: Order, point: ContactPoint, *, code: str, code_hash: str, actor: Actor, at: dt.datetime) -> None:
    Order.objects.select_for_update().get(pk=order.pk)  # two requests at once: one code lives, the later one
    ProofCode.objects.filter(order=order, used_at=None, expires_at__gt=at).update(expires_at=at)
    ProofCode.objects.create(
        order=order, contact_point=point, code_hash=code_hash, sent_at=at, expires_at=at + LIFETIME
    )
    record("proof.code_requested", on=order, actor=actor, at=at, contact=point.masked)
    send_code(point, code, actor.locale)


def check_code(number: str, code: str, *, actor: Actor) -> Order:
    """Prove an order by the code that was sent. Raises `NotProven` or `TooMany`."""
    at = clock.now()
    attempt = admit("code", keyed("order", plain_number(number).casefold()), actor.source, at)
    sent = _take_try(orders_numbered(number), at)
    # One slow comparison either way: with the code's hash, or with that of a code nobody has.
    is_right = check_password(plain_digits(code), sent.code_hash if sent else _nobodys_hash())
    if sent is None or not is_right:
        raise NotProven(field="code")
    with transaction.atomic():
        if not ProofCode.objects.filter(pk=sent.pk, used_at=None).update(used_at=at):
            raise NotProven(field="code")  # the same code at the same moment: one of the two came first
        ContactPoint.objects.filter(pk=sent.contact_point_id, verified_at=None).update(verified_at=at)
        return proven(sent.order, attempt, how="code", actor=actor, at=at)


def _take_try(orders: list[Order], at: dt.datetime) -> ProofCode | None:
    """The live code of the order with one of its five tries spent, or None. The update is the count: it cannot race."""
    live = ProofCode.objects.filter(order__in=orders, used_at=None, expires_at__gt=at, tries__lt=MOST_TRIES)
    sent = live.select_related("order").order_by("-sent_at", "-pk").first()
    if sent is None or not live.filter(pk=sent.pk).update(tries=F("tries") + 1):
        return None
    return sent


@functools.cache
def _nobodys_hash() -> str:
    return make_password(secrets.token_urlsafe(16))
