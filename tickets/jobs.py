"""What happens when a clock of a ticket runs out, and when beat says that it is time to look for mail."""

from __future__ import annotations

import datetime as dt

from celery import shared_task

from aftersales.files.packs import TO_BUILD
from aftersales.ledger.daily import daily
from aftersales.ledger.models import Timer
from aftersales.ledger.timers import fires
from tickets.actions import calendar_seeding, clock_courses, clock_points, silence, silence_due, waiting
from tickets.actions.bulk import running
from tickets.actions.complaints import evidence
from tickets.actions.complaints.due import ANSWER_TIMER
from tickets.actions.complaints.lateness import answer_is_late
from tickets.actions.conversation import holding
from tickets.actions.mail import fetching, keeping, placing
from tickets.actions.policy_moves import moving
from tickets.actions.visits import due, inviting, planning, posting, recording


@fires(holding.SENDS)
def send_reply(timer: Timer, now: dt.datetime) -> None:
    """The undo window of a reply is over."""
    holding.send_held(timer.subject_id, at=now, phrase=timer.data.get("phrase", ""), steps=timer.data.get("steps", ()))


@fires(keeping.PLACES)
def place_arrival(timer: Timer, now: dt.datetime) -> None:
    """A mail was kept: each is placed by itself, so that one that fails holds up no other."""
    placing.place(timer.subject_id, at=now)


@shared_task
def fetch_mail() -> None:
    """Beat's turn, every twenty seconds: no arguments, so that a lost or doubled one changes nothing."""
    fetching.fetch_due()


@daily("tickets.mail_originals")
def forget_originals(now: dt.datetime) -> None:
    """The bytes of settled mail are of no use after a while; words and facts stay."""
    keeping.forget_originals(now)


@fires(waiting.WAKES)
def wake_ticket(timer: Timer, now: dt.datetime) -> None:
    """The day has come to look again at a ticket that waits."""
    waiting.wake(timer.subject_id, at=now)


@fires(silence.REMINDS)
def remind_silent(timer: Timer, now: dt.datetime) -> None:
    """A customer has not answered for some days."""
    silence_due.remind(timer.subject_id, at=now)


@fires(silence.CLOSES, decides=True)
def close_silent(timer: Timer, now: dt.datetime) -> None:
    """Nor after they were reminded."""
    silence_due.close(timer.subject_id, at=now)


@daily("tickets.watch_silence")
def watch_silence(now: dt.datetime) -> None:
    """Tickets that waited already when their queue was told what to do about silence."""
    silence.watch_missing(now)


@daily("tickets.working_days")
def bring_working_days(now: dt.datetime) -> None:
    """At New Year clocks begin to reach into a year that no migration may have come by to bring."""
    calendar_seeding.bring_years(now)


@fires(ANSWER_TIMER)
def complaint_unanswered(timer: Timer, now: dt.datetime) -> None:
    """The day of a complaint is over."""
    answer_is_late(timer.subject_id, at=now)


@fires(running.GOES_ON)
def go_on_with_bulk(timer: Timer, now: dt.datetime) -> None:
    """More of a bulk run, or the rest of one whose page was closed."""
    running.go_on(timer.subject_id, at=now)


@fires(moving.TIMER)
def go_on_with_move(timer: Timer, now: dt.datetime) -> None:
    """The next ticket of a move of open clocks to a newer version of their policy or calendar."""
    moving.go_on(timer.subject_id, at=now)


@fires(clock_courses.TIMER)
def clock_point(timer: Timer, now: dt.datetime) -> None:
    """A clock has come to a warning, its deadline, or a step after it."""
    clock_points.reach(timer.subject_id, now=now)


@fires(evidence.BUILD_TIMER, lease=TO_BUILD)
def make_pack(timer: Timer, now: dt.datetime) -> None:
    """Somebody asked for an evidence pack."""
    evidence.build_pack(timer.subject_id, at=now)


@fires(evidence.EXPIRY_TIMER)
def delete_pack(timer: Timer, now: dt.datetime) -> None:
    """An evidence pack was kept long enough."""
    evidence.expire_pack(timer.subject_id, at=now)


@fires(planning.DUE)
def visit_due(timer: Timer, now: dt.datetime) -> None:
    """The time of a visit has come."""
    due.come_due(timer.subject_id, at=now)


@fires(inviting.SILENT)
def visit_unanswered(timer: Timer, now: dt.datetime) -> None:
    """The link of a message has run out."""
    recording.not_answered(timer.subject_id, at=now)


@daily("tickets.plan_visits")
def plan_visits(now: dt.datetime) -> None:
    """Orders that an import says were signed for."""
    planning.plan_missing(now)


@daily("tickets.letters_without_address")
def letters_without_address(now: dt.datetime) -> None:
    """A letter that can be posted nowhere goes out in another way."""
    posting.choose_another_way(now)
