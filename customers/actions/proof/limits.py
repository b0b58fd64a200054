"""How often an order may be tried, counted in the database: by what is tried, by who tries, and by all together.

A try is written down and committed before it is judged, so that fifty at the same moment count as fifty. Tries that
proved their order do not count against anybody; refused ones are not kept, or a patient stranger could keep the
owner of an order out for ever.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import TooMany
from aftersales.ledger.models import Event
from aftersales.ledger.once import once
from aftersales.ledger.record import record
from customers.models import ProofAttempt

log = structlog.get_logger()

_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    most: int
    within: dt.timedelta


PER_SOURCE = Limit(10, 10 * _MINUTE)  # failed tries and requests for codes, per IPv4 address or IPv6 /64
PER_ORDER = (Limit(5, _HOUR), Limit(10, _DAY))  # failed tries of one order number, known or not
PER_CONTACT = (Limit(3, _HOUR), Limit(6, _DAY))  # codes to one contact, known or not
# With a six-digit code, five hundred wrong tries an hour in all leave an attacker about one hit in a fortnight.
ALL_TOGETHER = Limit(500, _HOUR)

JUDGED = ("claim", "code")


class OnlyLinks(TooMany):
    """Somebody is trying out orders on a large scale: until that stops, only links from the shop open an order."""

    code = "only_links"
    sentence = _(
        "Orders can be opened only through a link from the shop right now. Please ask the shop to send you one."
    )


def source_key(source: str) -> str:
    """Who tries: an IPv4 address, or the /64 that one IPv6 customer is given."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:64]
    if address.version == 6 and (mapped := address.ipv4_mapped) is not None:
        return str(mapped)
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def admit(kind: str, target: str, source: str, at: dt.datetime) -> ProofAttempt:
    """Count the try and return it, as failed until it is proven. Raises `TooMany` or `OnlyLinks`, and then keeps nothing."""
    attempt = ProofAttempt.objects.create(target_sha256=target, source=source_key(source), kind=kind, at=at)
    for tries, limit in _counted(attempt):
        if wait := _seconds_to_wait(tries, limit, at):
            attempt.delete()
            log.info("proof.limited", kind=kind, source=attempt.source, retry_after=wait)
            raise TooMany(retry_after=wait)
    if kind != "link" and (wait := _seconds_to_wait(_failed(), ALL_TOGETHER, at)):
        _alert_once(attempt, at)
        attempt.delete()
        raise OnlyLinks(retry_after=wait)
    return attempt


def _failed() -> QuerySet[ProofAttempt]:
    return ProofAttempt.objects.filter(kind__in=JUDGED, succeeded=False)


def _counted(attempt: ProofAttempt) -> Iterator[tuple[QuerySet[ProofAttempt], Limit]]:
    yield ProofAttempt.objects.filter(source=attempt.source, succeeded=False), PER_SOURCE
    same = ProofAttempt.objects.filter(target_sha256=attempt.target_sha256, kind=attempt.kind, succeeded=False)
    for limit in {"send": PER_CONTACT, "link": ()}.get(attempt.kind, PER_ORDER):
        # Both ways of proving share the order's budget: otherwise a second door would double the tries.
        yield (_failed().filter(target_sha256=attempt.target_sha256) if attempt.kind in JUDGED else same), limit


def _seconds_to_wait(tries: QuerySet[ProofAttempt], limit: Limit, at: dt.datetime) -> int:
    """0 when there is room, counting the present try; else how long until the oldest one that is in the way leaves."""
    times = list(tries.filter(at__gt=at - limit.within).order_by("-at").values_list("at", flat=True)[: limit.most + 1])
    if len(times) <= limit.most:
        return 0
    oldest_in_the_way: dt.datetime = times[limit.most]
    return max(1, math.ceil((oldest_in_the_way + limit.within - at).total_seconds()))


def flooded_since(at: dt.datetime) -> bool:
    """Whether staff were told since then that orders are tried out on a large scale. Asked by the office's first page."""
    return Event.objects.filter(name="proof.flooded", at__gt=at).exists()


@transaction.atomic
def _alert_once(attempt: ProofAttempt, at: dt.datetime) -> None:
    """One event an hour, however many tries: staff and the monitoring hear it, nobody is flooded."""
    if flooded_since(at - _HOUR):
        return

    def tell() -> tuple[int, dict[str, int]]:
        event = record("proof.flooded", on=attempt, actor=SYSTEM, at=at, most=ALL_TOGETHER.most)
        log.warning("proof.flooded", most=ALL_TOGETHER.most)
        return 201, {"event": event.pk}

    # Of fifty tries at the same moment none sees the others' event yet: the key of the hour lets one of them tell.
    once(principal=str(SYSTEM), endpoint="proof.flooded", key=f"{at:%Y-%m-%dT%H}", request={}, work=tell)
