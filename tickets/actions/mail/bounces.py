"""A mail server says that a mail of ours did not arrive: the notice says so from now on. Called when mail is placed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.record import record
from aftersales.notices import message_ids
from aftersales.notices.actions.undelivered import undelivered
from aftersales.notices.models import Notice
from tickets.actions.mail.threading import standing, ticket_of
from tickets.mail.letter import Bounce
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Reported:
    """A mail proven to be ours, and the ticket it is about; None for what is about no ticket, such as news of a parcel."""

    ticket: Ticket | None


def report(bounce: Bounce, *, at: dt.datetime) -> Reported | None:
    """What it is about, marked as not delivered; None where no id in it is proven to be ours."""
    for each in bounce.about:
        number = message_ids.notice_of(each)
        notice = Notice.objects.filter(pk=number).first() if number is not None else None
        if notice is None:
            continue
        ticket = ticket_of(notice.about)
        fresh = bounce.failed and undelivered(notice.pk, status=bounce.status, at=at)
        if fresh and ticket is not None:
            record("ticket.mail_bounced", on=ticket, actor=SYSTEM, at=at, status=bounce.status or "–")
        return Reported(standing(ticket) if ticket is not None else None)
    return None
