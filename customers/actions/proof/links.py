"""A link that the shop gives a customer, for instance in the platform's chat: 256 random bits, one order, one use.

Programs that preview messages open every link, so opening shows a button and only pressing it (POST) uses the link up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.proof.limits import admit
from customers.actions.proof.outcome import LinkExpired, NotProven, proven
from customers.models import Order, ShopLink

LIFETIME = dt.timedelta(minutes=10)  # it opens an order by itself, so it lives no longer than a code (ASVS 6.5.5)


def _hash(token: str) -> str:
    """256 random bits cannot be searched, so a plain hash does."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(order_id: int, *, actor: Actor) -> str:
    """Make a link for an order and return its token, which can be read only now. Links made before stay good."""
    order: Order | None = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    check(actor, "order.link")
    at = clock.now()
    token = secrets.token_urlsafe(32)
    ShopLink.objects.create(order=order, token_sha256=_hash(token), made_at=at, expires_at=at + LIFETIME)
    record("proof.link_made", on=order, actor=actor, at=at)
    return token


def use_link(token: str, *, actor: Actor) -> Order:
    """Prove the order of a link and use the link up. Raises `NotProven` (`LinkExpired` where it is only late) or `TooMany`."""
    at = clock.now()
    hashed = _hash(token[:200])
    attempt = admit("link", hashed, actor.source, at)
    live = ShopLink.objects.filter(token_sha256=hashed, used_at=None, expires_at__gt=at)
    link = live.select_related("order").first()
    with transaction.atomic():
        if link is None or not live.filter(pk=link.pk).update(used_at=at):
            late = ShopLink.objects.filter(token_sha256=hashed, used_at=None, expires_at__lte=at)
            raise LinkExpired if late.exists() else NotProven
        return proven(link.order, attempt, how="link", actor=actor, at=at)
