"""A version of a policy in words: a line for each target, pause, warning and step. Two versions are compared by them."""

from __future__ import annotations

from django.utils.translation import gettext

from aftersales.kernel.reader import listed
from tickets.models import Clock, Ticket
from tickets.models.sla_settings import DEEDS, METRICS, Settings


def lines(settings: Settings, calendars: dict[str, str], tiers: dict[str, str]) -> list[tuple[str, str]]:
    """(what, how much) in the order in which it holds. `calendars` and `tiers`: names by key."""
    metrics, kinds = dict(Clock.Metric.choices), dict(Ticket.Kind.choices)
    priorities = dict(Ticket.Priority.choices)
    found = []
    for row in settings.targets:
        whom = [
            str(metrics[row.metric]),
            *([str(kinds.get(row.kind, row.kind))] if row.kind else []),
            *([str(priorities[row.priority])] if row.priority is not None else []),
            *([gettext("customers: %(tier)s") % {"tier": tiers.get(row.tier, row.tier)}] if row.tier else []),
        ]
        length = gettext("the same day") if row.seconds is None else _length(row.seconds)
        counted = gettext("%(length)s, counted by %(calendar)s")
        found.append(
            (" · ".join(whom), counted % {"length": length, "calendar": calendars.get(row.calendar, row.calendar)})
        )
    states = dict(Ticket.WaitingOn.choices)
    for metric in METRICS:
        if waits := sorted(settings.pauses.get(metric, ())):
            says = gettext("waits for %(whom)s") % {"whom": listed(states.get(each, each) for each in waits)}
            found.append((gettext("%(metric)s stands still") % {"metric": metrics[metric]}, says))
        if points := settings.warnings.get(metric):
            told = [
                gettext("%(percent)s%% used") % {"percent": point.percent}
                if point.left is None
                else gettext("%(time)s before the end") % {"time": _length(point.left)}
                for point in points
            ]
            found.append((gettext("%(metric)s warns at") % {"metric": metrics[metric]}, listed(told)))
    for step in settings.steps:
        after = gettext("%(time)s after it") % {"time": _length(step.after)} if step.after else gettext("at once")
        found.append(
            (
                gettext("%(metric)s was missed") % {"metric": metrics[step.metric]},
                gettext("%(when)s: %(deed)s") % {"when": after, "deed": DEEDS[step.deed]},
            )
        )
    again = _length(settings.continue_within)
    found.append((gettext("Opened again, the old clock goes on within"), again))
    return found


def _length(seconds: int) -> str:
    """In hours or minutes; a day would be read as one of the calendar, and these are opening hours."""
    return (
        gettext("%d h") % (seconds // 3600) if seconds % 3600 == 0 and seconds else gettext("%d min") % (seconds // 60)
    )
