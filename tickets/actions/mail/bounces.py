"""A mail server says that a mail of ours did not arrive: the notice says so from now on. Called when mail is placed."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.record import record
from aftersales.notices import message_ids
from aftersales.notices.actions.undelivered import undelivered
from tickets.actions.mail.threading import standing, ticket_of_notice
from tickets.mail.letter import Bounce
from tickets.models import Ticket


def report(bounce: Bounce, *, at: dt.datetime) -> Ticket | None:
    """The ticket of the mail it is about, which is marked as not delivered; None where no id in it is proven to be ours."""
    for each in bounce.about:
        number = message_ids.notice_of(each)
        ticket = ticket_of_notice(number) if number is not None else None
        if number is None or ticket is None:
            continue
        if bounce.failed and undelivered(number, status=bounce.status):
            record("ticket.mail_bounced", on=ticket, actor=SYSTEM, at=at, status=bounce.status or "–")
        return standing(ticket)
    return None
