"""How the work that falls due is doing, counted in the database when asked. Read by the office's page and by `/metrics`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q

from aftersales.ledger import breakers, selfcheck, sending, stops
from aftersales.ledger.models import Breaker, DailyRun, Delivery, Due, Outbound, SelfCheck, Stop, SweepRun, Timer

LAG_OVER = dt.timedelta(hours=1)
KINDS: dict[str, type[Due]] = {"timer": Timer, "delivery": Delivery, "outbound": Outbound, "daily": DailyRun}


@dataclass(frozen=True, slots=True)
class Depth:
    """One kind of work. `waiting` is not due yet or is, `due` is; `held` of these a stop or a breaker holds back.

    `oldest_seconds`: how late the most overdue row is that nothing holds back. `p50` and `p99`: seconds from due to done
    of what was done in the last hour, None when nothing was.
    """

    kind: str
    waiting: int
    due: int
    held: int
    stuck: int
    oldest_seconds: float
    done: int
    p50: float | None
    p99: float | None


def depths(now: dt.datetime) -> list[Depth]:
    """Each kind of work, three or four statements each over partial indexes."""
    stopped = stops.standing()
    return [_depth(kind, model, now, stopped) for kind, model in KINDS.items()]


def _depth(kind: str, model: type[Due], now: dt.datetime, stopped: frozenset[str]) -> Depth:
    due = Q(due_at__lte=now) & (Q(paused_at=None) if model is Timer else Q())
    free = _free(model, now, stopped)
    waiting = model.objects.pending().aggregate(
        all=Count("pk"), due=Count("pk", filter=due), free=Count("pk", filter=due & free),
        oldest=Min("due_at", filter=due & free),
    )  # fmt: skip
    oldest = (now - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0.0
    done, p50, p99 = _lags(model, now)
    return Depth(
        kind, waiting["all"], waiting["due"], waiting["due"] - waiting["free"], model.objects.stuck().count(),
        round(oldest, 1), done, p50, p99,
    )  # fmt: skip


def _free(model: type[Due], now: dt.datetime, stopped: frozenset[str]) -> Q:
    """What no stop and no open breaker holds back."""
    if model is Outbound:
        return sending.free(now, stopped)
    if model is Timer:
        return stops.timers_free(stopped)
    return Q(pk=None) if Stop.RESTORED in stopped and model is not Delivery else Q()


def _lags(model: type[Due], now: dt.datetime) -> tuple[int, float | None, float | None]:
    """Rows done in the last hour, and the median and 99th percentile in seconds: the row at that place by sorting, which
    is the same on both databases."""
    rows = model.objects.filter(status=Due.Status.DONE, done_at__gt=now - LAG_OVER, done_at__lte=now)
    count = rows.count()
    if not count:
        return 0, None, None
    lag = ExpressionWrapper(F("done_at") - F("due_at"), output_field=DurationField())
    sorted_lags = rows.annotate(lag=lag).order_by("lag").values_list("lag", flat=True)

    def at(share: float) -> float:
        found: dt.timedelta = sorted_lags[min(count - 1, int(count * share))]
        return round(max(found.total_seconds(), 0.0), 1)

    return count, at(0.5), at(0.99)


def sweeps() -> list[SweepRun]:
    """The latest pass of each trigger, the newest first."""
    return list(SweepRun.objects.order_by("-at"))


def open_breakers() -> list[Breaker]:
    """Far sides that are left alone now, or were and wait for the first answer."""
    failing = Breaker.objects.filter(failures__gte=breakers.OPENS_AFTER)
    return list(failing.order_by("destination"))


def self_checks() -> list[tuple[selfcheck.Invariant, SelfCheck]]:
    """What the hourly self-check found last, of everything that has been looked at."""
    found = {row.code: row for row in SelfCheck.objects.all()}
    return [(each, found[each.code]) for each in selfcheck.known() if each.code in found]


def standing_stops() -> list[Stop]:
    return list(Stop.objects.standing().select_related("by").order_by("at"))


def stuck_rows(most: int) -> list[Due]:
    """Rows only a person can move on, the longest waiting first, `most` of each kind at most."""
    found: list[Due] = []
    for model in KINDS.values():
        found += model.objects.stuck().order_by("due_at")[:most]
    return sorted(found, key=lambda row: row.due_at)
