"""One list of tickets: a view, narrowed by the address. Its page, its count and its badge are made from the same question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from aftersales.desk.lists.asked import PLACES
from aftersales.desk.lists.order import Place, Stretch
from aftersales.desk.lists.shipped import SHIPPED, ShippedView, shipped_called
from aftersales.desk.lists.wishes import Wishes
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day, shop_date
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import prepared
from tickets.models import SavedView, Ticket
from tickets.queries import TicketQuerySet

SAVED = "saved-"  # key of a saved view in addresses: saved-12
Shape = tuple[Wishes, ShippedView | None]


class Asker(TypedDict):
    """`me` is an account, 0 where none is; `midnight` the end of the shop's day, in UTC."""

    me: int
    now: dt.datetime
    midnight: dt.datetime


@dataclass(frozen=True, slots=True)
class TicketList:
    """What is asked for. `shipped` or `saved` is the view it begins with, both where a saved one was kept of a shipped one that
    no filter can say; `query` is all together, as an address says it."""

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
            if saved is not None and (found := cls.saved_as(saved, query)).is_for(actor):
                return found
        shipped = shipped_called(key)
        return cls.shipped_as(shipped if shipped and may(actor, shipped.verb) else SHIPPED[0], query)

    @classmethod
    def shipped_as(cls, view: ShippedView, query: QueryDict | None = None) -> TicketList:
        return _bare(view) if query is None else _shipped(view, query)

    @classmethod
    def saved_as(cls, view: SavedView, query: QueryDict | None = None) -> TicketList:
        kept = QueryDict(view.query, mutable=True)
        began = kept.pop("view", [""])[-1]
        merged = _merged(kept.urlencode(), query)
        return cls(merged, Wishes.of(merged), shipped=shipped_called(began) if began else None, saved=view)

    @property
    def key(self) -> str:
        """The name of the view in addresses; empty for every open ticket."""
        if self.saved is not None:
            return f"{SAVED}{self.saved.pk}"
        return self.shipped.key if self.shipped else ""

    def is_for(self, actor: Actor) -> bool:
        """Whether somebody is shown it at all: one that a colleague has shared may begin with a view that is nothing for them."""
        return self.shipped is None or may(actor, self.shipped.verb)

    def kept(self) -> str:
        """What a saved view keeps of it: the filters, and the shipped view that narrows it as none of them can."""
        query = QueryDict(self.wishes.kept(), mutable=True)
        if self.shipped is not None and self.shipped.narrows:
            query["view"] = self.shipped.key
        return query.urlencode()

    @property
    def shape(self) -> Shape:
        """What decides the statements of the list, whoever asks."""
        return self.wishes, self.shipped

    def tickets(self, actor: Actor, now: dt.datetime) -> TicketQuerySet:
        """The tickets in it, in no order."""
        return tickets_in(self.shape, actor.scope, **asker(actor, now))

    def rows(self, actor: Actor, now: dt.datetime) -> ListRows:
        """The same to be read page by page."""
        return ListRows(self, actor, now)


def asker(actor: Actor, now: dt.datetime) -> Asker:
    """What a list compares with, of who asks and when."""
    return {"me": actor.id or 0, "now": now, "midnight": end_of_shop_day(shop_date(now))}


def tickets_in(shape: Shape, scope: Actor, *, me: int, now: dt.datetime, midnight: dt.datetime) -> TicketQuerySet:
    """The tickets in a list of that shape, in no order."""
    wishes, shipped = shape
    narrows = shipped.condition() if shipped else Q()
    found = wishes.apply(Ticket.objects.visible_to(scope), me=me, now=now, midnight=midnight)
    return found.filter(narrows) if narrows else found


class ListRows:
    """One list, read by stretches (`order.page`) with a statement that is prepared for each."""

    model: type[Model] = Ticket

    def __init__(self, asked: TicketList, actor: Actor, now: dt.datetime) -> None:
        self.shape, self.scope, self.asker = asked.shape, actor.scope, asker(actor, now)

    def find(self, stretch: Stretch, most: int, start: Place | None) -> list[Any]:
        place: dict[str, Any] = {} if start is None else {"pk": start.pk}
        if start is not None and start.value is not None:
            place["value"] = start.value
        return _stretch(self.shape, self.scope, stretch, most, **self.asker, **place)


@prepared
def _stretch(
    shape: Shape, scope: Actor, stretch: Stretch, most: int, *, me: int, now: dt.datetime, midnight: dt.datetime,
    value: Any = None, pk: int = 0,
) -> QuerySet[Ticket]:  # fmt: skip
    tickets = tickets_in(shape, scope, me=me, now=now, midnight=midnight)
    return stretch.of(tickets, most, value=value, pk=pk)


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
