"""Off duty, now or on days to come, and back: whoever is off gets no tickets by themselves.

Called by the page about oneself and by the office.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.kernel import clock, datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound, NotPermitted
from aftersales.kernel.policy import check, may
from aftersales.ledger.record import record
from tickets.models import Absence

_INSTANT = dt.timedelta(microseconds=1)


def _somebody(user_id: int, actor: Actor) -> User:
    """Oneself, or anybody for a lead. Locked, so that two absences entered at once do not overlap."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    check(actor, "duty.set")
    if user.pk != actor.id and not may(actor, "duty.set_others"):
        raise NotPermitted(verb="duty.set_others")
    return user


@transaction.atomic
def go_off_duty(
    user_id: int, *, actor: Actor, since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Absence:
    """No tickets from `since` until `until` (UTC); without them, or when `since` is today: from now on, until they come back or
    what is planned begins.

    Whoever is off now gets another end. Off already until then, or planned so already, nothing changes. What would
    overlap another absence is refused.
    """
    user = _somebody(user_id, actor)
    at = clock.now()
    if until is not None and until <= at:
        raise BadInput(_("That time has passed. Choose a later day."), field="until")
    if since is not None and clock.shop_date(since) < clock.shop_date(at):
        raise BadInput(_("That day has passed. Choose a later first day, or leave it empty."), field="since")
    known = list(Absence.objects.not_over(at).filter(user=user).order_by("since"))
    if since is None or since <= at:
        return _begin(user, known, at, until, actor)
    if until is not None and until <= since:
        raise BadInput(_("The absence would end before it begins. Choose a later last day."), field="until")
    return _plan(user, known, at, since, until, actor)


def _begin(user: User, known: list[Absence], at: dt.datetime, until: dt.datetime | None, actor: Actor) -> Absence:
    """Off from now on, or the one that runs gets another end."""
    running = next((each for each in known if each.since <= at), None)
    if until is None:
        until = next((each.since for each in known if each.since > at), None)
    if running is not None and running.until == until:
        return running
    _must_be_free([each for each in known if each is not running], at, at, until)
    absence = running or Absence(user=user, since=at)
    absence.until = until
    _forget_those_over(user, at)
    absence.save()
    record("duty.ended", on=user, actor=actor, at=at, who=str(user))
    return absence


def _plan(
    user: User, known: list[Absence], at: dt.datetime, since: dt.datetime, until: dt.datetime | None, actor: Actor
) -> Absence:
    same = next((each for each in known if (each.since, each.until) == (since, until)), None)
    if same is not None:
        return same
    _must_be_free(known, at, since, until)
    _forget_those_over(user, at)
    absence: Absence = Absence.objects.create(user=user, since=since, until=until)
    record("duty.planned", on=user, actor=actor, at=at, who=str(user), days=_days(absence))
    return absence


def _must_be_free(others: list[Absence], at: dt.datetime, since: dt.datetime, until: dt.datetime | None) -> None:
    """Names the first that would overlap, at the field of the day that reaches into it."""
    for each in others:
        if (until is None or each.since < until) and (each.until is None or each.until > since):
            raise _in_the_way(each, at, since)


def _in_the_way(other: Absence, at: dt.datetime, since: dt.datetime) -> BadInput:
    ends = datewords.ending(other.until, at) if other.until else ""
    if other.since <= at:
        if ends:
            return BadInput(_("Already off duty until %(until)s. Choose a later first day."), field="since", until=ends)
        return BadInput(
            _(
                "Already off duty, without a last day. First save only “Away through” for that one, then enter the "
                "later one."
            ),
            field="since",
        )
    said = gettext("from %(since)s until %(until)s") if ends else gettext("from %(since)s on")
    days = said % {"since": datewords.exact(other.since, at), "until": ends}
    if since < other.since:
        sentence = _("An absence is planned %(days)s. Enter a last day before that, or take it back first.")
        return BadInput(sentence, field="until", days=days)
    sentence = _("An absence is planned %(days)s. Choose other days, or take it back first.")
    return BadInput(sentence, field="since", days=days)


def _forget_those_over(user: User, at: dt.datetime) -> None:
    """Whoever was away when is in the events."""
    Absence.objects.filter(user=user, until__lte=at).delete()


@transaction.atomic
def come_back(user_id: int, *, actor: Actor) -> None:
    """On duty again; what is planned stays. Here already, nothing changes."""
    user = _somebody(user_id, actor)
    at = clock.now()
    gone, _rows = Absence.objects.running(at).filter(user=user).delete()
    if gone:
        record("duty.begun", on=user, actor=actor, at=at, who=str(user))


@transaction.atomic
def withdraw_absence(pk: int, *, actor: Actor) -> None:
    """Take back what is planned. Not there any more, nothing changes; one that has begun ends by coming back."""
    check(actor, "duty.set")
    whose = Absence.objects.filter(pk=pk).values_list("user_id", flat=True).first()
    if whose is None:
        return
    user = _somebody(whose, actor)
    at = clock.now()
    absence: Absence | None = Absence.objects.filter(pk=pk).first()
    if absence is None:
        return
    if absence.since <= at:
        raise Conflict(_("That absence has begun, so it cannot be taken back. Coming back ends it."))
    absence.delete()
    record("duty.withdrawn", on=user, actor=actor, at=at, who=str(user), days=_days(absence))


def _days(absence: Absence) -> str:
    """The first and the last day where the shop is, in digits: `2026-12-08 – 2026-12-15`, without an end `2026-12-08 –`."""
    last = clock.shop_date(absence.until - _INSTANT).isoformat() if absence.until else ""
    return f"{clock.shop_date(absence.since).isoformat()} – {last}".strip()
