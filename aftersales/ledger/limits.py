"""How many sends at once, and how many in a second, one far side is given (`SEND_LIMITS`). Asked by the outbox at each claim.

The database settles it, over all workers: whoever takes a row for a far side first moves on the instant of its next send,
which holds that one row of `Breaker` until the claim is committed, and counts what is under way there by its leases. So two
workers never both take the last place, and the place of one that was killed is free when its lease is over. A row that must
wait is not touched: no try is counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q

from aftersales.environment import SendLimit
from aftersales.kernel import clock
from aftersales.ledger.models import Breaker, Outbound

_FREE = SendLimit(0, 0)
_ANY = "*"


def far_side(row: Outbound) -> str:
    """Whose breaker and whose limit counts: one receiver, else the channel."""
    return row.destination or row.channel


def of(far_sides: Iterable[str]) -> Q:
    """The rows that go to one of these."""
    names = list(far_sides)
    return Q(destination__in=names) | Q(destination="", channel__in=names)


def limit_of(row: Outbound) -> SendLimit:
    """What is set for its far side, else for its channel, else for everybody."""
    limits = settings.SEND_LIMITS
    return limits.get(far_side(row)) or limits.get(row.channel) or limits.get(_ANY) or _FREE


def within(row: Outbound, now: dt.datetime, take: Callable[[], bool]) -> bool | None:
    """Take the row (`take` is the claim) if its far side has a place for it now; None, and nothing written, where it has none."""
    limit, name = limit_of(row), far_side(row)
    if limit == _FREE:
        return take()
    with transaction.atomic():
        taken = take() if _has_turn(name, limit, now) and _has_place(name, limit, now) else None
        if not taken:
            transaction.set_rollback(True)  # the turn is another's
        return taken


def pause(now: dt.datetime, which: Q) -> float | None:
    """Seconds until the next send to a far side that is paced and has rows of these due; None where nothing waits so."""
    soon = Breaker.objects.filter(next_send_at__gt=now, next_send_at__lte=now + dt.timedelta(seconds=1))
    names = list(soon.values_list("destination", flat=True))
    if not names or not Outbound.objects.ready(now).filter(which, of(names)).exists():
        return None
    at: dt.datetime | None = soon.aggregate(at=Min("next_send_at"))["at"]
    return max((at - now).total_seconds(), 0.0) if at else None


def _has_turn(name: str, limit: SendLimit, now: dt.datetime) -> bool:
    """Also the lock under which places are counted. Where the clock is held still, nothing is paced."""
    is_paced = bool(limit.each_second) and not clock.is_fixed()
    next_at = now + dt.timedelta(seconds=1 / limit.each_second) if is_paced else None
    line = Breaker.objects.filter(destination=name)
    turn = line.filter(Q(next_send_at=None) | Q(next_send_at__lte=now)) if is_paced else line
    if turn.update(next_send_at=next_at):
        return True
    return Breaker.objects.get_or_create(destination=name, defaults={"next_send_at": next_at})[1]


def _has_place(name: str, limit: SendLimit, now: dt.datetime) -> bool:
    if not limit.at_once:
        return True
    under_way = Outbound.objects.pending().filter(of([name]), lease_until__gte=now)
    return under_way.count() < limit.at_once
