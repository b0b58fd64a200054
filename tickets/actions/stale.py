"""The guard against acting on a conversation that has moved on: who sends, closes or lets wait says which message they have
seen last."""

from __future__ import annotations

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.prepared import prepared
from tickets.models import Message, Ticket


class StaleThread(Conflict):
    """Somebody else has written since. `newer` holds the primary keys of what must be read first, oldest first."""

    code = "stale_thread"
    sentence = _("Something new was written while you were writing. It is shown here; read it, then send again.")

    def __init__(self, newer: list[int]) -> None:
        super().__init__(newer=newer)


def newest_message(ticket: Ticket) -> int:
    """Primary key of the newest message, notes included; 0 where nobody has written."""
    return ticket.messages.aggregate(newest=Max("pk"))["newest"] or 0


def must_have_seen(ticket: Ticket, seen: int | None, actor: Actor) -> None:
    """Refuse with `StaleThread` when others wrote after message `seen`. None asks nothing (a program that shows no thread).

    Keys and not times are compared: a late e-mail is new however old it says it is. Messages are only written with the
    ticket locked, so on one ticket a larger key is a later message.
    """
    if seen is None:
        return
    if found := _newer(actor.kind == "staff", ticket=ticket.pk, seen=seen, me=actor.id or 0):
        raise StaleThread(found)


@prepared
def _newer(but_mine: bool, *, ticket: int, seen: int, me: int) -> QuerySet[Message, int]:
    rows = Message.objects.filter(ticket_id=ticket, pk__gt=seen)
    if but_mine:
        rows = rows.exclude(by=Message.By.STAFF, author_id=me)
    return rows.order_by("pk").values_list("pk", flat=True)[:50]
