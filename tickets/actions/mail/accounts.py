"""Mail accounts: add, move, change and end one; take turns at reading it. Called by the office, the fetcher and the demo."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.accounts import sealing
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.contacts import canonical_email
from tickets.models import MailAccount, Queue
from tickets.models.mail_account import PURPOSE

LEASE = dt.timedelta(seconds=90)
ASKED_EVERY = dt.timedelta(seconds=20)
_LONGEST_WAIT = dt.timedelta(minutes=10)
# By which the clock of a server may be slow; what was read before then is known by its bytes.
_OVERLAP = dt.timedelta(minutes=10)
# How far it was read, and how that went: begins anew in another place.
_HOW_FAR = ("begins_at", "uid_validity", "last_uid", "last_read_at", "next_at", "failures", "last_error")


@transaction.atomic
def add_account(
    address: str, *, actor: Actor, host: str = "", port: int = 993, user: str = "", password: str = "",
    folder: str = "INBOX", takes_strangers: bool = False, has_plus_addresses: bool = False, auth_server: str = "",
    begins_at: dt.datetime | None = None, queue: Queue | None = None, sender_name: str = "", is_sender: bool = False,
) -> MailAccount:  # fmt: skip
    """Take the mail of one address, from now on or from `begins_at` (UTC). An address that is there already is returned.

    Whether the server can be reached is asked before, outside any transaction. Raises `BadInput`.
    """
    check(actor, "key.manage")
    value = canonical_email(address)
    if value is None:
        raise BadInput(_("“%(text)s” is no e-mail address."), field="address", text=address[:80])
    at = clock.now()
    account, fresh = MailAccount.objects.get_or_create(
        address=value,
        defaults={
            "host": host, "port": port, "user": user or value, "folder": folder,
            "sealed_password": sealing.seal(password, purpose=PURPOSE) if password else "",
            "takes_strangers": takes_strangers, "has_plus_addresses": has_plus_addresses,
            "auth_server": auth_server, "begins_at": begins_at or at, "queue": queue,
            "sender_name": " ".join(sender_name.split()), "is_sender": is_sender,
        },
    )  # fmt: skip
    if fresh:
        record("mail.account_added", on=account, actor=actor, at=at, address=value, host=host)
    return account


@transaction.atomic
def change_password(account_id: int, password: str, *, actor: Actor) -> MailAccount:
    """Give another password. The same again changes nothing."""
    check(actor, "key.manage")
    account = _locked(account_id)
    if account.password != password:
        account.sealed_password = sealing.seal(password, purpose=PURPOSE)
        account.failures, account.next_at, account.last_error = 0, None, ""
        account.save(update_fields=["sealed_password", "failures", "next_at", "last_error"])
        record("mail.password_changed", on=account, actor=actor, address=account.address)
    return account


@transaction.atomic
def move_account(
    account_id: int, *, host: str, port: int, user: str, folder: str, begins_at: dt.datetime | None = None, actor: Actor
) -> MailAccount:  # fmt: skip
    """Read the mailbox in another place: what arrives there since the old one was last read, or since `begins_at` (UTC).

    The old place is read no more. `begins_at` alone has the same place looked through since then. The same again changes
    nothing.
    """
    check(actor, "key.manage")
    account = _locked(account_id)
    at, before = clock.now(), _told(account)
    if (place := {"host": host, "port": port, "user": user, "folder": folder}) != account.place:
        account.begins_at = _read_until(account, at)
        for name, value in place.items():
            setattr(account, name, value)
        account.uid_validity, account.last_read_at, account.failures, account.last_error = None, None, 0, ""
    account.begins_at = begins_at or account.begins_at
    if (after := _told(account)) != before:
        account.last_uid, account.next_at = 0, None
        account.save(update_fields=[*MailAccount.PLACE, *_HOW_FAR])
        record(
            "mail.account_moved", on=account, actor=actor, at=at, address=account.address, before=before, after=after
        )
    return account


@transaction.atomic
def end_account(account_id: int, *, actor: Actor) -> MailAccount:
    """Take no more mail of this address. What came in stays. Ending twice changes nothing."""
    check(actor, "key.manage")
    account = _locked(account_id)
    if account.ended_at is None:
        account.ended_at = clock.now()
        account.save(update_fields=["ended_at"])
        record("mail.account_ended", on=account, actor=actor, address=account.address)
    return account


def take_turn(now: dt.datetime) -> MailAccount | None:
    """One account that is due and that nobody reads at this moment. Two readers at once would be right, only wasteful."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = MailAccount.standing().exclude(host="").filter(Q(next_at=None) | Q(next_at__lte=now))
    for account in due.filter(free).order_by(F("next_at").asc(nulls_first=True), "pk"):
        if MailAccount.objects.filter(free, pk=account.pk).update(leased_until=now + LEASE):
            return account
    return None


@transaction.atomic
def begin(account: MailAccount, uid_validity: int) -> MailAccount:
    """Which numbering is used now, of the place that `account` was opened at. Another than last time: everything is looked at
    again, and known by its bytes.

    A numbering is the place and the server's own UIDVALIDITY, for many servers give 1 to every folder. An account that was
    read before places were told apart goes on under the UIDVALIDITY alone until it is moved.
    """
    numbering, row = _numbering(account, uid_validity), _locked(account.pk)
    if row.uid_validity not in (numbering, uid_validity):
        row.uid_validity, row.last_uid = numbering, 0
        row.save(update_fields=["uid_validity", "last_uid"])
    return row


def end_turn(account: MailAccount, *, error: str = "", more: bool = False) -> None:
    """Say how it went. After a failure it is asked again later and later, ten minutes at most; with `more` left it is asked at
    once, and was not read to its end."""
    now = clock.now()
    row = MailAccount.objects.filter(pk=account.pk)
    if error:
        wait = min(_LONGEST_WAIT, ASKED_EVERY * 2 ** min(account.failures, 10))
        row.update(leased_until=None, next_at=now + wait, failures=F("failures") + 1, last_error=error[:200])
    else:
        wait = dt.timedelta(0) if more else ASKED_EVERY
        read = {} if more else {"last_read_at": now}
        row.update(leased_until=None, next_at=now + wait, failures=0, last_error="", **read)


def _locked(account_id: int) -> MailAccount:
    account = MailAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def _numbering(account: MailAccount, uid_validity: int) -> int:
    """31 bits for the place above the 32 of the server."""
    place = hashlib.sha256("\0".join(map(str, account.place.values())).encode()).digest()
    return (int.from_bytes(place[:4]) >> 1) << 32 | uid_validity


def _read_until(account: MailAccount, now: dt.datetime) -> dt.datetime:
    """Until when the mail of the place it has was read; until now where nothing is read."""
    if account.last_read_at:
        return max(account.begins_at, account.last_read_at - _OVERLAP)
    return account.begins_at if account.host else now


def _told(account: MailAccount) -> dict[str, Any]:
    return {**account.place, "begins_at": account.begins_at.isoformat()}
