"""What somebody leaves behind who may not sign in any more goes to others: open tickets, visits and improvements.

Called by the listener.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM
from tickets.actions.assignment import assign
from tickets.actions.complaints.owning import give_up_improvements
from tickets.actions.distribution import distribute
from tickets.actions.visits.giving import give_up_visits
from tickets.models import Ticket


@transaction.atomic
def hand_over(user_id: int, *, at: dt.datetime) -> None:
    """Each ticket as its queue hands out, so that what is late or written on it is told to somebody again.

    Twice is once, and whoever was let in again meanwhile keeps what is theirs.
    """
    if User.objects.filter(pk=user_id, is_active=True).exists():
        return
    for pk in Ticket.objects.open().filter(assignee=user_id).order_by("pk").values_list("pk", flat=True):
        assign(pk, user_id=None, actor=SYSTEM)
        distribute(pk, actor=SYSTEM)
    give_up_visits(user_id, at=at)
    give_up_improvements(user_id, at=at)
