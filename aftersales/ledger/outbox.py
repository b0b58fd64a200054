"""Effects outside our tables: put in by actions and listeners, sent by the sweep with no transaction open.

To add a channel: a class with `name`, `repeatable`, `send` and `settled`, and one `register(…)` in `AppConfig.ready`.
docs/outbox.md walks through one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from django.db import OperationalError, transaction
from django.db.models import Model, Q

from aftersales.kernel import clock
from aftersales.ledger import breakers, doorbell, lease, limits, stops
from aftersales.ledger.fingerprint import fingerprint
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.subject import subject_of

log = structlog.get_logger()

# Providers forget idempotency keys after a day; an outcome unknown for longer is looked up by a person, not repeated.
REPEAT_WITHIN = dt.timedelta(hours=20)
# A far side that is merely away is asked again for so long; then a person is asked whether to send it still.
PATIENCE = dt.timedelta(hours=24)
_TRIES_TO_SETTLE = 3


class Temporary(Exception):
    """The far side is away or busy; nothing was done. Try again later, after `retry_after` seconds if it said so."""

    def __init__(self, why: str, *, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Permanent(Exception):
    """The far side refused for good. Trying again would be refused again."""


class Unknown(Exception):
    """The answer was lost: it may or may not have happened."""


class Channel(Protocol):
    """How one kind of effect is sent."""

    name: str
    # Whether the far side sees a repeated `key` as the same message, so that an unknown outcome may simply be repeated.
    repeatable: bool

    def send(self, item: Outbound) -> str:
        """Send, outside any transaction; return the provider's reference. Raises Temporary, Permanent or Unknown.

        Anything else it raises counts as Unknown: what a bug left undone nobody knows.
        """

    def settled(self, item: Outbound) -> None:
        """Write what follows from the outcome, in the transaction that marks the row. `item.status` is one of

        done; failed (refused for good); unknown (possibly done: a person must look); quarantined (not done, tries
        used up: a person may send it again); expired (not done: it was of no use any more, `useful_until`).
        """


class SecondChance(Protocol):
    """What a channel may have besides: how often it repeats a send in doubt although the far side would not notice.

    For mail it is 1: a mail twice is the lesser harm (docs/outbox.md). For money and SMS it is not set.
    """

    repeats_in_doubt: int


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Make a channel known under its name. The latest registration counts, so that a test may put a double there."""
    _channels[channel.name] = channel


def channel(name: str) -> Channel:
    """The channel of that name. Raises `KeyError` when this process knows none."""
    return _channels[name]


def channels() -> list[str]:
    """The names of all channels this process knows."""
    return sorted(_channels)


def put(
    *, channel: str, key: str, on: Model, payload: dict[str, Any], due_at: dt.datetime | None = None, topic: str = "",
    destination: str = "", useful_until: dt.datetime | None = None,
) -> Outbound:  # fmt: skip
    """Promise one effect, in the caller's transaction. The same `key` again returns the row that is there.

    `topic` can be stopped by itself (`stops`); `destination` has a breaker of its own, by default the channel's; after
    `useful_until` it is marked as too late instead of sent.
    Raises `ValueError` when the key was used for another content: one key, one payload.
    """
    sha256 = fingerprint(payload)
    item, created = Outbound.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "payload": payload,
            "payload_sha256": sha256,
            "due_at": due_at or clock.now(),
            "topic": topic,
            "destination": destination,
            "useful_until": useful_until,
            **subject_of(on),
        },
    )
    if created:
        doorbell.ring_after_commit()
    elif item.payload_sha256 != sha256 or item.channel != channel:
        raise ValueError(f"The outbox key {key} was used before for something else.")
    return item


def resend(item: Outbound, *, at: dt.datetime) -> bool:
    """Try a row again that was set aside, at a person's word and in their action's transaction. The key stays the same.

    A row in doubt is not repeated here: look first whether it happened (`work.repair`, docs/outbox.md).
    """
    again = Outbound.objects.filter(pk=item.pk, status=Due.Status.QUARANTINED, sending_since=None)
    fresh = {"due_at": at, "first_tried_at": None, "failures": 0, "abandoned": 0, "done_at": None}
    if not again.update(status=Due.Status.PENDING, **fresh):
        return False
    doorbell.ring_after_commit()
    return True


