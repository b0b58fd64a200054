"""Keep what came in, before anybody understands it. Called by the fetcher, by the demo's mailbox and by the chat hook."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db import IntegrityError, transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.models import Timer
from aftersales.ledger.subject import subject_of
from tickets.models import Arrival, ArrivalSource, MailAccount

PLACES = "arrival.place"  # the timer that has a kept arrival placed
_BYTES_KEPT = dt.timedelta(days=90)
MOST_ASKED = 5  # times the server is asked for a mail that it does not hand over


def keep_mail(
    account: MailAccount, raw: bytes, *, uid_validity: int, uid: int, received_at: dt.datetime, actor: Actor,
    size: int | None = None,
) -> Arrival:  # fmt: skip
    """One mail of a mailbox, as its bytes. The same UID again is the row that is there, whoever was first.

    `size` above the length of `raw` says that only the header was taken. Commits before it returns, so that the
    caller may tell the server.
    """
    check(actor, "mail.fetch")
    now = clock.now()
    try:
        with transaction.atomic():
            row, fresh = Arrival.objects.get_or_create(
                account=account,
                uid_validity=uid_validity,
                uid=uid,
                defaults={"ref": new_ref("M"), "received_at": received_at, "kept_at": now},
            )
            if fresh or row.reason == Arrival.Reason.NOT_HANDED_OVER:
                _fill(row, raw, size or len(raw), now)
            _advance(account, uid_validity, uid)
    except IntegrityError:  # two at the same moment: the other one has it
        return Arrival.objects.get(account=account, uid_validity=uid_validity, uid=uid)
    return row


def keep_gap(account: MailAccount, *, uid_validity: int, uid: int, actor: Actor) -> Arrival:
    """A mail the server names and does not hand over. Asked for again some times, then left to a person, always visible."""
    check(actor, "mail.fetch")
    now = clock.now()
    with transaction.atomic():
        row, fresh = Arrival.objects.get_or_create(
            account=account,
            uid_validity=uid_validity,
            uid=uid,
            defaults={
                "ref": new_ref("M"),
                "received_at": now,
                "kept_at": now,
                "state": Arrival.State.QUARANTINED,
                "reason": Arrival.Reason.NOT_HANDED_OVER,
                "is_marked": True,
            },
        )
        if not fresh and row.reason == Arrival.Reason.NOT_HANDED_OVER:
            row.asked += 1
            row.save(update_fields=["asked"])
        _advance(account, uid_validity, uid)
    return row


def marked(arrivals: list[int]) -> None:
    """The server knows that we have these."""
    Arrival.objects.filter(pk__in=arrivals).update(is_marked=True)


def is_given_up(arrival: Arrival) -> bool:
    """Whether no worker places it any more, since each try failed: then a person decides."""
    mine = Timer.objects.stuck().filter(kind=PLACES, **subject_of(arrival))
    return arrival.state == Arrival.State.RECEIVED and mine.exists()


def forget_originals(now: dt.datetime) -> int:
    """Remove the bytes of what was settled 90 days ago; returns how many. What still waits keeps them."""
    old = ArrivalSource.objects.filter(arrival__settled_at__lt=now - _BYTES_KEPT)
    return old.exclude(arrival__state__in=(Arrival.State.RECEIVED, Arrival.State.QUARANTINED)).delete()[0]


def _fill(row: Arrival, raw: bytes, size: int, now: dt.datetime) -> None:
    if len(raw) > settings.MAIL_MAX_BYTES:  # the server had not said so
        raw = raw[: settings.MAIL_MAX_BYTES].partition(b"\r\n\r\n")[0]
    row.sha256, row.size = hashlib.sha256(raw).hexdigest(), size
    row.state, row.reason, row.is_marked = Arrival.State.RECEIVED, "", False
    same = Arrival.objects.filter(account=row.account, sha256=row.sha256).exclude(pk=row.pk).order_by("pk").first()
    if same is not None and same.uid_validity != row.uid_validity:
        # The server has numbered its mails anew: this one was here under its old number.
        row.same_as, row.state, row.reason = same, Arrival.State.IGNORED, Arrival.Reason.DUPLICATE
        row.sender, row.sender_name, row.subject, row.settled_at = same.sender, same.sender_name, same.subject, now
    row.save()
    if row.same_as is None:
        ArrivalSource.objects.create(arrival=row, raw=raw)
        timers.set_timer(PLACES, on=row, due_at=now, at=now)


def _advance(account: MailAccount, uid_validity: int, uid: int) -> None:
    MailAccount.objects.filter(pk=account.pk, uid_validity=uid_validity, last_uid__lt=uid).update(last_uid=uid)
