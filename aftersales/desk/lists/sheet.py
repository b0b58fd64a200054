"""A list of tickets as a table for a spreadsheet: the rows the list asks for in its order, read a piece at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.desk import queue
from aftersales.desk.lists.choices import CHANNELS
from aftersales.desk.lists.order import Order, page
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.reader import listed
from aftersales.kernel.sheets import MARK, line_of
from tickets.models import Ticket
from tickets.queries import TicketQuerySet

_PIECE = 500  # rows read with one statement: neither the file nor the list is ever whole in memory


def lines(tickets: TicketQuerySet, order: Order, language: str) -> Iterator[str]:
    """The file, line by line, in this language. Each piece is sought by its place, as the pages of the list are."""
    after, begun = "", False
    while after or not begun:
        with translation.override(language):
            piece = page(tickets, order, _PIECE, after=after, load=_load, or_last=False)
            told = [] if begun else [MARK + line_of(_head())]
            told += [line_of(_cells(ticket)) for ticket in piece.rows]
        yield from told
        after, begun = piece.after, True


def _load(keys: tuple[int, ...]) -> TicketQuerySet:
    loaded: TicketQuerySet = (
        Ticket.objects.filter(pk__in=keys).preloaded().select_related("goods_return", "team").prefetch_related("tags")
    )
    return loaded


def _head() -> list[str]:
    return [
        _("Ticket"), _("Subject"), _("Kind"), _("Customer"), _("Order"), _("Queue"), _("Team"), _("Tags"), _("Priority"),
        _("Channel"), _("Status"), _("Waiting for"), _("Waiting since"), _("Due"), _("Assigned to"),
        pgettext("column", "Opened"), _("Changed"), pgettext("column", "Closed"),
    ]  # fmt: skip


def _cells(ticket: Ticket) -> list[str | int]:
    row: Any = ticket
    return [
        ticket.ref, ticket.subject, ticket.get_kind_display(), str(ticket.person), ticket.order.number if ticket.order else "",
        str(ticket.queue), str(ticket.team or ""), listed(tag.name for tag in row.tags.all()),
        ticket.get_priority_display(), str(dict(CHANNELS).get(ticket.channel, ticket.channel)), queue.state_of(ticket)[1],
        ticket.get_waiting_on_display() if ticket.waiting_on else "", _time(ticket.waiting_since), _time(ticket.due_at),
        str(ticket.assignee or ""), _time(ticket.opened_at), _time(ticket.updated_at), _time(ticket.closed_at),
    ]  # fmt: skip


def _time(moment: dt.datetime | None) -> str:
    """In the shop's zone, as spreadsheets read it."""
    return moment.astimezone(shop_zone()).strftime("%Y-%m-%d %H:%M") if moment else ""
