"""Mail accounts: add, change and end one; take turns at reading it. Called by the office, the fetcher and the demo."""

from __future__ import annotations

import datetime as dt

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


def begin(account: MailAccount, uid_validity: int) -> MailAccount:
    """Which numbering the server uses now. Another than last time: everything is looked at again, and known by its bytes."""
    MailAccount.objects.filter(pk=account.pk).exclude(uid_validity=uid_validity).update(
        uid_validity=uid_validity, last_uid=0
    )
    account.refresh_from_db()
    return account


def end_turn(account: MailAccount, *, error: str = "", more: bool = False) -> None:
    """Say how it went. After a failure it is asked again later and later, ten minutes at most; `more` asks at once."""
    now = clock.now()
    row = MailAccount.objects.filter(pk=account.pk)
    if error:
        wait = min(_LONGEST_WAIT, ASKED_EVERY * 2 ** min(account.failures, 10))
        row.update(leased_until=None, next_at=now + wait, failures=F("failures") + 1, last_error=error[:200])
    else:
        wait = dt.timedelta(0) if more else ASKED_EVERY
        row.update(leased_until=None, next_at=now + wait, failures=0, last_error="", last_read_at=now)


def _locked(account_id: int) -> MailAccount:
    account = MailAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
