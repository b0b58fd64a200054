"""The clocks of the large sample: the response that an open question waits for."""

from __future__ import annotations

import datetime as dt

from returns.management.sample.bulk.moments import text_of
from returns.management.sample.bulk.writer import Table
from tickets.actions.clockwork import versions_in_use
from tickets.models import CalendarVersion, Clock, ClockSegment, Ticket, WorkCalendar
from tickets.models.sla_settings import FIRST, NEXT


class Clocks:
    """Writes the clocks that run, by the first policy in use. What is over has none in the sample."""

    def __init__(self) -> None:
        self.clocks = Table(
            Clock, "ticket", "metric", "cycle", "target_s", "policy_version", "calendar_version", "started_at", "due_at",
            "state",
        )  # fmt: skip
        self.segments = Table(ClockSegment, "clock", "kind", "at", "reason", "target_s", "calendar_version")
        self._targets: dict[str, tuple[int, int, CalendarVersion]] = {}
        for version in versions_in_use()[:1]:
            for metric in (FIRST, NEXT):
                target = version.read().target(metric, Ticket.Kind.QUESTION, Ticket.Priority.NORMAL, ())
                if target is not None and target.seconds is not None:
                    calendar = WorkCalendar.objects.get(key=target.calendar).current()
                    self._targets[metric] = (target.seconds, version.pk, calendar)

    def waits(self, turns: list[tuple[str, int]]) -> tuple[str, int, int] | None:
        """Metric, start and due second of the response that these turns (who, when) wait for; None where nothing is due."""
        answered = [index for index, (by, _at) in enumerate(turns) if by == "staff"]
        metric = NEXT if answered else FIRST
        unanswered = turns[answered[-1] + 1 :] if answered else turns
        if not unanswered or metric not in self._targets:
            return None
        seconds, _version, calendar = self._targets[metric]
        start = unanswered[0][1]
        due = calendar.business_hours().add(dt.datetime.fromtimestamp(start, dt.UTC), seconds)
        return metric, start, int(due.timestamp())

    def start(self, ticket: int, waits: tuple[str, int, int]) -> int:
        """Write the clock; returns its key, for the timer."""
        metric, start, due = waits
        seconds, version, calendar = self._targets[metric]
        clock = self.clocks.add(
            ticket, metric, 1, seconds, version, calendar.pk, text_of(start), text_of(due), "running"
        )
        reason = "opened" if metric == FIRST else "customer_wrote"
        self.segments.add(clock, "running", text_of(start), reason, seconds, calendar.pk)
        return clock
