"""What a customer who writes is told about when we answer: the service levels themselves, never a figure of its own."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext

from aftersales.kernel import datewords
from tickets.actions.clockwork import would_be_due
from tickets.models import Ticket
from tickets.models.sla_settings import FIRST


def answered_by(now: dt.datetime) -> str:
    """`We answer before Mon 30 Nov, 09:15.`, counted in opening hours; without a time where no policy has one."""
    due = would_be_due(Ticket.Kind.QUESTION, FIRST, now)
    if due is None:
        return gettext("We answer as soon as we can.")
    return gettext("We answer %(deadline)s.") % {"deadline": datewords.deadline(due, now)}
