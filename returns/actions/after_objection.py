"""A refusal of a part stands: the ticket waits again for whatever the accepted part was waiting for. Called by `objections`."""

from __future__ import annotations

import datetime as dt

from returns.actions import repair
from returns.actions.exchange import wait_to_ship
from returns.actions.finishing import open_refunds
from returns.machine import S
from returns.models import Refund, Return
from tickets.actions.opening import set_progress

_St = Refund.Status


def wait_again(ret: Return, *, at: dt.datetime) -> None:
    """The objection had the ticket to itself; now the goods or the money of the accepted part have it again.

    The caller holds the lock and has made the refusal final. Where nothing is left to do, nothing happens.
    """
    if ret.kind == Return.Kind.EXCHANGE and ret.status == S.AWAITING_RESHIP:
        wait_to_ship(ret, at=at)
    elif ret.status == S.RESHIPPED and ret.reshipment.delivered_at is None:
        set_progress(ret.ticket, waiting_on="carrier", due_at=None, at=at)
    elif ret.status in (S.REFUND_DUE, S.REFUNDING):
        _wait_for_money(ret, at=at)
    else:
        repair.wait_again(ret, at=at)


def _wait_for_money(ret: Return, *, at: dt.datetime) -> None:
    """Until the refund's own deadline, which ran on meanwhile; one that failed or is in doubt needs a person now."""
    paying = ret.status == S.REFUNDING
    refunds = list(open_refunds(ret).order_by("due_at"))
    clear = [each for each in refunds if each.status == (_St.SENDING if paying else _St.DUE)]
    if not clear or any(each.status in (_St.FAILED, _St.UNKNOWN) for each in refunds):
        set_progress(ret.ticket, waiting_on="", due_at=at, at=at)
    else:
        set_progress(ret.ticket, waiting_on="finance" if paying else "", due_at=clear[0].due_at, at=at)