def take_back(item: Outbound, *, at: dt.datetime) -> bool:
    """Cancel a row of which no try has begun, in the caller's transaction, and forget its words.

    False once it is being sent: a worker that has claimed it and not begun finds its fence gone and sends nothing.
    """
    waiting = Outbound.objects.filter(pk=item.pk, sending_since=None)
    waiting = waiting.filter(status__in=(Due.Status.PENDING, Due.Status.QUARANTINED))
    return bool(waiting.update(status=Due.Status.CANCELLED, done_at=at, payload={"blanked": True}))


def answered(key: str, *, was_done: bool, reference: str = "", at: dt.datetime) -> bool:
    """Somebody looked at the far side and said so at the thing itself: a row set aside or in doubt is settled with it.

    In the caller's transaction. False while the row is at work, because then nobody can know yet.
    """
    row = Outbound.objects.filter(key=key)
    status = Due.Status.DONE if was_done else Due.Status.FAILED
    stuck = row.filter(status__in=(Due.Status.UNKNOWN, Due.Status.QUARANTINED))
    stuck.update(status=status, done_at=at, sending_since=None, provider_ref=reference[:200])
    return not row.filter(status=Due.Status.PENDING).exists()


def claim(now: dt.datetime, stopped: frozenset[str]) -> Outbound | None:
    """Take one due row that no stop, no open breaker and no limit holds back.

    Rows of a far side that has no place are passed over, so that they hold up nobody behind them.
    """
    if stops.nothing_leaves(stopped):
        return None
    lines = breakers.lines(now)
    full = {each.destination for each in lines if each.is_resting(now) or each.is_paced(now)}
    may_leave = stops.not_held_back(stopped)

    def through(row: Outbound, take: Callable[[], bool]) -> bool:
        if limits.far_side(row) in full:
            return False
        taken = limits.within(row, now, take)
        if taken is None:
            full.add(limits.far_side(row))
        return bool(taken)

    while True:
        known = len(full)
        item = lease.claim(Outbound, now, may_leave & ~limits.of(full) if full else may_leave, through=through)
        if item is not None:
            item.far_side_fails = any(each.failures and each.destination == limits.far_side(item) for each in lines)
        if item is not None or len(full) == known:
            return item


def pause(now: dt.datetime, stopped: frozenset[str]) -> float | None:
    """Seconds until a far side that is sent to at a limited pace may have its next row; None where none waits for that."""
    return None if stops.nothing_leaves(stopped) else limits.pause(now, free(now, stopped))


def free(now: dt.datetime, stopped: frozenset[str]) -> Q:
    """Which rows neither these stops nor an open breaker hold back."""
    if stops.nothing_leaves(stopped):
        return Q(pk=None)
    resting = breakers.open_ones(now)
    return stops.not_held_back(stopped) & ~limits.of(resting)


def dispatch(item: Outbound, now: dt.datetime | None = None) -> None:
    """Send one claimed item and write its outcome behind the fence. `now` is the instant of the claim, by default the present."""
    channel = _channels.get(item.channel)
    if channel is None:
        lease.back_off(item, LookupError(f"No channel is called {item.channel}."), clock.now())
        return
    now = now or clock.now()
    in_doubt_since = item.sending_since
    if item.is_too_late(now):
        status = Due.Status.EXPIRED if in_doubt_since is None else Due.Status.UNKNOWN
        _settle(channel, item, status, error=f"Of use until {item.useful_until:%Y-%m-%d %H:%M} UTC only.")
        return
    destination = limits.far_side(item)
    if item.far_side_fails and not breakers.lets_through(destination, now):
        with contextlib.suppress(lease.Stale):
            lease.finish(item)  # back to its place
        return
    item.first_tried_at = item.first_tried_at or now
    if in_doubt_since is not None:
        if not _may_repeat(channel, item, now):
            _settle(channel, item, Due.Status.UNKNOWN, error=item.last_error or "The sender stopped in the middle.")
            return
        item.repeats += 1
    # The mark is committed before the first byte leaves: from here on a death leaves a row in doubt, not a fresh one.
    item.sending_since = in_doubt_since or now
    mark = {"sending_since": item.sending_since, "first_tried_at": item.first_tried_at, "repeats": item.repeats}
    if not Outbound.objects.filter(pk=item.pk, **item.fence()).update(**mark):
        return
    try:
        reference = channel.send(item)
    except Permanent as refusal:
        _settle(channel, item, Due.Status.FAILED, error=str(refusal))
        if item.is_taken_back:
            breakers.not_asked(destination, now)
        else:
            _answered(item)
    except Temporary as absence:
        # This try did nothing, but an earlier one in doubt stays in doubt.
        item.sending_since = in_doubt_since
        _later(channel, item, absence)
        breakers.failed(destination, str(absence), clock.now())
    except Exception as loss:  # noqa: BLE001  nobody knows what the unforeseen left done
        _uncertain(channel, item, loss)
        if item.is_taken_back:
            breakers.not_asked(destination, now)
        elif isinstance(loss, Unknown):
            breakers.failed(destination, str(loss), clock.now())
    else:
        _settle(channel, item, Due.Status.DONE, reference=reference)
        _answered(item)


