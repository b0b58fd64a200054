"""The command palette: what may be done to the open ticket, where one can go, and what the search finds, as one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aftersales.desk import complaining
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.lists.shipped import shipped_for
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.nav import Area
from aftersales.desk.places import address_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from aftersales.kernel.together import together
from aftersales.search.find import Group, find
from tickets.models import SavedView, Ticket

FEW = 5  # hits of one kind; the page of the search has more


@dataclass(frozen=True, slots=True)
class Command:
    """One line. `how` says what choosing it does: `go` to an address, `ask` with a form, `do` at once."""

    label: str
    href: str
    icon: str
    how: str = "go"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines under one heading; `note` is a quiet word on what they may lack."""

    title: str
    lines: list[Command]
    note: str = ""


def commands_for(actor: Actor, text: str, areas: Sequence[Area], ticket: Ticket | None) -> list[Commands]:
    """What answers to the text, what is done before what is gone to; everything where nothing was typed."""
    found = []
    if ticket is not None:
        found.append(Commands(ticket.subject, _matching(_deeds(ticket, actor), text)))
    found.append(Commands(_("Go to"), _matching(_places(actor, areas), text)))
    if text:
        found += _searched(actor, text)
    return [group for group in found if group.lines]


def _searched(actor: Actor, text: str) -> list[Commands]:
    """What the search finds, and its own page; above the first how the index stands, where that is worth a word."""
    found = find(actor, text)
    groups = [Commands(group.title, _hits(group)) for group in found]
    where = f"{reverse('desk:search')}?{urlencode({'q': text})}"
    everything = Command(_("Search everything for “%(text)s”") % {"text": text}, where, "search")
    groups = [group for group in [*groups, Commands(_("Search"), [everything])] if group.lines]
    return [replace(groups[0], note=_note(found.standing)), *groups[1:]]


def _hits(group: Group) -> list[Command]:
    return [
        Command(hit.title, where, "search", detail=" · ".join(part for part in (hit.detail, hit.state_words) if part))
        for hit in group.hits[:FEW]
        if (where := address_of(group.kind, hit.key))
    ]


def _note(standing: str) -> str:
    if standing == "building":
        return _("The search index is being made anew. Until it is ready, only what changed just now is found.")
    if standing == "behind":
        return _("Very much has changed in the last minutes; the newest of it can be found a little later.")
    return ""


def _deeds(ticket: Ticket, actor: Actor) -> list[Command]:
    offers = Offer.all(table.ON_RETURN, getattr(ticket, "goods_return", None), actor)
    offers += Offer.all(table.ON_TICKET, ticket, actor)
    asked = complaining.ask(ticket, actor)
    together(*asked)
    if (told := complaining.told_of(ticket, actor, asked)) is not None:
        offers = [*told.offers, *told.promise, *offers]
    return [Command(str(each.label), each.href, each.icon, "ask" if each.asks else "do") for each in offers]


# Lists behind My day that are no areas of their own: address, verb, icon, words.
_LISTS = (
    ("desk:claims", "claim.view", "flag", gettext_lazy("Carrier claims")),
    ("desk:improvements", "complaint.handle", "wrench", gettext_lazy("Improvements")),
)


def _places(actor: Actor, areas: Sequence[Area]) -> list[Command]:
    places = [Command(str(area.label), area.href, area.icon) for area in areas]
    views = [(view.key, str(view.label), view.icon) for view in shipped_for(actor)]
    saved = [view for view in SavedView.objects.visible_to(actor) if TicketList.saved_as(view).is_for(actor)]
    views += [(f"saved-{view.pk}", view.name, "star") for view in saved]
    here = reverse("desk:queue")
    places += [
        Command(label, f"{here}?view={key}" if key else here, icon, detail=pgettext("palette", "view"))
        for key, label, icon in views
    ]
    places += [Command(str(label), reverse(name), icon) for name, verb, icon, label in _LISTS if may(actor, verb)]
    return [*places, Command(_("My page"), reverse("desk:profile"), "user")]


def _matching(commands: list[Command], text: str) -> list[Command]:
    wanted = text.casefold().split()
    return [each for each in commands if all(word in each.label.casefold() for word in wanted)]
