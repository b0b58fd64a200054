"""The day's visits as the desk lists them: by due time or by route, own, the team's or all, and how much lies on whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day, shop_date
from tickets.models import Visit
from tickets.queries import VisitQuerySet

ROWS = 50
DUE, COMING, WRITTEN, ENDED = "", "coming", "written", "ended"
VIEWS: dict[str, Promise] = {
    DUE: pgettext_lazy("visits", "Due today"),
    COMING: pgettext_lazy("visits", "Coming"),
    WRITTEN: pgettext_lazy("visits", "Asked in writing"),
    ENDED: pgettext_lazy("visits", "Ended"),
}
WHOSE = (("mine", gettext_lazy("mine")), ("team", gettext_lazy("my team’s")), ("all", gettext_lazy("all")))
SORTS = (("", gettext_lazy("by due time")), ("route", gettext_lazy("by route")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `whose` is one of `WHOSE`, or the primary key of a colleague, or `nobody`."""

    view: str = DUE
    whose: str = "mine"
    channel: str = ""
    sort: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Asked:
        """Anything unknown is left at its default."""
        view, whose = given.get("view", ""), given.get("whose", "mine")
        channel, sort = given.get("channel", ""), given.get("sort", "")
        known = whose in dict(WHOSE) or whose == "nobody" or (whose.isascii() and whose.isdigit() and len(whose) < 10)
        return cls(
            view if view in VIEWS else DUE,
            whose if known else "mine",
            channel if channel in Visit.Channel.values else "",
            sort if sort in dict(SORTS) else "",
        )

    def href(self, **changes: str) -> str:
        """The address of this list with some of it changed; the first page."""
        then = replace(self, **changes)
        named = {"view": then.view, "channel": then.channel, "sort": then.sort}
        query = {name: value for name, value in named.items() if value}
        if then.whose != "mine":
            query["whose"] = then.whose
        return reverse("desk:visits") + (f"?{urlencode(query)}" if query else "")

    @property
    def is_by_route(self) -> bool:
        return self.sort == "route"


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on one colleague until tonight, and how much of it is late."""

    who: str
    href: str
    due: int
    late: int
    current: bool


def rows(actor: Actor, asked: Asked, now: dt.datetime) -> VisitQuerySet:
    """The visits asked for, in their order."""
    found = _found(actor, asked).filter(_view(asked.view, now))
    if asked.view == ENDED:
        order = ["-ended_at", "-pk"]
    elif asked.is_by_route:
        order = ["order__address__province", "order__address__city", "order__address__district", "due_at", "pk"]
    else:
        order = ["due_at", "pk"]
    return found.preloaded().with_cases(actor).order_by(*order)


def _found(actor: Actor, asked: Asked) -> VisitQuerySet:
    """Those of whom and by which channel is asked, in every view."""
    found: VisitQuerySet = _within(Visit.objects.visible_to(actor), actor, asked.whose)
    return found.filter(channel=asked.channel) if asked.channel else found


def _view(view: str, now: dt.datetime) -> Q:
    tonight = end_of_shop_day(shop_date(now))
    to_make = Q(state="planned", channel__in=("call", "home", "letter"))
    return {
        DUE: to_make & Q(due_at__lt=tonight),
        COMING: Q(state="planned") & (Q(due_at__gte=tonight) | Q(channel="message")),
        WRITTEN: Q(state="invited"),
        ENDED: Q(state__in=("done", "cancelled")),
    }[view]


def _within(found: VisitQuerySet, actor: Actor, whose: str) -> VisitQuerySet:
    """Nobody's are everybody's to take, so one's own list shows them to who is in the team."""
    if whose == "all":
        return found
    if whose == "nobody":
        return found.filter(assignee=None)
    if whose == "team":
        return (
            found.filter(Q(team=actor.team) | Q(assignee__team=actor.team)) if actor.team else found.filter(team=None)
        )
    return found.filter(assignee=actor.id if whose == "mine" else int(whose))


def tabs(actor: Actor, asked: Asked, now: dt.datetime) -> list[dict[str, Any]]:
    """The views; what is open is counted, in one statement."""
    found = _found(actor, asked).open()
    counted = found.aggregate(**{f"n{view}": Count("pk", filter=_view(view, now)) for view in VIEWS if view != ENDED})
    return [
        {"label": label, "href": asked.href(view=view), "current": view == asked.view, "count": counted.get(f"n{view}")}
        for view, label in VIEWS.items()
    ]


def filters(asked: Asked) -> list[dict[str, Any]]:
    """The three choices of the list, each with its name, label and options."""
    whose = [*WHOSE, ("nobody", gettext_lazy("nobody’s"))]
    if asked.whose not in dict(whose):
        whose.append((asked.whose, gettext_lazy("one colleague’s")))
    return [
        {"name": "whose", "label": _("Whose"), "value": asked.whose, "options": whose},
        {"name": "channel", "label": _("Channel"), "value": asked.channel,
         "options": [("", _("every channel")), *Visit.Channel.choices]},
        {"name": "sort", "label": pgettext("visits", "Order"), "value": asked.sort, "options": SORTS},
    ]  # fmt: skip


def loads(actor: Actor, asked: Asked, now: dt.datetime) -> list[Load]:
    """What lies on each colleague until tonight, most first; nobody's work last."""
    due = Visit.objects.visible_to(actor).filter(_view(DUE, now)).order_by()
    counted = due.values("assignee", "assignee__name").annotate(
        due=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))
    )
    found = []
    for row in sorted(counted, key=lambda row: (row["assignee"] is None, -row["due"], row["assignee__name"] or "")):
        key = str(row["assignee"] or "nobody")
        who = row["assignee__name"] if row["assignee"] else _("nobody")
        is_here = asked.whose == key or (asked.whose == "mine" and row["assignee"] == actor.id)
        found.append(Load(who, asked.href(view=DUE, whose=key), row["due"], row["late"], is_here))
    return found


def place_of(visit: Visit) -> str:
    """City and district on the route; empty where no address is known."""
    address = visit.order.address if visit.order is not None else None
    return " ".join(part for part in (address.city, address.district) if part) if address is not None else ""


def grouped(visits: list[Visit], *, by_route: bool) -> Iterator[tuple[str, list[Visit]]]:
    """The rows of a page under their place, as they stand; by due time all in one."""
    if not by_route:
        yield "", visits
        return
    group: list[Visit] = []
    for visit in visits:
        if group and place_of(visit) != place_of(group[0]):
            yield place_of(group[0]) or _("No address known"), group
            group = []
        group.append(visit)
    if group:
        yield place_of(group[0]) or _("No address known"), group
