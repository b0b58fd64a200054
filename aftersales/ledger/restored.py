"""After a backup was restored nothing leaves the house until a person has looked. Called by `manage.py reconcile`.

The database does not know what was sent or paid after the backup was taken. So everything that waits to be sent is set
aside, timers and daily jobs stand still, and each message is released or settled by hand; then a manager ends the stop.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import deliveries, lease, reasons, selfcheck, stops
from aftersales.ledger.models import Delivery, Due, Outbound, Stop
from aftersales.ledger.record import record

# References and rows made after the backup are known outside by their numbers; new ones must not get the same.
NUMBERS_LEFT_OUT = 10_000
# What a backup may have cut through: payments and their refunds, tickets and what was told of them, files and their rows.
MUST_HOLD = ("I3", "I4", "I5", "I12")


class StillOpen(Conflict):
    code = "restored_open"
    sentence = _("Messages not decided yet: %(rows)s. Say of each whether it was sent; the list shows them.")


class StillBroken(Conflict):
    code = "restored_broken"
    sentence = _(
        "The self-check finds rows that cannot be so: %(rows)s. “manage.py selfcheck” says what to do about each."
    )


class NotRestored(Conflict):
    code = "not_restored"
    sentence = _("Nothing is stopped because of a restore. Begin with “manage.py reconcile begin --backup-at …”.")


@transaction.atomic
def begin(*, backup_at: dt.datetime, reason: str, actor: Actor) -> Stop:
    """Stop everything before the first start on a restored database. Beginning twice changes nothing.

    `backup_at` (UTC) is the instant the backup holds. Raises `BadInput` when that lies ahead.
    """
    check(actor, "work.reconcile")
    now, why = clock.now(), stops.said(reason)
    if backup_at > now:
        raise BadInput(_("The backup cannot be newer than now. Give the instant it was taken."), field="backup_at")
    standing = Stop.objects.standing().filter(what=Stop.RESTORED).first()
    if standing is not None:
        return standing
    row = Stop.objects.create(
        what=Stop.RESTORED, reason=why, at=now, by_id=actor.id if actor.kind == "staff" else None, restored_to=backup_at
    )
    _skip_numbers()
    _hear_out()
    rows = _set_aside(backup_at)
    record("work.restored", on=row, actor=actor, at=now, rows=rows, why=why, backup_at=backup_at.isoformat())
    return row


def _hear_out() -> None:
    """What listeners still had to write at the time of the backup is written first: its messages are old ones, too."""
    while (delivery := lease.claim(Delivery, clock.now())) is not None:
        deliveries.deliver(delivery)


def _set_aside(backup_at: dt.datetime) -> int:
    """Every message that waits may have been sent since. One whose send had begun is in doubt anyway and stays so."""
    why = reasons.kept(
        gettext_noop("Waited when the backup of %(instant)s UTC was taken; it may have been sent since."),
        {"instant": f"{backup_at:%Y-%m-%d %H:%M}"},
    )
    told = {"last_error": reasons.filled(why), "why": why, "lease_until": None}
    waiting = Outbound.objects.pending()
    in_doubt = waiting.filter(sending_since__isnull=False).update(status=Due.Status.UNKNOWN, **told)
    return in_doubt + waiting.update(status=Due.Status.QUARANTINED, **told)


def _skip_numbers() -> None:
    """Raise every sequence, so that a new row never has the number of one that the backup lost."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + %s)"
            " FROM pg_sequences WHERE schemaname = ANY (current_schemas(false))",
            [NUMBERS_LEFT_OUT],
        )


def undecided() -> QuerySet[Outbound]:
    """Messages somebody must say something about, the oldest first."""
    rows: QuerySet[Outbound] = Outbound.objects.stuck().order_by("due_at", "pk")
    return rows


@transaction.atomic
def end(*, reason: str, actor: Actor) -> Stop:
    """Everything was looked at: timers fire and messages leave again.

    The self-checks of money, tickets and files look at the time before the backup and at now. Raises `StillOpen`,
    `StillBroken`, `NotRestored`.
    """
    check(actor, "work.reconcile")
    row = Stop.objects.standing().select_for_update().filter(what=Stop.RESTORED).first()
    if row is None:
        raise NotRestored
    if left := undecided().count():
        raise StillOpen(rows=left)
    now = clock.now()
    if found := selfcheck.broken_of(MUST_HOLD, row.restored_to or now, now):
        raise StillBroken(rows="; ".join(found))
    return stops.lift(row, reason=reason, actor=actor)
