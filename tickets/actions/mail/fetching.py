"""Read the mailboxes: fetch, keep, commit, and only then say so on the server. Called by beat and by `manage.py fetch_mail`.

May be killed anywhere and run by any number of processes at once: a mail is one row by its UID, asked for by number and
not by whether somebody has seen it, so that nothing that came during an outage is passed over.
"""

from __future__ import annotations

import datetime as dt
import time

import structlog
from django.conf import settings

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.notices import outbound
from tickets.actions.mail import accounts, keeping
from tickets.mail import server
from tickets.models import Arrival, MailAccount

log = structlog.get_logger()

BUDGET_SECONDS = 30.0  # of one turn; what is left is taken in the next
_AT_ONCE = 50  # mails looked at with one question


def fetch_due(*, budget: float = BUDGET_SECONDS) -> int:
    """Read every account that is due, one after the other. Returns how many mails are new."""
    new = 0
    end = time.monotonic() + budget
    while time.monotonic() < end and (account := accounts.take_turn(clock.now())) is not None:
        new += fetch(account, until=end)
    return new


def fetch(account: MailAccount, *, until: float) -> int:
    """One turn at one account, until `until` (monotonic seconds). A server that is away is noted and asked again later."""
    new, more, error = 0, False, ""
    try:
        with server.opened(place_of(account)) as line:
            account = accounts.begin(account, line.uid_validity)
            new, more = _take_all(account, line, until)
    except (server.Away, outbound.Refused, outbound.NotReached) as failure:
        error = str(failure) or type(failure).__name__
        log.warning("mail.away", account=account.pk, why=error)
    accounts.end_turn(account, error=error, more=more)
    return new


def place_of(account: MailAccount) -> server.Place:
    """Where the mailbox is, with the network address judged anew. Raises `outbound.Refused` or `outbound.NotReached`."""
    judged = outbound.look_up_host(account.host, account.port, usual=(993, 143))
    return server.Place(
        host=account.host, port=account.port, address=judged.address, user=account.user, password=account.password,
        folder=account.folder, encrypted=not (judged.is_allowed and account.port != 993),
    )  # fmt: skip


def _take_all(account: MailAccount, line: server.Line, until: float) -> tuple[int, bool]:
    """(how many are new, whether some are left)."""
    _tell_server(account, line)
    # A day earlier, because servers count days in zones of their own; the exact instant is looked at below.
    since = (account.begins_at - dt.timedelta(days=1)).date()
    waiting = _asked_for_again(account) + line.from_uid(account.last_uid + 1, since=since)
    new = 0
    for start in range(0, len(waiting), _AT_ONCE):
        uids = waiting[start : start + _AT_ONCE]
        known = {found.uid: found for found in line.look(uids)}
        for uid in uids:
            if time.monotonic() > until:
                _tell_server(account, line)
                return new, True
            new += _take(account, line, uid, known.get(uid))
        _tell_server(account, line)
    return new, False


def _take(account: MailAccount, line: server.Line, uid: int, found: server.Found | None) -> int:
    if found is not None and found.received_at < account.begins_at:
        return 0  # older than what this account is to take
    validity = account.uid_validity
    assert validity is not None
    if Arrival.objects.filter(account=account, uid_validity=validity, uid=uid).exclude(sha256="").exists():
        return 0
    try:
        is_large = found is not None and found.size > settings.MAIL_MAX_BYTES
        raw = line.head(uid) if is_large else line.whole(uid)
    except server.NotHandedOver:
        keeping.keep_gap(account, uid_validity=validity, uid=uid, actor=SYSTEM)
        return 0
    keeping.keep_mail(
        account, raw, uid_validity=validity, uid=uid, received_at=found.received_at if found else clock.now(),
        size=found.size if found else None, actor=SYSTEM,
    )  # fmt: skip
    return 1


def _asked_for_again(account: MailAccount) -> list[int]:
    gaps = Arrival.objects.filter(
        account=account, uid_validity=account.uid_validity, state=Arrival.State.QUARANTINED,
        reason=Arrival.Reason.NOT_HANDED_OVER, asked__lt=keeping.MOST_ASKED,
    )  # fmt: skip
    return [uid for uid in gaps.order_by("uid").values_list("uid", flat=True) if uid is not None]


def _tell_server(account: MailAccount, line: server.Line) -> None:
    """Mark what is kept, also what an earlier turn kept before it was killed."""
    rows = list(
        Arrival.objects.filter(account=account, uid_validity=account.uid_validity, is_marked=False).order_by("uid")
        .values_list("pk", "uid")[:500]
    )  # fmt: skip
    line.mark([uid for _pk, uid in rows if uid is not None])
    keeping.marked([pk for pk, _uid in rows])
