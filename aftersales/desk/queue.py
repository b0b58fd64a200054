"""Rows of a list of tickets, and words about a ticket that its row and its page share."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import pgettext

from aftersales.kernel.reader import of_two
from returns.models import Return
from tickets.models import Clock, Message, Queue, Ticket
from tickets.queries import TicketQuerySet

ROWS = 25


def rows(tickets: TicketQuerySet) -> TicketQuerySet:
    """With everything a row shows in one query, also whether a clock stands; the last word by the index on the conversation."""
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-at", "-id")
    listed: TicketQuerySet = (
        tickets.preloaded()
        .select_related("goods_return", "team", "person__membership__tier")
        .annotate(last_text=Subquery(last.values("text")[:1]), last_by=Subquery(last.values("by")[:1]))
        .annotate(clock_stands=clock_stands())
    )
    return listed


def clock_stands(ticket: str = "pk") -> Exists:
    """Whether a clock of the ticket stands, for an annotation: what the chip of service levels says where nothing is due."""
    return Exists(Clock.objects.filter(ticket=OuterRef(ticket), state=Clock.State.PAUSED))


def queue_name(queue: Queue) -> str:
    """The queue's name in the reader's language."""
    return of_two(queue.name_zh, queue.name_en)


def state_of(ticket: Ticket) -> tuple[str, str]:
    """What the badge of a row says: the state of the return, else of the ticket.

    Not by `get_status_display`, which translates every state there is to find one: a list has many rows.
    """
    ret: Return | None = getattr(ticket, "goods_return", None)
    if ret is None:
        return ticket.status, str(Ticket.Status(ticket.status).label)
    if ret.is_contested:
        return "contested", pgettext("badge", "contested")
    return ret.status, str(Return.Status(ret.status).label)
