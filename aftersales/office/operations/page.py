"""The page of operations: depth, lateness, what is set aside, triggers, breakers, stops. It asks anew every five seconds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may
from aftersales.ledger import gauges
from aftersales.ledger.models import Due, Outbound, Stop
from aftersales.office.operations import asking, holding, words

SILENT_SECONDS = 30  # without any pass things fall due that nobody does
BEAT_SECONDS = 60
LATE_SECONDS = 60
SKEW_MS = 2_000
MOST_ROWS = 50

# deed -> words on its button; which of them a row has follows from its kind and status.
DEEDS: dict[str, str | Promise] = {
    "retry": gettext_lazy("Try again"),
    "done": gettext_lazy("It was done"),
    "not-done": gettext_lazy("It was not done"),
    "give-up": gettext_lazy("Give up"),
}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row that only a person can move on, with what may be done about it."""

    kind: str
    row: Due
    label: str
    href: str
    deeds: list[tuple[str, str | Promise]]


def operations(request: HttpRequest) -> HttpResponse:
    """Everybody of the office reads; leads and managers decide."""
    context = _read(request)
    if "X-Fresh" in request.headers:
        return render(request, "office/operations/figures.html", context)
    frame = {**admin.site.each_context(request), "title": _("Operations")}
    return TemplateResponse(request, "office/operations/page.html", {**frame, **context})


def _read(request: HttpRequest) -> dict[str, Any]:
    actor, now = actor_of(request), clock.now()
    depths, sweeps = gauges.depths(now), gauges.sweeps()
    items = [_item(row) for row in gauges.stuck_rows(MOST_ROWS)]
    stops = gauges.standing_stops()
    checks = holding.checks()
    services = asking.services(now)
    return {
        "now": now,
        "may_repair": may(actor, "work.repair"),
        "may_stop": may(actor, "work.stop"),
        "depths": [
            (words.KINDS[each.kind], each, words.length(each.oldest_seconds), words.length(each.p50),
             words.length(each.p99), each.oldest_seconds > LATE_SECONDS)
            for each in depths
        ],
        "items": items,
        "more": sum(each.stuck for each in depths) - len(items),
        "sweeps": [(words.TRIGGERS.get(run.trigger, run.trigger), run, abs(run.skew_ms) > SKEW_MS) for run in sweeps],
        "breakers": [(words.CHANNELS.get(each.destination, each.destination), each) for each in gauges.open_breakers()],
        "stops": [(words.stopped(each.what), each, each.what == Stop.RESTORED) for each in stops],
        "checks": checks,
        "services": services,
        "asking_is_on": asking.is_on(),
        "alarms": [*_alarms(now, depths, sweeps), *holding.alarms(checks, now), *asking.alarms(services)],
    }  # fmt: skip


def _alarms(now: dt.datetime, depths: list[gauges.Depth], sweeps: list[Any]) -> list[str]:
    """What somebody should look at now, each with what to do."""
    found = []
    age = {run.trigger: (now - run.at).total_seconds() for run in sweeps}
    if min(age.values(), default=SILENT_SECONDS + 1) > SILENT_SECONDS:
        found.append(_("Due work is not being done. Start the worker, the beat or “manage.py sweep --loop”."))
    elif age.get("beat", 0) > BEAT_SECONDS:
        found.append(_("The beat is silent. Others do its work; start it again."))
    if any(each.oldest_seconds > LATE_SECONDS for each in depths):
        found.append(_("Work is late. Look at the last passes below, then start more workers."))
    if any(abs(run.skew_ms) > SKEW_MS for run in sweeps):
        found.append(_("The clock of a worker is wrong. Nothing happens early by it, but set it right."))
    return found


def _item(row: Due) -> WorkItem:
    kind = kind_of(row)
    href = reverse(f"admin:ledger_{row._meta.model_name}_change", args=[row.pk])
    return WorkItem(kind, row, str(row), href, [(deed, DEEDS[deed]) for deed in deeds_of(row)])


def kind_of(row: Due) -> str:
    return next(kind for kind, model in gauges.KINDS.items() if isinstance(row, model))


def deeds_of(row: Due) -> list[str]:
    """What a person may do: a message is settled, because whoever waits for it must hear; the rest may be given up."""
    if row.status not in Due.STUCK:
        return []
    again = ["retry"] if row.status == Due.Status.QUARANTINED else []
    return [*again, "done", "not-done"] if isinstance(row, Outbound) else [*again, "give-up"]
