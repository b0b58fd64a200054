"""Time that has been waited goes along where tickets are merged, taken apart, split or called otherwise.

Called by the actions that do so, in their transaction, with the tickets locked. A clock that goes along ends where it was and is
told again, segment by segment, in a new one that goes on: so started and elapsed stay what they were, and rows that were
written stay as they are. A clock that is late already stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Max, Q, QuerySet

from aftersales.ledger.models import Event
from tickets.actions.clock_courses import KIND, MERGED, SPLIT, UNMERGED, WENT_ALONG
from tickets.actions.clockwork import (
    RESPONSES,
    carry_on,
    fitting,
    is_owed,
    keep_due,
    last_clock,
    length_of,
    newest_calendar,
    open_clocks,
    run_on,
    shop_of,
    start,
    stop,
)
from tickets.actions.waited import turns
from tickets.models import Clock, ClockSegment, Link, Merge, Message, Ticket
from tickets.models.sla_settings import FIRST, NEXT, RESOLUTION, Settings
from tickets.sla.segments import PAUSED, RUNNING, STOPPED

_HUMAN = Q(by=Message.By.STAFF, author__isnull=False) & (Q(internal=False) | Q(contact=True))


def is_waiting(ticket: Ticket) -> bool:
    """Whether a customer waits for words of ours, by a clock that runs."""
    return Clock.objects.filter(ticket=ticket, metric__in=RESPONSES, state=Clock.State.RUNNING).exists()


def merged(source: Ticket, into: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """The clocks of `source` end. Of its waiting and that in `into` the one that is due sooner goes on there.

    A ticket that was answered before owes its next response, and no first one again.
    """
    mine, theirs = open_clocks(source), {clock.metric: clock for clock in open_clocks(into)}
    asks = any(clock.metric in RESPONSES and clock.state == Clock.State.RUNNING for clock in mine)
    for clock in mine:
        stop(clock, at, MERGED, event, void=True)
    for old in mine:
        if old.metric in RESPONSES:
            there = theirs.get(FIRST) or theirs.get(NEXT)
            metric = old.metric if there is not None and there.metric == FIRST else NEXT
            _put_in_place(into, old, there, metric, at, event)
        elif old.metric in theirs:
            _put_in_place(into, old, theirs[old.metric], old.metric, at, event)
    if asks:
        run_on(into, at, event)
    keep_due(source)
    keep_due(into)


def _put_in_place(
    ticket: Ticket, old: Clock, there: Clock | None, metric: str, at: dt.datetime, event: Event | None
) -> None:
    """What `old` has counted goes on in `ticket`, in place of a clock that has more left."""
    if there is not None:
        fit = fitting(ticket, metric)
        if fit is None or there.breached_at(at) is not None:
            return
        length = length_of(fit[2], newest_calendar(fit[2].calendar), old.started_at, shop_of(ticket))
        if (length - old.elapsed(at), old.started_at) >= (there.remaining(at), there.started_at):
            return
        stop(there, at, MERGED, event, void=True)
    story = told_again(old)
    carry_on(ticket, metric, story, at, MERGED, event, owed_since=at if story[-1].kind == RUNNING else None)


def unmerged(source: Ticket, into: Ticket, since: dt.datetime, at: dt.datetime, event: Event | None = None) -> None:
    """Apart again after a merge of `since`: each counts what it would have without it, `into` being where the work went on.

    A message that was answered there meanwhile, or was split off, waits no more. The resolution of `source` stood whenever
    that of `into` did.
    """
    places = _places(source, since)
    answered = _answered(places) or (_was_split(source, since) and not _unanswered(source).exists())
    for metric in (FIRST, NEXT, RESOLUTION):
        last = last_clock(source, metric)
        if last is None or not ended_by(last, MERGED) or (metric in RESPONSES and answered):
            continue
        story = told_again(last)
        if metric == RESOLUTION:
            for place, from_on in places:
                story = [*(each for each in story if each.at <= from_on), *_meanwhile(place, metric, from_on)]
        carry_on(source, metric, story, at, UNMERGED, event)
    _give_back(into, since, at, event)
    keep_due(source)
    keep_due(into)


def _places(source: Ticket, since: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """Where the work went on, and from when on: a ticket that was merged into may have been merged itself."""
    found, ticket = [], source.pk
    known = Merge.objects.filter(source=source, at=since).order_by("-pk")
    while (merge := known.first()) is not None:
        ticket = merge.into_id
        found.append((ticket, merge.at))
        known = Merge.objects.filter(source=ticket, undone_at=None, at__gte=merge.at)
    return found


def _answered(places: list[tuple[int, dt.datetime]]) -> bool:
    """Whether a colleague has said something where the work went on, while it did."""
    return any(
        Message.objects.filter(_HUMAN, ticket=place, sent=True, at__gte=from_on).exists() for place, from_on in places
    )


def _was_split(ticket: Ticket, since: dt.datetime) -> bool:
    return Link.objects.filter(other=ticket, kind=Link.Kind.SPLIT, at__gte=since).exists()


def _meanwhile(place: int, metric: str, since: dt.datetime) -> list[ClockSegment]:
    """How such a clock of that ticket stood from `since` on, without what another ticket had waited."""
    lived: list[ClockSegment] = []
    for clock in Clock.objects.filter(ticket=place, metric=metric).told():
        rows = list(clock.segments.all())
        joined = [index for index, row in enumerate(rows) if row.reason in (MERGED, SPLIT) and row.kind != STOPPED]
        lived += rows[joined[-1] if joined else 0 :]
    lived = [row for row in lived if not (row.kind == STOPPED and row.reason in WENT_ALONG)]
    told = [_copy(row) for row in sorted(lived, key=lambda row: row.at)]
    return _clipped(told, since) if told and told[0].at <= since else []


def _give_back(ticket: Ticket, since: dt.datetime, at: dt.datetime, event: Event | None) -> None:
    """Clocks that count the waiting of the ticket that was merged end; those they were put in place of go on."""
    for clock in open_clocks(ticket):
        joins = [row for row in clock.segments.all() if row.kind != STOPPED and row.reason == MERGED]
        if not joins or joins[-1].at != since:
            continue
        stop(clock, at, UNMERGED, event, void=True)
        alike = RESPONSES if clock.metric in RESPONSES else (clock.metric,)
        own = [each for each in Clock.objects.filter(ticket=ticket, metric__in=alike).told()
               if ended_by(each, MERGED) and each.stopped_at == since]  # fmt: skip
        if own:
            story = told_again(own[-1])
            if clock.metric == RESOLUTION:
                story = [*(each for each in story if each.at <= since), *_meanwhile(ticket.pk, clock.metric, since)]
            carry_on(ticket, own[-1].metric, story, at, UNMERGED, event)
        elif clock.metric in RESPONSES and (asked := _oldest(_unanswered(ticket))):
            carry_on(ticket, clock.metric, [_running(asked, "customer_wrote")], at, UNMERGED, event)


def split_off(new: Ticket, at: dt.datetime, event: Event | None, *, of: Ticket, chosen: Collection[int]) -> None:
    """A ticket made of messages that are still in the conversation of `of`: what waits in them waits since they were written."""
    moved, waiting = Message.objects.filter(pk__in=chosen), _waiting_in(of)
    asked, left = waiting.filter(pk__in=chosen).order_by("at").first(), _oldest(waiting.exclude(pk__in=chosen))
    clocks = {clock.metric: clock for clock in open_clocks(of)}
    response = clocks.get(FIRST) or clocks.get(NEXT)
    if asked is not None:
        counted = response is not None and (asked.ticket_id == of.pk or response.started_at <= asked.at)
        carry_on(new, FIRST, _since(response if counted else None, asked.at), at, SPLIT, event)
    elif not moved.filter(_HUMAN).exists():
        start(new, (FIRST,), at, "opened", event)
    written = _oldest(moved.filter(by=Message.By.CUSTOMER)) or at
    carry_on(new, RESOLUTION, _since(clocks.get(RESOLUTION), written), at, SPLIT, event)
    if response is not None and asked is not None and (left is None or response.started_at < left):
        stop(response, at, SPLIT, event, void=True)
        if left is not None:
            carry_on(of, response.metric, _since(response, left), at, SPLIT, event)
    keep_due(new)
    keep_due(of)


def called_otherwise(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """Another kind: what is promised for it, and was not for the old one, has been waited for since the ticket was opened."""
    opened = ticket.reopenings.aggregate(last=Max("at"))["last"] or ticket.opened_at
    running = {clock.metric for clock in open_clocks(ticket)}
    wanted: list[tuple[str, dt.datetime]] = []
    if running.isdisjoint(RESPONSES):
        asked, first = _oldest(_unanswered(ticket)), last_clock(ticket, FIRST)
        never = not Message.objects.filter(_HUMAN, ticket=ticket, sent=True).exists()
        if never and (first is None or first.state == Clock.State.VOID) and fitting(ticket, FIRST):
            wanted.append((FIRST, asked or opened))
        elif asked is not None:
            wanted.append((NEXT, asked))
    if RESOLUTION not in running:
        wanted.append((RESOLUTION, opened))
    for metric, since in wanted:
        if (found := fitting(ticket, metric)) is not None:
            carry_on(ticket, metric, _as_it_waited(ticket, metric, found[1], since, at), at, KIND, event)
    keep_due(ticket)


def _as_it_waited(
    ticket: Ticket, metric: str, settings: Settings, since: dt.datetime, at: dt.datetime
) -> list[ClockSegment]:
    """How the clock would have stood since then, by whom the ticket waited for."""
    known = turns(ticket, at)
    before = [whom for moment, whom in known if moment <= since]
    stands = bool(before) and settings.pauses_for(metric, before[-1]) and not is_owed(metric, before[-1])
    story = [ClockSegment(kind=PAUSED, at=since, reason=before[-1]) if stands else _running(since, "opened")]
    for moment, whom in known:
        if moment > since:
            paused = settings.pauses_for(metric, whom)
            story.append(ClockSegment(kind=PAUSED if paused else RUNNING, at=moment, reason=whom or "resumed"))
    return story


def _unanswered(ticket: Ticket) -> QuerySet[Message]:
    """What the customer wrote after our last words, in the order in which it became known."""
    said = Message.objects.filter(ticket=ticket, sent=True)
    last = said.filter(_HUMAN).aggregate(last=Max("pk"))["last"] or 0
    return said.filter(by=Message.By.CUSTOMER, pk__gt=last)


def _waiting_in(ticket: Ticket) -> QuerySet[Message]:
    """The same of a conversation: words answer what was written before them on their ticket, and all that came to it before."""
    keys = list(_unanswered(ticket).values_list("pk", flat=True))
    for merge in Merge.objects.filter(source__merged_into=ticket, undone_at=None).select_related("source"):
        if not _answered(_places(merge.source, merge.at)):
            keys += _unanswered(merge.source).values_list("pk", flat=True)
    return Message.objects.filter(pk__in=keys)


def unanswered_since(ticket: Ticket) -> dt.datetime | None:
    """When the oldest message was written that no words of ours have followed; None where none waits for them."""
    return _oldest(_unanswered(ticket))


def spoken_since(ticket: Ticket, moment: dt.datetime | None) -> bool:
    """Whether a colleague has said something to the customer from then on."""
    return Message.objects.filter(_HUMAN, ticket=ticket, sent=True, at__gte=moment).exists()


def _oldest(messages: QuerySet[Message]) -> dt.datetime | None:
    found: dt.datetime | None = messages.order_by("at").values_list("at", flat=True).first()
    return found


def ended_by(clock: Clock, reason: str) -> bool:
    """Whether the clock has ended, and for this reason."""
    last = list(clock.segments.all())[-1]
    return last.kind == STOPPED and last.reason == reason


def told_again(clock: Clock) -> list[ClockSegment]:
    """Its segments to be written into another clock, oldest first, without its end."""
    story = [_copy(row) for row in sorted(clock.segments.all(), key=lambda row: row.at)]
    return story[:-1] if story[-1].kind == STOPPED else story


def _since(clock: Clock | None, moment: dt.datetime) -> list[ClockSegment]:
    """What it tells from `moment` on; running since then where there is no such clock."""
    if clock is None:
        return [_running(moment, "opened")]
    return _clipped(told_again(clock), max(moment, clock.started_at))


def _clipped(story: list[ClockSegment], since: dt.datetime) -> list[ClockSegment]:
    """From `since` on, which is not before its begin; by the opening hours that held then."""
    before = [each for each in story if each.at <= since]
    first = before[-1]
    first.at = since
    first.calendar_version = next((each.calendar_version for each in reversed(before) if each.calendar_version), None)
    return [first, *(each for each in story if each.at > since)]


def _copy(row: ClockSegment) -> ClockSegment:
    return ClockSegment(
        kind=row.kind, at=row.at, reason=row.reason, event_id=row.event_id, calendar_version=row.calendar_version
    )


def _running(at: dt.datetime, reason: str) -> ClockSegment:
    return ClockSegment(kind=RUNNING, at=at, reason=reason)
