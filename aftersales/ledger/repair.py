"""What a person may do with a stuck row: try it again, give it up, or say how it turned out. Called by office and `reconcile`."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import doorbell, outbox
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.record import record
from aftersales.ledger.stops import said

Row = TypeVar("Row", bound=Due)
_St = Due.Status


class NotStuck(Conflict):
    code = "not_stuck"
    sentence = _("This row is “%(status)s”; only a row that was set aside can be tried again or given up.")


class WaitsItsTurn(NotStuck):
    sentence = _(
        "This row waits its turn and will be done when it is due. Only a row that was set aside needs a person."
    )


class LookFirst(Conflict):
    code = "look_first"
    sentence = _("This may have happened already. Look at the far side first, then say whether it was done.")


def _locked(row: Row, actor: Actor) -> Row:
    check(actor, "work.repair")
    found = type(row).objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def retry(row: Due, *, reason: str, actor: Actor) -> Due:
    """Put a row that was set aside back to work. One that waits already stays as it is.

    Raises `BadInput` without a reason, and `LookFirst` for a message in doubt: repeating that could do it twice.
    """
    row = _locked(row, actor)
    if row.status == _St.PENDING:
        return row
    if row.status == _St.UNKNOWN:
        raise LookFirst
    if row.status != _St.QUARANTINED:
        raise NotStuck(status=row.get_status_display())
    why, now = said(reason), clock.now()
    if isinstance(row, Outbound):
        if not outbox.resend(row, at=now):
            raise LookFirst
    else:
        row.status, row.due_at, row.lease_until, row.failures, row.abandoned = _St.PENDING, now, None, 0, 0
        row.save(update_fields=["status", "due_at", "lease_until", "failures", "abandoned"])
        doorbell.ring_after_commit()
    record("work.retried", on=row, actor=actor, at=now, what=str(row), error=row.last_error, why=why)
    return row


@transaction.atomic
def give_up(row: Due, *, reason: str, actor: Actor) -> Due:
    """Nobody will do this any more. Giving up twice changes nothing.

    Not for messages to the outside: whoever waits for their outcome must hear one, so those are settled instead.
    """
    row = _locked(row, actor)
    if row.status == _St.CANCELLED:
        return row
    if row.status == _St.PENDING and not isinstance(row, Outbound):
        raise WaitsItsTurn
    if row.status != _St.QUARANTINED or isinstance(row, Outbound):
        raise NotStuck(status=row.get_status_display())
    why = said(reason)
    row.status = _St.CANCELLED
    row.save(update_fields=["status"])
    record("work.cancelled", on=row, actor=actor, what=str(row), error=row.last_error, why=why)
    return row


@transaction.atomic
def settle(item: Outbound, *, was_done: bool, reason: str, reference: str = "", actor: Actor) -> Outbound:
    """Somebody looked at the far side and says whether the message arrived or the payment was made.

    What follows from it (a refund is paid, or may be tried again) is written by the channel, as if the far side had
    answered. Settling twice changes nothing.
    """
    item = _locked(item, actor)
    if item.status in (_St.DONE, _St.FAILED):
        return item
    if item.status not in (_St.UNKNOWN, _St.QUARANTINED):
        raise NotStuck(status=item.get_status_display())
    why, now = said(reason), clock.now()
    item.status, item.done_at, item.sending_since = _St.DONE if was_done else _St.FAILED, now, None
    item.provider_ref = (reference or item.provider_ref)[:200]
    item.save(update_fields=["status", "done_at", "sending_since", "provider_ref"])
    outbox.channel(item.channel).settled(item)
    record("work.settled", on=item, actor=actor, at=now, what=str(item), was_done=was_done, why=why)
    return item
