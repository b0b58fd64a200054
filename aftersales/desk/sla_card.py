"""The clocks of a ticket in plain words: how each stands, and what happened to it. In a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy, pgettext

from aftersales.kernel import datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, lay_under, prepared
from tickets import sla
from tickets.actions.clock_courses import WENT_ALONG
from tickets.models import Clock, ClockSegment, Ticket

_BEGAN = {
    "opened": gettext_lazy("since the ticket was opened"),
    "customer_wrote": gettext_lazy("since the customer wrote"),
    "reopened": gettext_lazy("since it was opened again"),
    "resumed": gettext_lazy("again, nobody is waited for"),
    "priority": gettext_lazy("with another target, the time that had passed stays"),
    "policy": gettext_lazy("by a newer policy, the time that had passed stays"),
    "calendar": gettext_lazy("by newer opening hours, the time that had passed stays"),
    "merged": gettext_lazy("with what had been waited in the merged ticket"),
    "unmerged": gettext_lazy("apart again, the time that had passed stays"),
    "split": gettext_lazy("after the split, the time that had passed stays"),
    "kind": gettext_lazy("with the time that had passed before it became this kind"),
}
_STOOD = {
    "customer": gettext_lazy("paused: we waited for the customer"),
    "carrier": gettext_lazy("paused: we waited for the carrier"),
    "warehouse": gettext_lazy("paused: we waited for the warehouse"),
    "supplier": gettext_lazy("paused: we waited for the supplier"),
    "finance": gettext_lazy("paused: we waited for finance"),
    "policy": gettext_lazy("paused: a newer policy holds from here on"),
    "calendar": gettext_lazy("paused: newer opening hours hold from here on"),
    "merged": gettext_lazy("paused, with what had been waited in the merged ticket"),
    "unmerged": gettext_lazy("paused, apart again"),
    "split": gettext_lazy("paused, after the split"),
    "kind": gettext_lazy("paused, with the time that had passed before it became this kind"),
}
_ENDED = {
    "reply": gettext_lazy("ended by our reply"),
    "answered": gettext_lazy("ended by our answer"),
    "closed": gettext_lazy("ended with the ticket"),
    "merged": gettext_lazy("ended by the merge"),
    "unmerged": gettext_lazy("ended, as the merge was undone"),
    "split": gettext_lazy("ended by the split"),
    "policy": gettext_lazy("ended: the newer policy has no target for it"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One clock on the page: name, target in words, how it stands, and its story (items of `parts/timeline.html`)."""

    clock: Clock
    target: str
    used: str
    missed_at: dt.datetime | None
    story: list[dict[str, Any]]


class Asked(NamedTuple):
    """What the card asks, for one statement with others (`together`)."""

    clocks: Later[Clock]
    segments: Later[ClockSegment]


def ask(ticket: Ticket, actor: Actor) -> Asked:
    return Asked(_clocks.later(actor.scope, ticket=ticket.pk), _segments.later(ticket=ticket.pk))


def told(asked: Asked, now: dt.datetime) -> list[Told]:
    """Open clocks first, then those that ended, the newest first; one whose waiting a later one counts is told by that one."""
    clocks = asked.clocks.rows
    lay_under(clocks, "segments", asked.segments.rows, by="clock_id")
    own = [clock for clock in clocks if not _went_on(clock, clocks)]
    return [_told(clock, now) for clock in sorted(own, key=lambda each: not each.is_open)]


def _went_on(clock: Clock, clocks: list[Clock]) -> bool:
    if clock.state != Clock.State.VOID or clock.told()[-1].reason not in WENT_ALONG:
        return False
    return any(each.metric == clock.metric and each.pk > clock.pk for each in clocks)


@prepared
def _clocks(scope: Actor, *, ticket: int) -> QuerySet[Clock]:
    clocks = Clock.objects.visible_to(scope).filter(ticket_id=ticket).told().prefetch_related(None)
    rows: QuerySet[Clock] = clocks.order_by("-started_at", "-pk")
    return rows


@prepared
def _segments(*, ticket: int) -> QuerySet[ClockSegment]:
    rows: QuerySet[ClockSegment] = ClockSegment.objects.told().filter(clock__ticket_id=ticket)
    return rows


def _told(clock: Clock, now: dt.datetime) -> Told:
    in_days = clock.hours().never_close
    return Told(
        clock,
        datewords.span(clock.target_s, in_days=in_days),
        datewords.span(clock.elapsed(now), in_days=in_days, least=0),
        clock.breached_at(now) if clock.state != Clock.State.VOID else None,
        [_line(span, now, in_days) for span in clock.spans(now)],
    )


def _line(span: sla.Span, now: dt.datetime, in_days: bool) -> dict[str, Any]:
    """`Ran Mon 23 Nov, 09:00 – Mon 23 Nov, 09:30`, why, and how much of it counted."""
    start = datewords.exact(span.start, now)
    if span.kind == "stopped":
        return {"title": _ENDED.get(span.reason, gettext("ended")), "at": span.start, "icon": "flag"}
    end = datewords.exact(span.end, now) if span.end else ""
    if span.kind == "paused":
        title = _STOOD.get(span.reason, gettext("paused"))
        text = gettext("%(start)s to %(end)s") if end else gettext("since %(start)s")
        return {"title": title, "text": text % {"start": start, "end": end}, "at_words": "", "icon": "pause"}
    title = gettext("ran") if end else pgettext("clock", "runs")
    why = _BEGAN.get(span.reason, gettext("since then"))
    text = gettext("%(start)s to %(end)s, %(why)s") if end else gettext("since %(start)s, %(why)s")
    used = datewords.span(span.counted, in_days=in_days)
    counted = gettext("%(time)s of opening hours") % {"time": used} if span.counted >= 60 else ""
    return {
        "title": title, "text": text % {"start": start, "end": end, "why": why}, "at_words": counted, "icon": "clock",
    }  # fmt: skip
