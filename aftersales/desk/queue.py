"""Rows of a list of tickets, and words about a ticket that its row and its page share."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import pgettext

from aftersales.kernel.prepared import prepared
from returns.models import Return
from tickets.models import Clock, Message, Ticket
from tickets.queries import TicketQuerySet

ROWS = 25
NOTED = "note"  # who spoke last: nobody the customer heard

# What a row reads of each table: an order or a return has forty columns that it does not, and each further join is planned anew.
_SHOWN: dict[str, tuple[str, ...]] = {
    "": (
        "ref", "kind", "title", "status", "waiting_on", "waiting_since", "priority", "channel", "custom", "due_at", "opened_at",
        "updated_at", "closed_at",
    ),
    "person": ("ref", "name", "nick", "source"),
    "person__membership__tier": ("key", "name_zh", "name_en", "gives_zh", "gives_en", "in_use"),
    "order": ("number",),
    "assignee": ("name",),
    "goods_return": ("status", "is_contested"),
}  # fmt: skip
_SPOKE = Case(When(internal=True, then=Value(NOTED)), default=F("by"))
_BY_COLUMN = {"queue": ("name_zh", "name_en"), "team": ("name",)}


def rows(tickets: TicketQuerySet, columns: Collection[str] = ()) -> TicketQuerySet:
    """With everything a row shows in one query, also whether a clock stands; the last word by the index on the conversation."""
    shown = _SHOWN | {name: fields for name, fields in _BY_COLUMN.items() if name in columns}
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-at", "-id")
    listed: TicketQuerySet = (
        tickets.select_related(*filter(None, shown))
        .only(*(f"{table}__{field}" if table else field for table, fields in shown.items() for field in fields))
        .annotate(last_text=Subquery(last.values("text")[:1]), last_by=Subquery(last.values_list(_SPOKE)[:1]))
        .annotate(clock_stands=clock_stands())
    )
    return listed.prefetch_related("tags") if "tags" in columns else listed


def shown(keys: tuple[int, ...], columns: Collection[str] = ()) -> list[Ticket]:
    """The rows of these tickets, in any order."""
    return _shown(frozenset(columns), keys=keys)


@prepared
def _shown(columns: frozenset[str], *, keys: tuple[int, ...]) -> QuerySet[Ticket]:
    return rows(Ticket.objects.filter(pk__in=keys), columns)


def clock_stands(ticket: str = "pk") -> Exists:
    """Whether a clock of the ticket stands, for an annotation: what the chip of service levels says where nothing is due."""
    return Exists(Clock.objects.filter(ticket=OuterRef(ticket), state=Clock.State.PAUSED))


def state_of(ticket: Ticket) -> tuple[str, str]:
    """What the badge of a row says: the state of the return, else of the ticket.

    Not by `get_status_display` of the return, which translates every state there is to find one: a list has many rows.
    """
    ret: Return | None = getattr(ticket, "goods_return", None)
    if ret is None:
        return ticket.status, str(Ticket.Status(ticket.status).label)
    if ret.is_contested:
        return "contested", pgettext("badge", "contested")
    return ret.status, str(Return.Status(ret.status).label)