def _answered(item: Outbound) -> None:
    if item.far_side_fails:
        breakers.answered(limits.far_side(item))


def _may_repeat(channel: Channel, item: Outbound, now: dt.datetime) -> bool:
    fresh = item.first_tried_at is not None and now - item.first_tried_at < REPEAT_WITHIN
    return fresh and (channel.repeatable or item.repeats < getattr(channel, "repeats_in_doubt", 0))


def _uncertain(channel: Channel, item: Outbound, loss: Exception) -> None:
    if not isinstance(loss, Unknown):
        log.error("outbox.unforeseen", channel=item.channel, row=item.pk, exc_info=loss)
    if _may_repeat(channel, item, clock.now()):
        _later(channel, item, loss)
    else:
        _settle(channel, item, Due.Status.UNKNOWN, error=f"{type(loss).__name__}: {loss}")


def _later(channel: Channel, item: Outbound, failure: Exception) -> None:
    """Again after a while, or into a person's hands when patience is at its end."""
    now = clock.now()
    error = f"{type(failure).__name__}: {failure}"[:500]
    if item.first_tried_at is not None and now - item.first_tried_at >= PATIENCE:
        in_doubt = item.sending_since is not None
        _settle(channel, item, Due.Status.UNKNOWN if in_doubt else Due.Status.QUARANTINED, error=error)
        return
    failures = item.failures + 1
    wait = max(lease.wait_after(failures), dt.timedelta(seconds=getattr(failure, "retry_after", None) or 0))
    try:
        lease.finish(item, due_at=now + wait, sending_since=item.sending_since, failures=failures, last_error=error)
    except lease.Stale:  # cancelled, or taken by another worker, whose business it is now
        return


def _settle(channel: Channel, item: Outbound, status: Due.Status, *, reference: str = "", error: str = "") -> None:
    """Mark the row and let the channel write what follows, together.

    The effect is out and cannot be undone, so a hiccup of the database is tried again here at once. When the channel's
    own writing keeps failing, the row is marked alone and set aside, so that nobody sends it a second time.
    """
    for tries_left in reversed(range(_TRIES_TO_SETTLE)):
        try:
            with transaction.atomic():
                _mark(item, status, reference=reference, error=error)
                channel.settled(item)
            return
        except lease.Stale:  # another worker took the row after our lease ran out; the outcome is its to write
            return
        except Exception as failure:
            log.exception("outbox.not_settled", channel=item.channel, row=item.pk, outcome=str(status))
            if tries_left and isinstance(failure, OperationalError):
                time.sleep(0.1)
                continue
            told = (
                f"Outcome “{status}” {reference}, but writing what follows failed: {type(failure).__name__}: {failure}"
            )
            with transaction.atomic():
                _mark(item, Due.Status.UNKNOWN, reference=reference, error=told)
            return


def _mark(item: Outbound, status: Due.Status, *, reference: str, error: str) -> None:
    now = clock.now()
    item.provider_ref, item.last_error, item.done_at = reference[:200], error[:500], now
    written = {"provider_ref": item.provider_ref, "last_error": item.last_error, "done_at": now}
    lease.finish(item, status=status, sending_since=None, **written)
    item.status = status
