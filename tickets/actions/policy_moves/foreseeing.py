"""What would become of open clocks by a newer version of their policy or calendar. Reads only; called by the preview and by the
move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.actor import Actor
from customers.models import Tier
from tickets import sla
from tickets.actions.clockwork import length_of, newest_calendar, shop_of, stands, target_of
from tickets.models import CalendarVersion, Clock, PolicyVersion
from tickets.queries import ClockQuerySet
from tickets.sla.segments import PAUSED, RUNNING

Version = PolicyVersion | CalendarVersion  # what open clocks may go over to
MOST = 2_000  # clocks reckoned for one preview; what lies beyond is counted only
EXAMPLES = 10
_PIECE = 500
MISSED, ENDS, EARLIER, LATER, SAME, LATE = "missed", "ends", "earlier", "later", "same", "late"
# What becomes of a clock, in the order in which a manager wants to see examples.
OUTCOMES: dict[str, str | Promise] = {
    MISSED: _("missed at once"),
    ENDS: _("ends without a target"),
    EARLIER: pgettext_lazy("clock", "due earlier"),
    LATER: pgettext_lazy("clock", "due later"),
    SAME: pgettext_lazy("clock", "due as before"),
    LATE: _("late already, stays as it is"),
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One clock by the newer version. `due_at` is when it would be due (UTC), None while it stands or ends."""

    clock: Clock
    outcome: str
    target_s: int = 0
    calendar: CalendarVersion | None = None
    kind: str = RUNNING
    due_at: dt.datetime | None = None

    @property
    def words(self) -> str:
        return str(OUTCOMES[self.outcome])


@dataclass(slots=True)
class Foretold:
    """A preview: `total` clocks that would go over, `reckoned` of them looked at, how many of each outcome, some examples; and
    how many have missed their deadline (`late`), which are not among them."""

    total: int
    late: int
    reckoned: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    examples: list[Foreseen] = field(default_factory=list)

    def lines(self) -> list[tuple[str, int]]:
        """What becomes of how many, in words, without what becomes of none."""
        return [(str(OUTCOMES[outcome]), number) for outcome, number in self.counts.items() if number]


class Foresight:
    """Says of one clock after the other what a version makes of it; calendars are looked up once."""

    def __init__(self, to: Version) -> None:
        self.to = to
        self._calendars: dict[str, CalendarVersion] = {}

    def names_tiers(self) -> bool:
        """Whether it plays a part what kind of customer a clock is about."""
        return isinstance(self.to, PolicyVersion) and self.to.read().names_tiers()

    def of(self, clock: Clock, at: dt.datetime, tiers: tuple[str, ...] | None = None) -> Foreseen:
        """`at` is the instant of the move; the clock has its segments and its ticket; `tiers` are its customer's, if read."""
        told, hours = clock.told(), clock.hours()
        if sla.breached_at(told, hours, clock.target_s, at) is not None:
            return Foreseen(clock, LATE, due_at=clock.due_at)
        goes_by = self._goes_by(clock, tiers)
        if goes_by is None:
            return Foreseen(clock, ENDS)
        length, calendar, paused = goes_by
        kind = PAUSED if paused else RUNNING
        last = max(segment.at for segment in told)
        after = [*told, sla.Segment(kind, max(at, last), "policy", hours=calendar.business_hours())]
        due = sla.due_at(after, hours, length)
        is_missed = sla.elapsed(told, hours, at) > length or (due is not None and due < at)
        outcome = MISSED if is_missed else _shift(clock, length, due)
        return Foreseen(clock, outcome, length, calendar, kind, due)

    def _goes_by(self, clock: Clock, tiers: tuple[str, ...] | None) -> tuple[int, CalendarVersion, bool] | None:
        """Target in business seconds, calendar, and whether it stands; None where the version has no target for it.

        Another calendar leaves target and pause as they are; only "the same day" has another length by it.
        """
        ticket = clock.ticket
        if isinstance(self.to, CalendarVersion):
            target = target_of(ticket, clock.metric, clock.policy_version.read(), tiers)
            same_day = target is not None and target.seconds is None
            length = length_of(target, self.to, clock.started_at, shop_of(ticket)) if target and same_day else None
            return length or clock.target_s, self.to, clock.state == Clock.State.PAUSED
        settings = self.to.read()
        target = target_of(ticket, clock.metric, settings, tiers)
        if target is None:
            return None
        calendar = self._calendar(target.calendar)
        length = length_of(target, calendar, clock.started_at, shop_of(ticket))
        runs = clock.state == Clock.State.RUNNING and clock.policy_version.read().pauses_for(
            clock.metric, ticket.waiting_on
        )  # asked since the ticket waits
        return length, calendar, not runs and stands(clock.metric, settings, ticket, clock.started_at)

    def _calendar(self, key: str) -> CalendarVersion:
        if key not in self._calendars:
            self._calendars[key] = newest_calendar(key)
        return self._calendars[key]


