"""The guard against acting on a conversation that has moved on: who sends, closes or lets wait says what they have seen of
it."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.prepared import prepared
from tickets.models import Message, Ticket

_MOST = 50  # messages shown with one refusal


class Seen(NamedTuple):
    """What a page showed of a conversation, in primary keys: the newest message, and the tickets merged into it.

    The message alone does not tell: by a merge others come in that may be older and were not there.
    """

    message: int
    merged: tuple[int, ...] = ()


class StaleThread(Conflict):
    """Somebody else has written since. `newer` holds the primary keys of what must be read first, oldest first; with these
    `seen` has been seen."""

    code = "stale_thread"
    sentence = _("Something new was written while you were writing. It is shown here; read it, then send again.")

    def __init__(self, newer: list[int], seen: Seen) -> None:
        super().__init__(newer=newer)
        self.seen = seen


def newest_message(ticket: Ticket) -> int:
    """Primary key of the newest message of the conversation, notes included; 0 where nobody has written."""
    return Message.objects.in_conversation(ticket.pk).aggregate(newest=Max("pk"))["newest"] or 0


def seen_now(ticket: Ticket) -> Seen:
    """What a page shows that is drawn now."""
    return Seen(newest_message(ticket), tuple(_merged(ticket=ticket.pk)))


def must_have_seen(ticket: Ticket, seen: Seen | int | None, actor: Actor) -> None:
    """Refuse with `StaleThread` when others wrote what was not seen. None asks nothing (a program that shows no thread).

    A program may name the newest message alone. Keys and not times are compared: a late e-mail is new however old it says it
    is. Messages are only written with the ticket locked, and a merge locks both, so in what was seen a larger key is a later
    message; of a ticket that was merged since, all are new.
    """
    if seen is None:
        return
    shown, by_key = (seen, False) if isinstance(seen, Seen) else (Seen(seen), True)
    newer = _newer(
        actor.scope, actor.kind == "staff", by_key, ticket=ticket.pk, seen=shown.message, places=(ticket.pk, *shown.merged),
        me=actor.id or 0,
    )  # fmt: skip
    if newer:
        # What did not fit comes after the last that did, and is found by its key the next time.
        read_to = newer[-1] if len(newer) == _MOST else max(shown.message, newer[-1])
        raise StaleThread(newer, Seen(read_to, tuple(_merged(ticket=ticket.pk))))


@prepared
def _newer(
    scope: Actor, but_mine: bool, by_key: bool, *, ticket: int, seen: int, places: tuple[int, ...], me: int
) -> QuerySet[Message, int]:
    new = Q(pk__gt=seen) if by_key else Q(pk__gt=seen) | ~Q(ticket_id__in=places)
    rows = Message.objects.visible_to(scope).in_conversation(ticket).filter(new)
    if but_mine:
        rows = rows.exclude(by=Message.By.STAFF, author_id=me)
    return rows.order_by("pk").values_list("pk", flat=True)[:_MOST]


@prepared
def _merged(*, ticket: int) -> QuerySet[Ticket, int]:
    return Ticket.objects.filter(merged_into_id=ticket).order_by("pk").values_list("pk", flat=True)
