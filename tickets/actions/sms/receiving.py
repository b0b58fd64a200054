"""Keep an SMS that a carrier hands over, before anybody understands it. Called by the hook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.models import Inbox
from aftersales.notices.sms_rules import says_stop
from tickets.actions.mail.keeping import PLACES
from tickets.actions.mail.placing import place
from tickets.models import Arrival

SOURCE = "sms"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a carrier handed over. `id` is its own with its name in front, `sender` E.164 or "" where it told no number."""

    id: str
    sender: str
    text: str
    at: dt.datetime  # UTC


def take_reply(reply: Reply, *, actor: Actor) -> Arrival | None:
    """Keep it, and heed a stop word before the carrier has its answer. The same id again is None: it is here.

    What is kept is placed by its timer in any case, so a stop word that meets a busy database is heeded seconds later.
    """
    check(actor, "mail.fetch")
    if (arrival := _keep(reply)) is not None and says_stop(reply.text):
        try:
            with transaction.atomic():
                place(arrival.pk, at=clock.now())
        except DatabaseError as failure:
            log.warning("sms.stop_waits", arrival=arrival.pk, why=type(failure).__name__)
    return arrival


@transaction.atomic
def _keep(reply: Reply) -> Arrival | None:
    now = clock.now()
    _row, fresh = Inbox.objects.get_or_create(source=SOURCE, external_id=reply.id, defaults={"received_at": now})
    if not fresh:
        return None
    arrival = Arrival.objects.create(
        ref=new_ref("M"), channel=Arrival.Channel.SMS, external_id=reply.id, sender=reply.sender, text=reply.text,
        size=len(reply.text.encode()), received_at=reply.at, kept_at=now, is_marked=True,
    )  # fmt: skip
    timers.set_timer(PLACES, on=arrival, due_at=now, at=now)
    return arrival