def _shift(clock: Clock, length: int, due: dt.datetime | None) -> str:
    """Earlier, later or the same: by the deadline where there is one before and after, else by the target."""
    if (clock.due_at is None) != (due is None):
        return LATER if due is None else EARLIER
    if due is not None and clock.due_at is not None:
        return _order(clock.due_at < due, clock.due_at == due)
    return _order(clock.target_s < length, clock.target_s == length)


def _order(is_later: bool, is_same: bool) -> str:
    return SAME if is_same else LATER if is_later else EARLIER


def concerned(to: Version, clocks: ClockQuerySet) -> ClockQuerySet:
    """The open ones among these that go by an older version: of this calendar, or of this policy or of their calendar."""
    found: ClockQuerySet = clocks.open()
    if isinstance(to, CalendarVersion):
        return found.filter(calendar_version__calendar=to.calendar_id, calendar_version__number__lt=to.number)
    newest = CalendarVersion.objects.newest().order_by().values("pk")
    older = Q(policy_version__number__lt=to.number) | ~Q(calendar_version__in=newest)
    return found.filter(older, policy_version__policy=to.policy_id, policy_version__number__lte=to.number)


def movable(to: Version, clocks: ClockQuerySet, at: dt.datetime) -> ClockQuerySet:
    """Those of them whose deadline had not passed at `at`: a missed deadline is history."""
    return concerned(to, clocks).exclude(due_at__lt=at)


def foretell(to: Version, *, actor: Actor, at: dt.datetime) -> Foretold:
    """The preview of a move: the oldest `MOST` clocks reckoned one by one, in a number of statements that hardly grows."""
    everyone = Clock.objects.visible_to(actor)
    clocks, foresight = movable(to, everyone, at), Foresight(to)
    told = Foretold(clocks.count(), concerned(to, everyone).filter(due_at__lt=at).count())
    tried: dict[str, list[Foreseen]] = {outcome: [] for outcome in OUTCOMES}
    for clock, tiers in _with_tiers(clocks, foresight):
        seen = foresight.of(clock, at, tiers)
        told.reckoned += 1
        told.counts[seen.outcome] += 1
        if len(tried[seen.outcome]) < EXAMPLES:
            tried[seen.outcome].append(seen)
    worth = [each for outcome in OUTCOMES if outcome not in (SAME, LATE) for each in tried[outcome]]
    told.examples = worth[:EXAMPLES]
    return told


def _with_tiers(clocks: ClockQuerySet, foresight: Foresight) -> Iterable[tuple[Clock, tuple[str, ...]]]:
    """Each clock with what kind of customer it is about: asked with the clocks, and not of each of them."""
    asked = clocks.told().select_related(
        "policy_version__policy", "calendar_version", "ticket__order__shop", "ticket__person__membership__tier"
    )
    known = list(Tier.objects.filter(in_use=True)) if foresight.names_tiers() else []
    for clock in asked.order_by("pk")[:MOST].iterator(chunk_size=_PIECE):
        held = getattr(clock.ticket.person, "membership", None)
        level = held.tier.level if held is not None and held.tier.in_use else 0
        yield clock, tuple(tier.key for tier in known if tier.level <= level)
