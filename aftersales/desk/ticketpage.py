"""The page of one ticket: everything it shows, as a whole page or as the pieces that renew it where it stands open."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aftersales.desk import cards, complaining, composers, live, presence, queue, side, thread
from aftersales.desk.case import case_of, find_case, return_of, when_read
from aftersales.desk.composers import Place
from aftersales.desk.doors import DeskRequest
from aftersales.desk.forms.composer import Composer
from aftersales.desk.lists.shelf import bare_shelf
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.page import show
from aftersales.desk.rownumber import row_number
from aftersales.desk.seen import told
from aftersales.desk.thread import begun_on
from aftersales.kernel.addresses import address, address_of
from aftersales.kernel.prepared import Later
from aftersales.notices.actions.reading import unread_of
from tickets.actions.conversation import Seen
from tickets.actions.mail.answering import sends_words
from tickets.models import Ticket


def page(request: DeskRequest, ticket: Ticket, *, bound: Composer | None = None) -> HttpResponse:
    """The whole page; `bound` is the form that was refused, which keeps its text.

    The list beside it and the counts of the views are fetched by the page once it is there.
    """
    now = when_read(ticket)
    asked = TicketList.read(request.GET, request.actor)
    others = presence.here(ticket.pk, request.actor)
    here = request.get_full_path() if bound is None else _address(ticket)
    drafts, unread = begun_on.later(ticket=ticket.pk, user=request.actor.id or 0), unread_of(request.actor)
    shown = about(request, ticket, drafts, unread, here=here, now=now)
    mailed = sends_words(ticket, last=_last_heard_by(shown["thread"], whole=not shown["older"]))
    place = Place(ticket, request, here, get_token(request))
    written = composers.on_page(place, shown["seen"], bound, drafts.rows, mailed=mailed)
    return show(
        request,
        "desk/ticket.html",
        status=bound.status if bound else 200,
        badge=unread,
        composers=written,
        csrf_token=place.token,
        asked=asked,
        shelf=bare_shelf(request.actor, asked.key),
        list_address=_list_address(request),
        others=others,
        seconds=presence.EVERY_SECONDS,
        etag=etag_of(request, ticket, others),
        **shown,
    )


def about(
    request: DeskRequest, ticket: Ticket, *beside: Later[Any] | None, here: str, now: dt.datetime
) -> dict[str, Any]:  # fmt: skip
    """What the pieces say, from the rows as they are now. `here` is the address one comes back to; `beside` is asked along."""
    actor, since = request.actor, row_number(request.headers.get("X-Shown-From", ""))
    conversation, complaint = thread.ask(ticket, return_of(ticket), actor, since=since), complaining.ask(ticket, actor)
    aside = side.ask(ticket, actor, now)
    case = case_of(ticket, actor, *conversation, *complaint, *aside.all, *beside)
    judged = cards.standing(case.lines)
    said = thread.thread_of(ticket, case.ret, actor, conversation, since=since)
    newest = max((message["pk"] for message in said.messages), default=0)
    merged = sorted(row.pk for row in aside.work.merged.rows)
    return {
        "now": now,
        "case": case,
        "ticket": ticket,
        "ret": case.ret,
        "state": queue.state_of(ticket),
        "thread": said.messages,
        "newest": newest,
        "seen": told(Seen(newest, tuple(merged))),
        "whose": str(ticket.assignee_id or 0),
        "older": said.older,
        "photos": said.photos,
        "files": said.files,
        "cards": judged,
        "legs": cards.legs(judged),
        "told": complaining.told_of(ticket, actor, complaint),
        "side": side.side_of(ticket, actor, now, aside),
        "here": here,
    }


def renewed(request: DeskRequest, ref: str, *, composer: SafeString | None = None, news: bool = True) -> HttpResponse:
    """The pieces that renew an open page, in the one answer to a deed, a message or the page's own asking.

    `composer` is the empty form in place of the one that was sent. `after`, `was` and `due` in the address say what the page
    shows, so that what is new can be said aloud.
    """
    ticket = find_case(ref, request.actor)
    now = when_read(ticket)
    others = presence.here(ticket.pk, request.actor, doing=request.GET.get("doing", ""))
    shown = about(request, ticket, here=where(request, ticket), now=now)
    context = {
        **shown,
        "others": others,
        "composer": composer or "",
        "news": _news(request, shown) if news else [],
        "renews": True,
        "tells": not news,
        "etag": etag_of(request, ticket, others),
        "seconds": presence.EVERY_SECONDS,
    }
    answer = HttpResponse(render_to_string("desk/ticket_live.html", context, request))
    answer["HX-Reswap"] = "none"  # everything in it is out of band
    answer["HX-Trigger-After-Settle"] = "ticket-renewed"
    return answer


def etag_of(request: DeskRequest, ticket: Ticket, others: list[presence.Other]) -> str:
    """The mark of a page whose first statement read `ticket`: what is written while it is put together is asked for again."""
    return f'"{live.version_read(ticket, request.actor)}.{live.presence_print(others)}"'


def where(request: DeskRequest, ticket: Ticket) -> str:
    """The address of the open page that asked: with the list it was opened from, as the browser shows it."""
    own, asked = _address(ticket), request.htmx.current_url_abs_path or ""
    return asked if urlsplit(asked).path == own else own


def stands_open(request: DeskRequest, where_to: str) -> str:
    """The reference of the ticket whose page sent this by htmx and would come back to; "" when it is another page."""
    asked = urlsplit(request.htmx.current_url_abs_path or "").path if request.htmx else ""
    if not asked or asked != urlsplit(where_to).path or not asked.startswith(address("desk:queue")):
        return ""
    return asked.rstrip("/").rsplit("/", 1)[-1]


def _last_heard_by(thread: list[dict[str, Any]], *, whole: bool) -> str | None:
    """The channel of the customer's last word, as the page has read it: so that nothing more is asked for it."""
    theirs = [turn["heard_by"] for turn in thread if turn["heard_by"]]
    return theirs[-1] if theirs else "" if whole else None


def _news(request: DeskRequest, shown: dict[str, Any]) -> list[str]:
    """What is new since the page was last renewed, in sentences for the live region."""
    asked, ticket, told = request.GET, shown["ticket"], []
    read_to = asked.get("after", "")
    after = row_number(read_to) if row_number(read_to) or read_to == "0" else shown["newest"]
    for message in shown["thread"]:
        if message["pk"] > after and message["author_id"] != request.actor.id:
            words = _("New note from %(who)s") if message["kind"] == "note" else _("New message from %(who)s")
            told.append(words % {"who": message["author"]})
    state = str(shown["state"][1])
    if asked.get("was", state) != state:
        told.append(_("Now: %(state)s") % {"state": state})
    due = ticket.due_at.isoformat() if ticket.due_at else ""
    if asked.get("due", due) != due:
        told.append(_("The due time has changed."))
    return told


def _list_address(request: DeskRequest) -> str:
    """The list the ticket was opened from, as it was narrowed and sorted there."""
    asked = request.GET.urlencode()
    return f"{address('desk:queue')}?{asked}" if asked else address("desk:queue")


def _address(ticket: Ticket) -> str:
    return address_of("desk:ticket", ticket.ref)
