"""Circuit breakers: a far side that fails again and again is left alone for a while, so that it and our workers recover.

Called by the outbox around each send. One breaker for each destination, so that a receiver that is down delays nobody
else. When the pause is over one row goes first; only its answer lets the others follow.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Q

from aftersales.ledger.models import Breaker, Outbound

log = structlog.get_logger()

OPENS_AFTER = 5  # failures in a row
FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(minutes=5)


def open_ones(now: dt.datetime) -> list[str]:
    """The destinations nothing is sent to at this moment."""
    return list(Breaker.objects.filter(open_until__gt=now).values_list("destination", flat=True))


def lines(now: dt.datetime) -> list[Breaker]:
    """The far sides that failed last or were sent to a moment ago: the few that a claim must know of."""
    return list(Breaker.objects.filter(Q(failures__gt=0) | Q(next_send_at__gt=now)))


def lets_through(destination: str, now: dt.datetime) -> bool:
    """Whether this row may be sent. After a pause only one worker gets a yes, until that one has its answer."""
    breaker = Breaker.objects.filter(destination=destination, failures__gte=OPENS_AFTER).first()
    if breaker is None:
        return True
    first = Breaker.objects.filter(pk=breaker.pk, open_until=breaker.open_until, open_until__lte=now)
    return bool(first.update(open_until=now + Outbound.LEASE))


def answered(destination: str) -> None:
    """The far side answered, be it with a refusal: whatever failed before is over."""
    Breaker.objects.filter(destination=destination, failures__gt=0).update(failures=0, open_until=None)


def not_asked(destination: str, now: dt.datetime) -> None:
    """A row let through at `now` did not leave after all, which says nothing of the far side: the next one goes first."""
    mine = Breaker.objects.filter(destination=destination, failures__gte=OPENS_AFTER)
    mine.filter(open_until=now + Outbound.LEASE).update(open_until=now)


@transaction.atomic
def failed(destination: str, error: str, now: dt.datetime) -> None:
    """The far side is away or its answer was lost. After the fifth time in a row it is left alone, longer each time."""
    breaker, _ = Breaker.objects.select_for_update().get_or_create(destination=destination)
    breaker.failures += 1
    breaker.failed_at, breaker.last_error = now, error[:500]
    if breaker.failures >= OPENS_AFTER:
        doubled = FIRST_PAUSE * 2 ** min(breaker.failures - OPENS_AFTER, 10)
        breaker.open_until = now + min(doubled, LONGEST_PAUSE)
        log.error("outbox.breaker_open", destination=destination, failures=breaker.failures)
    breaker.save(update_fields=["failures", "failed_at", "last_error", "open_until"])
