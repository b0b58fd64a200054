"""Hand events to their listeners: each listener hears each event exactly once as far as our own tables go."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel import clock
from aftersales.ledger import catalogue, lease
from aftersales.ledger.models import Delivery, Due


def deliver(delivery: Delivery, now: dt.datetime | None = None) -> None:
    """Let one listener hear one claimed event. Its writes and the `done` mark commit together or not at all.

    `now` is the instant of the claim, by default the present one.
    """
    now = now or clock.now()
    try:
        with transaction.atomic():
            catalogue.listener(delivery.listener)(delivery.event)
            lease.finish(delivery, status=Due.Status.DONE, done_at=now)
    except lease.Stale:
        pass
    except Exception as failure:  # noqa: BLE001  the listener's, whatever it is
        lease.back_off(delivery, failure, clock.now())
