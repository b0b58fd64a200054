"""Let one row of the outbox out: which may leave now, send it with no transaction open, write its outcome. The sweep calls it."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable

import structlog
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from aftersales.kernel import clock
from aftersales.ledger import breakers, lease, limits, outbox, stops
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import Channel, NotDone, Permanent, Temporary, Unknown

log = structlog.get_logger()

# Providers forget idempotency keys after a day; an outcome unknown for longer is looked up by a person, not repeated.
REPEAT_WITHIN = dt.timedelta(hours=20)
# A far side that is merely away is asked again for so long; then a person is asked whether to send it still.
PATIENCE = dt.timedelta(hours=24)
_TRIES_TO_SETTLE = 3


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
    try:
        channel = outbox.channel(item.channel)
    except KeyError:
        lease.back_off(item, LookupError(f"No channel is called {item.channel}."), clock.now())
        return
    now = now or clock.now()
    in_doubt_since = item.sending_since
    if item.is_too_late(now):
        status = Due.Status.EXPIRED if in_doubt_since is None else Due.Status.UNKNOWN
        until = f"{item.useful_until:%Y-%m-%d %H:%M}"
        _settle(channel, item, status, why=NotDone(_("Of use until %(instant)s UTC only."), instant=until))
        return
    waits_until = getattr(channel, "waits_until", None)
    if waits_until is not None and (free_at := waits_until(item, now)) > now:
        with contextlib.suppress(lease.Stale):
            lease.finish(item, due_at=free_at)
        return
    destination = limits.far_side(item)
    if item.far_side_fails and not breakers.lets_through(destination, now):
        with contextlib.suppress(lease.Stale):
            lease.finish(item)  # back to its place
        return
    item.first_tried_at = item.first_tried_at or now
    if in_doubt_since is not None:
        if not _may_repeat(channel, item, now):
            stopped = None if item.last_error else NotDone(_("The sender stopped in the middle."))
            _settle(channel, item, Due.Status.UNKNOWN, why=stopped, error=item.last_error)
            return
        item.repeats += 1
    # The mark is committed before the first byte leaves: from here on a death leaves a row in doubt, not a fresh one.
    item.sending_since = in_doubt_since or now
    mark = {"sending_since": item.sending_since, "first_tried_at": item.first_tried_at, "repeats": item.repeats}
    if not Outbound.objects.filter(pk=item.pk, **item.fence()).update(**mark):
        return
    item.leaves_at = now
    try:
        reference = channel.send(item)
    except Permanent as refusal:
        _settle(channel, item, Due.Status.FAILED, why=refusal)
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
        if item.is_unasked:
            breakers.not_asked(destination, now)
        else:
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
        _settle(channel, item, Due.Status.UNKNOWN, why=loss, error=f"{type(loss).__name__}: {loss}")


def _later(channel: Channel, item: Outbound, failure: Exception) -> None:
    """Again after a while, or into a person's hands when patience is at its end."""
    now = clock.now()
    error = f"{type(failure).__name__}: {failure}"[:500]
    if item.first_tried_at is not None and now - item.first_tried_at >= PATIENCE:
        in_doubt = item.sending_since is not None
        status = Due.Status.UNKNOWN if in_doubt else Due.Status.QUARANTINED
        _settle(channel, item, status, why=failure, error=error)
        return
    failures = item.failures + 1
    wait = max(lease.wait_after(failures), dt.timedelta(seconds=getattr(failure, "retry_after", None) or 0))
    try:
        told = {"last_error": error, "why": getattr(failure, "told", {})}
        lease.finish(item, due_at=now + wait, sending_since=item.sending_since, failures=failures, **told)
    except lease.Stale:  # cancelled, or taken by another worker, whose business it is now
        return


def _settle(
    channel: Channel, item: Outbound, status: Due.Status, *, reference: str = "", why: Exception | None = None,
    error: str = "",
) -> None:  # fmt: skip
    """Mark the row and let the channel write what follows, together.

    The effect is out and cannot be undone, so a hiccup of the database is tried again here at once. When the channel's
    own writing keeps failing, the row is marked alone and set aside, so that nobody sends it a second time.
    """
    if why is not None:
        item.why, error = getattr(why, "told", {}), error or str(why)
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
    item.why = item.why if item.last_error else {}
    written = {"provider_ref": item.provider_ref, "last_error": item.last_error, "why": item.why, "done_at": now}
    lease.finish(item, status=status, sending_since=None, **written)
    item.status = status
