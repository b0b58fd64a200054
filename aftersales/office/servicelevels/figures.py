"""The numbers of the report on service levels. Used by its page, its lists, its CSV and the overview alike.

A promise counts in the period in which it began. Whether it was missed is read off the clock as it is now, so a worker that
stands still changes no number. One that went along to another ticket (a merge, a split) is counted where it goes on.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from aftersales.kernel.actor import Actor
from aftersales.office.scope import Scope
from tickets.actions.clock_courses import WENT_ALONG
from tickets.models import CalendarVersion, Clock, ClockSegment
from tickets.models.sla_settings import FIRST

_NOT_GIVEN = ("closed", "policy")  # reasons of an end to which nobody has said anything
KEPT, MISSED, OPEN, VOID = "met", "missed", "open", "void"
S = Clock.State


@dataclass(slots=True)
class Kept:
    """How many promises were kept and missed; `open` are not decided yet."""

    met: int = 0
    missed: int = 0
    open: int = 0

    @property
    def decided(self) -> int:
        return self.met + self.missed

    @property
    def percent(self) -> int | None:
        """Of what is decided; None where nothing is. Never 100 while one was missed."""
        return 100 * self.met // self.decided if self.decided else None


@dataclass(slots=True)
class Line:
    """A team, an agent, or all: by metric, and the median first response in seconds of opening hours."""

    by: dict[str, Kept] = field(default_factory=lambda: defaultdict(Kept))
    first: int | None = None


class Report:
    """The promises of a period, as they stand at `now`; those of one metric where it is named."""

    def __init__(self, scope: Scope, actor: Actor, now: dt.datetime, *, metric: str = "") -> None:
        along = ClockSegment.objects.filter(clock=OuterRef("pk"), kind="stopped", reason__in=WENT_ALONG)
        rows = Clock.objects.visible_to(actor).filter(started_at__gte=scope.begins, started_at__lt=scope.ends)
        if scope.shop:
            rows = rows.filter(ticket__order__shop=scope.shop)
        if metric:
            rows = rows.filter(metric=metric)
        self.rows: QuerySet[Clock] = rows.filter(~Exists(along))
        self.now = now

    def of(self, outcome: str) -> QuerySet[Clock]:
        """The very rows behind a number."""
        return self.rows.filter(self._is(outcome))

    def _is(self, outcome: str) -> Q:
        late = Q(state=S.MISSED) | Q(state=S.RUNNING, due_at__lt=self.now) | Q(state=S.PAUSED, late_at__isnull=False)
        if outcome == MISSED:
            return late
        if outcome == OPEN:
            return Q(state__in=Clock.OPEN) & ~late
        return Q(state=outcome)

    def lines(self, column: str | None = None) -> dict[int | None, Line]:
        """By the key of what `column` leads to (None: nobody's); without a column, one line for all under None."""
        found: dict[int | None, Line] = defaultdict(Line)
        columns = ("metric", column) if column else ("metric",)
        counts = {name: Count("pk", filter=self._is(name)) for name in (KEPT, MISSED, OPEN)}
        for row in self.rows.order_by().values(*columns).annotate(**{f"n_{name}": counts[name] for name in counts}):
            kept = Kept(row["n_met"], row["n_missed"], row["n_open"])
            if kept.decided or kept.open:
                found[row[column] if column else None].by[row["metric"]] = kept
        return dict(found)


def first_responses(report: Report) -> Iterator[tuple[int | None, int | None, int]]:
    """Team, agent, and the seconds of opening hours until the first response of each ticket that was given one."""
    unsaid = ClockSegment.objects.filter(
        clock=OuterRef("pk"), kind="stopped", reason__in=_NOT_GIVEN, at=OuterRef("stopped_at")
    )
    given = report.rows.filter(~Exists(unsaid), metric=FIRST, state__in=(S.MET, S.MISSED)).order_by()
    hours = {
        version.pk: version.business_hours() for version in CalendarVersion.objects.filter(clocks__in=given).distinct()
    }
    plain = given.annotate(parts=Count("segments")).values_list(
        "pk", "ticket__team", "ticket__assignee", "started_at", "stopped_at", "calendar_version", "parts"
    )
    winding: dict[int, tuple[int | None, int | None]] = {}
    for pk, team, agent, started, stopped, calendar, parts in plain:
        if parts == 2 and stopped is not None:  # it began and it ended, and that is all
            yield team, agent, hours[calendar].between(started, stopped)
        else:
            winding[pk] = team, agent
    for each in Clock.objects.filter(pk__in=winding).told():
        yield *winding[each.pk], each.elapsed(report.now)


def with_medians(
    lines: dict[int | None, Line],
    responses: list[tuple[int | None, int | None, int]],
    key: Callable[[tuple[int | None, int | None, int]], int | None],
) -> dict[int | None, Line]:
    """The lines with the median first response of each."""
    waits: dict[int | None, list[int]] = defaultdict(list)
    for each in responses:
        waits[key(each)].append(each[2])
    for name, line in lines.items():
        line.first = int(median(waits[name])) if waits[name] else None
    return lines


def first_kept(scope: Scope, actor: Actor, now: dt.datetime) -> Kept:
    """First responses alone, for the overview."""
    return Report(scope, actor, now, metric=FIRST).lines().get(None, Line()).by[FIRST]
