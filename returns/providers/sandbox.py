"""A provider that moves no money, for the demo and the tests. It keeps its own ledger, so that double payment would show.

Faults can be injected by the cents of the amount, as real sandboxes do: …91 is refused, …92 answers late once (the
payment happened, the answer was lost), …93 is away at the first try.
"""

from __future__ import annotations

from django.core.cache import cache

from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from returns.providers.interface import Payment

_REFUSED, _LOST_ANSWER, _AWAY = 91, 92, 93
_DAY = 24 * 60 * 60


class Sandbox:
    name = "sandbox"

    def pay(self, payment: Payment) -> str:
        fault = payment.amount_minor % 100
        if fault == _REFUSED:
            raise Permanent("The sandbox refuses amounts that end in 91.")
        first_time = cache.add(f"sandbox:{payment.key}:asked", 1, _DAY)
        if fault == _AWAY and first_time:
            raise Temporary("The sandbox is away for amounts that end in 93, the first time.")
        paid_now = cache.add(f"sandbox:{payment.key}:paid", payment.amount_minor, _DAY)
        if paid_now:
            cache.add("sandbox:count", 0, _DAY)
            cache.incr("sandbox:count")
        if fault == _LOST_ANSWER and paid_now:
            raise Unknown("The sandbox lost its answer for an amount that ends in 92.")
        return f"SANDBOX-{payment.key.removeprefix('refund:')}"
