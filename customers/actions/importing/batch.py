"""Store a batch of orders in a few statements; if one breaks the batch, store them one by one so that only it is left out.

Counters that the desk owns (claimed, refunded) are in no list of fields here: an import cannot touch them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from customers.actions.importing import arrivals, revisions
from customers.actions.importing.results import BatchResult, Refused, Shopfront
from customers.actions.importing.shapes import OrderFacts
from customers.models import Order


class NotStorable(Conflict):
    """The database refused the order: a value outside what a column holds, or a rule of the archive broken."""

    code = "order_not_storable"
    sentence = _("The archive does not take this order: %(why)s.")


def store_batch(batch: Sequence[OrderFacts], *, front: Shopfront, actor: Actor, at: dt.datetime) -> BatchResult:
    """Create what is new, revise what differs, leave the rest. No two orders of a batch may share a number."""
    check(actor, "order.import")
    try:
        with transaction.atomic():
            return _store(batch, front, at)
    except (IntegrityError, DataError, OverflowError) as problem:
        if len(batch) == 1:
            why = str(problem).strip().split("\n")[0]
            return BatchResult(refused=[Refused(batch[0].number, NotStorable(why=why))])
    result = BatchResult()
    for facts in batch:
        result.add(store_batch([facts], front=front, actor=actor, at=at))
    return result


def _store(batch: Sequence[OrderFacts], front: Shopfront, at: dt.datetime) -> BatchResult:
    batch = [_at_home(facts, front.shop.country) for facts in batch]
    result = BatchResult(stored=[facts.number for facts in batch])
    # In the order of the key, so that two imports at once wait for each other instead of locking crosswise.
    known = {
        order.number: order
        for order in Order.objects.select_for_update()
        .filter(platform=front.source, number__in=result.stored)
        .order_by("pk")
    }
    fresh = [facts for facts in batch if facts.number not in known]
    differing = [
        facts for facts in batch if facts.number in known and known[facts.number].content_sha256 != facts.digest
    ]
    result.orders_unchanged = len(batch) - len(fresh) - len(differing)
    if fresh:
        arrivals.create(fresh, front.shop, front.source, at, result)
    if differing:
        revisions.revise([(known[facts.number], facts) for facts in differing], front.source, at, result)
    return result


def _at_home(facts: OrderFacts, country: str) -> OrderFacts:
    """An address without a country lies in the shop's."""
    if facts.address is None or facts.address.country:
        return facts
    return replace(facts, address=replace(facts.address, country=country))
