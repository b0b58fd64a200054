"""One list of tickets: a view, narrowed by the address. Its page, its count and its badge are made from the same question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from django.db.models import Q
from django.http import QueryDict

from aftersales.desk.lists.asked import PLACES
from aftersales.desk.lists.shipped import SHIPPED, ShippedView, shipped_called
from aftersales.desk.lists.wishes import Wishes
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from tickets.models import SavedView, Ticket
from tickets.queries import TicketQuerySet

SAVED = "saved-"  # key of a saved view in addresses: saved-12


@dataclass(frozen=True, slots=True)
class TicketList:
    """What is asked for. `shipped` or `saved` is the view it begins with; `query` is both together, as an address says it."""

    query: QueryDict
    wishes: Wishes
    shipped: ShippedView | None = None
    saved: SavedView | None = None

    @classmethod
    def read(cls, query: QueryDict, actor: Actor) -> TicketList:
        """The list of an address: what the view asks, unless the address says otherwise under the same name.

        A view nobody knows, or that one may not see, is every open ticket.
        """
        key = query.get("view", "")
        if key.startswith(SAVED) and key.removeprefix(SAVED).isdecimal() and len(key) < 16:
            saved = SavedView.objects.visible_to(actor).filter(pk=int(key.removeprefix(SAVED))).first()
            if saved is not None:
                return cls.saved_as(saved, query)
        shipped = shipped_called(key)
        return cls.shipped_as(shipped if shipped and may(actor, shipped.verb) else SHIPPED[0], query)

    @classmethod
    def shipped_as(cls, view: ShippedView, query: QueryDict | None = None) -> TicketList:
        return _bare(view) if query is None else _shipped(view, query)

    @classmethod
    def saved_as(cls, view: SavedView, query: QueryDict | None = None) -> TicketList:
        merged = _merged(view.query, query)
        return cls(merged, Wishes.of(merged), saved=view)

    @property
    def key(self) -> str:
        """The name of the view in addresses; empty for every open ticket."""
        if self.saved is not None:
            return f"{SAVED}{self.saved.pk}"
        return self.shipped.key if self.shipped else ""

    def tickets(self, actor: Actor, now: dt.datetime, among: TicketQuerySet | None = None) -> TicketQuerySet:
        """The tickets in it, in no order. `among` are those the actor sees, where somebody has asked for them already."""
        narrows = self.shipped.condition() if self.shipped else Q()
        seen = Ticket.objects.visible_to(actor) if among is None else among
        found = self.wishes.apply(seen, actor=actor, now=now)
        return found.filter(narrows) if narrows else found


def _shipped(view: ShippedView, query: QueryDict | None) -> TicketList:
    merged = _merged(view.query, query)
    return TicketList(merged, Wishes.of(merged), shipped=view)


@cache
def _bare(view: ShippedView) -> TicketList:
    """As it was shipped: every page of the desk names them all."""
    return _shipped(view, None)


def _merged(kept: str, query: QueryDict | None) -> QueryDict:
    merged = QueryDict(kept, mutable=True)
    for name, values in (query or QueryDict()).lists():
        if name not in PLACES:
            merged.setlist(name, values)
    return merged
