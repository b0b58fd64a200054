"""The two ends of every proof: an order is proven, or one refusal that tells nothing about what was wrong."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.ledger.record import record
from customers.models import Order, ProofAttempt


class NotProven(BadInput):
    """Wrong order, wrong contact, wrong code, code too old: one sentence for all, so that nobody can ask which."""

    code = "not_proven"
    sentence = _("These details do not match an order. Please check the order number and the code and try again.")


class LinkExpired(NotProven):
    """A link of ours that nobody used in time. Whoever holds its 256 bits may hear that: it tells of no order."""

    code = "link_expired"


@transaction.atomic
def proven(order: Order, attempt: ProofAttempt, *, how: str, actor: Actor, at: dt.datetime) -> Order:
    """Write down that the try was good. The caller's session then holds the order."""
    attempt.succeeded = True
    attempt.save(update_fields=["succeeded"])
    record("order.proven", on=order, actor=actor, at=at, how=how)
    return order
