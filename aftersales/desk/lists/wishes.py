"""What a list asks for, read once: the conditions behind a page, a badge and a saved view are the same object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from aftersales.accounts.models import User
from aftersales.desk.lists.asked import NO_TIER, PLACES, ListFilter
from aftersales.desk.lists.order import Order, order_called
from aftersales.kernel.clock import end_of_shop_day, shop_zone
from customers.gather.tiers import has_any_tier, has_tier
from tickets.models import Queue, Ticket
from tickets.queries import TicketQuerySet


@dataclass(frozen=True, slots=True, eq=False)  # one address gives one object, so it stands for its statements
class Wishes:
    """What is asked for, by the names of the filters; what nobody knows is left out."""

    named: Mapping[str, Any]

    @classmethod
    def of(cls, query: QueryDict) -> Wishes:
        """Read from an address. Nothing in it depends on who asks, when, or in which language."""
        asked = query.copy()
        for place in PLACES:
            asked.pop(place, None)
        return _read(asked.urlencode())

    def wish(self, name: str) -> str:
        """What is asked for under `name`, or nothing."""
        return str(self.named.get(name) or "")

    @property
    def order(self) -> Order:
        """As asked for; else work by due time, and what is closed by when it was closed."""
        if self.wish("sort"):
            return order_called(self.wish("sort"))
        if self.wish("status") not in ("closed", "any"):
            return order_called("due")
        # By their age where that is asked for: one index then finds and sorts them.
        by_age = self.wish("status") == "any" or self.named.get("opened_from") or self.named.get("opened_to")
        return order_called("-opened" if by_age else "-closed")

    @property
    def columns(self) -> frozenset[str]:
        """The further columns somebody wants to see."""
        return frozenset(self.named.get("cols") or ())

    def apply(self, tickets: TicketQuerySet, *, me: int, now: dt.datetime, midnight: dt.datetime) -> TicketQuerySet:
        """The tickets asked for, in no order; closed ones only where the address says so. `me` is the account that asks."""
        status = self.wish("status")
        if status == "closed":
            tickets = tickets.filter(status="closed")
        elif status != "any":
            tickets = tickets.open().filter(status=status) if status else tickets.open()
        for name, column in (("kind", "kind"), ("waiting_on", "waiting_on"), ("priority", "priority"),
                             ("channel", "channel")):  # fmt: skip
            if self.wish(name):
                tickets = tickets.filter(**{column: self.wish(name)})
        if self.wish("queue"):  # not joined: the one id is read first, then the index of the queue is used
            tickets = tickets.filter(queue_id=Queue.objects.filter(key=self.wish("queue")).values("id")[:1])
        if self.wish("tag"):
            marked = Ticket.tags.through.objects.filter(tag_id=int(self.wish("tag")))
            tickets = tickets.filter(pk__in=marked.values("ticket_id"))
        if self.wish("own"):
            key, _colon, value = self.wish("own").partition(":")
            tickets = tickets.with_own(key, value)
        if self.wish("team") == "mine":
            tickets = tickets.filter(team_id=User.objects.filter(pk=me).values("team_id")[:1])
        elif self.wish("team"):
            tickets = tickets.filter(team_id=int(self.wish("team")))
        if self.wish("tier") in NO_TIER:
            tickets = tickets.filter(~has_any_tier())
        elif self.wish("tier"):
            tickets = tickets.filter(has_tier(self.wish("tier")))
        return tickets.filter(self._assigned(me) & self._due(now, midnight) & self._opened())

    def _assigned(self, me: int) -> Q:
        match self.wish("assignee"):
            case "":
                return Q()
            case "me":
                return Q(assignee_id=me)
            case "none":
                return Q(assignee=None)
            case who:
                return Q(assignee_id=int(who))

    def _due(self, now: dt.datetime, midnight: dt.datetime) -> Q:
        """`today` is what is not late yet and becomes so before midnight where the shop is."""
        asked = Q()
        match self.wish("due"):
            case "overdue":
                asked = Q(due_at__lt=now)
            case "today":
                asked = Q(due_at__gte=now, due_at__lt=midnight)
            case "none":
                asked = Q(due_at=None)
        before = self.named.get("due_before")
        return asked & Q(due_at__lt=_midnight(before)) if before else asked

    def _opened(self) -> Q:
        asked, start, end = Q(), self.named.get("opened_from"), self.named.get("opened_to")
        if start:
            asked &= Q(opened_at__gte=_midnight(start))
        if end:
            asked &= Q(opened_at__lt=end_of_shop_day(end))
        return asked

    def kept(self) -> str:
        """What is asked for as the query of an address, without what is not asked: what a saved view keeps."""
        query = QueryDict(mutable=True)
        for name in ListFilter.base_fields:
            value = self.named.get(name)
            if value:
                query.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
        return query.urlencode()


@lru_cache(maxsize=1024)
def _read(query: str) -> Wishes:
    return Wishes(ListFilter(QueryDict(query)).cleaned_data)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, shop_zone()).astimezone(dt.UTC)
