"""Ask once more when a message leaves: whether its way is still theirs. Called by the channels before they send.

Between telling and leaving lies an outage, a stop, quiet hours. Who has refused the channel meanwhile, or whose address is
gone from the archive, gets the message by the way that holds now, or not at all; nothing goes out to where it should not.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.ledger.outbox import Permanent, Unknown
from aftersales.ledger.subject import resolve
from aftersales.notices.actions import telling
from aftersales.notices.envelope import Envelope
from aftersales.notices.kinds import KINDS, Kind
from aftersales.notices.models import Notice
from aftersales.notices.recipients import Point, Recipient, recipient

_ELSEWHERE = _("They are told by another way now: this one was refused, or its address is gone.")
_NOT_AT_ALL = _("Not sent: they have refused this way since, or the address is gone.")


def ask_again(item: Outbound) -> None:
    """Return where it may leave by this way. Otherwise tell them by the way that holds and raise `Permanent`.

    Where an earlier try is in doubt nothing else is sent, since they may have it: that raises `Unknown`. Codes are not
    asked about: they are worth a few minutes and go where they were asked for.
    """
    notice = Notice.objects.filter(pk=item.subject_id).first() if item.subject_type == "notices.notice" else None
    if notice is None or notice.template not in KINDS or notice.template == "proof.code":
        return
    person = resolve(notice.recipient_type, notice.recipient_id)
    reach = _reach(person) if person is not None else None
    if person is not None and reach is not None:
        if reach.in_app or _holds(person, notice, reach):
            return
        if item.repeats == 0 and _tell_elsewhere(person, notice, reach, item):
            item.is_taken_back = True
            raise Permanent(_ELSEWHERE)
    item.is_taken_back = True
    if item.repeats:
        raise Unknown(_NOT_AT_ALL)
    raise Permanent(_NOT_AT_ALL)


def _reach(person: Model) -> Recipient | None:
    """A kind of person nobody registered is told by who knows the address; there is nothing to ask about."""
    try:
        return recipient(person)
    except LookupError:
        return Recipient(locale="", in_app=True)


def _holds(person: Model, notice: Notice, reach: Recipient) -> bool:
    """The address is still theirs, and its channel is not refused (or is the one that service notices fall back to)."""
    mine = [point for point in reach.points if point.sha256 == notice.to_sha256]
    return any(telling.may_go(person, point, _kind(notice), reach) for point in mine)


@transaction.atomic
def _tell_elsewhere(person: Model, notice: Notice, reach: Recipient, item: Outbound) -> bool:
    """By each way that holds now and by which they were not told already. False where there is none. Twice is once."""
    now, (channel, _, occasion) = clock.now(), notice.key.partition(":")
    envelope = _envelope(item.payload)
    told = []
    for point in telling.points_of(person, _kind(notice), reach):
        way = telling.CHANNEL_OF[point.kind]
        key = f"{way}:{occasion}" if way != channel else f"{notice.key}:{point.sha256[:12]}"
        told.append(_tell(person, notice, reach, point, key=key[:200], envelope=envelope, item=item, now=now))
    return bool(told)


def _tell(person: Model, notice: Notice, reach: Recipient, point: Point, **more: Any) -> Notice:
    return telling.send(
        person, _kind(notice), notice.params, reach, point, event=notice.event, key=more["key"], now=more["now"],
        envelope=more["envelope"], useful_until=more["item"].useful_until,
    )  # fmt: skip


def _kind(notice: Notice) -> Kind:
    return KINDS[notice.template].in_case(notice.params)


def _envelope(payload: dict[str, Any]) -> Envelope:
    """What the first mail carried; an SMS carries nothing."""
    headers = {name: value for name, value in payload.get("headers", {}).items() if name != "Reply-To"}
    return Envelope(headers=headers, files=tuple(payload.get("files", ())), sender=payload.get("from", ""))
