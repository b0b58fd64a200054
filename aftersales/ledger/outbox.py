"""Effects outside our tables: put in by actions and listeners; `sending` lets them out, with no transaction open.

To add a channel: a class with `name`, `repeatable`, `send` and `settled`, and one `register(…)` in `AppConfig.ready`.
docs/outbox.md walks through one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from django.db.models import Model

from aftersales.kernel import clock
from aftersales.ledger import doorbell, reasons
from aftersales.ledger.fingerprint import fingerprint
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.subject import subject_of

BLANKED = {"blanked": True}  # the payload of what was forgotten


class NotDone(Exception):
    """`why` is an English sentence (`gettext_noop`) with `%(name)s` for each of `params`: so it is kept, and translated later."""

    def __init__(self, why: str, /, **params: object) -> None:
        self.told = reasons.kept(why, params)
        super().__init__(reasons.filled(self.told))


class Temporary(NotDone):
    """The far side is away or busy; nothing was done. Try again later, after `retry_after` seconds if it said so."""

    def __init__(self, why: str, /, *, retry_after: float | None = None, **params: object) -> None:
        super().__init__(why, **params)
        self.retry_after = retry_after


class Permanent(NotDone):
    """The far side refused for good. Trying again would be refused again."""


class Unknown(NotDone):
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


class Waits(Protocol):
    """What a channel may have besides: until when a row that falls due now waits still, as a reminder does at night."""

    def waits_until(self, item: Outbound, now: dt.datetime) -> dt.datetime:
        """`now` where it may leave, otherwise a later instant, which becomes its due time."""


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


def forget_words(item: Outbound) -> None:
    """Blank what was sent or never will be; its hash stays with the key."""
    Outbound.objects.filter(pk=item.pk).update(payload=BLANKED)


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
    return bool(waiting.update(status=Due.Status.CANCELLED, done_at=at, payload=BLANKED, lease_until=None))


def answered(key: str, *, was_done: bool, reference: str = "", at: dt.datetime) -> bool:
    """Somebody looked at the far side and said so at the thing itself: a row set aside or in doubt is settled with it.

    In the caller's transaction. False while the row is at work, because then nobody can know yet.
    """
    row = Outbound.objects.filter(key=key)
    status = Due.Status.DONE if was_done else Due.Status.FAILED
    stuck = row.filter(status__in=(Due.Status.UNKNOWN, Due.Status.QUARANTINED))
    stuck.update(status=status, done_at=at, sending_since=None, provider_ref=reference[:200])
    return not row.filter(status=Due.Status.PENDING).exists()
