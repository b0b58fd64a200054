"""What falls due in the archive. Fired by the sweep."""

from __future__ import annotations

import datetime as dt
import time

from aftersales.files.packs import TO_BUILD
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.daily import daily
from aftersales.ledger.models import Timer
from aftersales.ledger.timers import fires
from customers.actions import copying, enquiries, reminders
from customers.actions.care.counting import count_standings
from customers.actions.care.planning import SEND, plan_care
from customers.actions.care.scoring import score_people
from customers.actions.care.sending import send_care
from customers.actions.merging import move_latecomers
from customers.actions.promises import DUE_TIMER, WARN_TIMER, break_promise, warn_of_promise
from customers.actions.reviews.adding import REPLY_TIMER
from customers.actions.reviews.passing import reply_overdue
from customers.actions.tiers.counting import count_tiers

ASK_EVERY_SECONDS = 60.0  # a pass is made every second; parcels fall silent by the hour
_next_ask = 0.0


def ask_carriers() -> int:
    """The sweep's turn: choose parcels nobody has told of for long, once a minute in each process. Off without a key."""
    global _next_ask
    if not enquiries.is_on() or time.monotonic() < _next_ask:
        return 0
    _next_ask = time.monotonic() + ASK_EVERY_SECONDS
    return enquiries.ask_some(clock.now())


@fires(DUE_TIMER)
def promise_due(timer: Timer, now: dt.datetime) -> None:
    """The time of a promise is over. A kept one has no timer any more."""
    break_promise(timer.subject_id, actor=SYSTEM, at=now)


@fires(WARN_TIMER)
def promise_due_soon(timer: Timer, now: dt.datetime) -> None:
    """A promise is due soon."""
    warn_of_promise(timer.subject_id, at=now)


@fires(reminders.REMIND)
def shipment_remind(timer: Timer, now: dt.datetime) -> None:
    """News of a parcel, unless it has moved on since."""
    reminders.remind(timer.subject_id, timer.data["news"], at=now, useful_until=timer.useful_until)


@fires(reminders.UNCOLLECTED)
def shipment_uncollected(timer: Timer, now: dt.datetime) -> None:
    """A parcel waits at a station or in a locker."""
    reminders.uncollected(timer.subject_id, timer.data["step"], at=now)


@fires(reminders.STILL)
def shipment_still(timer: Timer, now: dt.datetime) -> None:
    """A parcel on its way was not scanned for long."""
    reminders.still(timer.subject_id, timer.data["step"], at=now)


@fires(REPLY_TIMER)
def review_reply_due(timer: Timer, now: dt.datetime) -> None:
    """A bad review has waited for its public reply too long. One that is settled has no timer any more."""
    reply_overdue(timer.subject_id, at=now)


@fires(copying.BUILD_TIMER, lease=TO_BUILD)
def make_copy(timer: Timer, now: dt.datetime) -> None:
    """Somebody asked for a copy of what is held of a person."""
    copying.build_copy(timer.subject_id, at=now)


@fires(copying.EXPIRY_TIMER)
def delete_copy(timer: Timer, now: dt.datetime) -> None:
    """A copy was kept long enough."""
    copying.expire_copy(timer.subject_id, at=now)


@daily("customers.care")
def every_night(now: dt.datetime) -> None:
    """Let rows follow a merge, count the standings, score the people by them, see who reached a tier, plan what falls due."""
    move_latecomers(now)
    count_standings(now)
    score_people(now)
    count_tiers(now)
    plan_care(now)


@fires(SEND)
def care_due(timer: Timer, now: dt.datetime) -> None:
    """The day of a message has come; everything is asked again."""
    send_care(timer.subject_id, at=now)
