"""The areas of the desk that somebody may open, for the rail on the left. Called by `page.show`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.doors import DeskRequest
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address
from aftersales.kernel.policy import may


def home_is_bench(actor: Actor) -> bool:
    """Whether somebody's day is the warehouse: the desk then opens with parcels, not with the queue of tickets."""
    return may(actor, "return.receive") and not may(actor, "return.approve")


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the rail. `group` is a word that begins a new group there; a phone has what is `folded` behind "More"."""

    label: str
    href: str
    icon: str
    current: bool
    group: str = ""
    count: int = 0
    folded: bool = False


_PLACES = 5  # of the bar of a phone; where there are more areas, the last place is "More"

# name of the address, verb, icon, label, group
_AREAS: tuple[tuple[str, str, str, str | Promise, str | Promise], ...] = (
    ("desk:home", "desk.enter", "home", pgettext_lazy("area", "My day"), ""),
    ("desk:queue", "ticket.view", "inbox", pgettext_lazy("area", "Tickets"), ""),
    ("desk:promises", "promise.settle", "calendar", pgettext_lazy("area", "Promises"), ""),
    ("desk:visits", "visit.view", "phone", pgettext_lazy("area", "Visits"), ""),
    ("desk:mail", "mail.view", "mail", pgettext_lazy("area", "Mail"), ""),
    ("desk:reviews", "review.view", "star", pgettext_lazy("area", "Reviews"), ""),
    ("desk:warehouse", "return.receive", "box-open", pgettext_lazy("area", "Warehouse"), ""),
    ("desk:search", "desk.enter", "search", pgettext_lazy("area", "Search"), ""),
    ("desk:notices", "desk.enter", "bell", pgettext_lazy("area", "Notices"), ""),
    ("admin:index", "office.enter", "chart", pgettext_lazy("area", "Office"), _("Manage")),
)


def areas(request: DeskRequest, unread: int) -> tuple[Area, ...]:
    """What this person may open, in words of the reader's language; an address that is not installed is left out.

    `unread` is how many notices wait for them.
    """
    found = []
    for name, verb, icon, label, group in _in_words(get_language()):
        if not may(request.actor, verb) or (name == "desk:warehouse" and home_is_bench(request.actor)):
            continue  # the warehouse's home shows its parcels already
        if not (href := address(name)):
            continue
        count = unread if name == "desk:notices" else 0
        current = _is_current(request.path, name, href)
        found.append(Area(label, href, icon, current=current, group=group, count=count))
    if len(found) > _PLACES:
        found[_PLACES - 1 :] = [replace(area, folded=True) for area in found[_PLACES - 1 :]]
    return tuple(found)


@cache
def _in_words(_language: str | None) -> list[tuple[str, str, str, str, str]]:
    return [(name, verb, icon, str(label), str(group)) for name, verb, icon, label, group in _AREAS]


def _is_current(path: str, name: str, href: str) -> bool:
    """Tickets are also the place of everything that is about one order, customer or return."""
    if name == "desk:home":
        return path == href
    if name == "desk:queue" and any(
        path.startswith(f"{address('desk:home')}{part}/") for part in ("orders", "people", "views")
    ):
        return True
    return path.startswith(href)
