"""The list one came from, beside the ticket: the same view, filters, order and page, so that one works through it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

from aftersales.desk import queue
from aftersales.desk.lists.order import page
from aftersales.desk.lists.row import Row, row_of
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Beside:
    """The list, and the rows of the page of it that one was on."""

    asked: TicketList
    rows: list[Row]


def beside_of(query: QueryDict, actor: Actor, now: dt.datetime) -> Beside:
    """Two or three statements, wherever in the list one is."""
    asked = TicketList.read(query, actor)
    found = page(
        asked.rows(actor, now), asked.wishes.order, queue.ROWS,
        after=query.get("after", ""), before=query.get("before", ""), load=queue.shown,
    )  # fmt: skip
    return Beside(asked, [row_of(ticket, now, query=query.urlencode()) for ticket in found.rows])
