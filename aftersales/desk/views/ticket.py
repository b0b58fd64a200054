"""The ticket page, what is written on it, and its renewal while it stands open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import cards, composers, live, presence, ticketpage, what_if, wordmarks
from aftersales.desk.case import case_of, find_case, find_ticket, named
from aftersales.desk.composers import Place
from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.forms.composer import Composer, NoteForm, ReplyForm
from aftersales.desk.forms.lookingover import print_of
from aftersales.desk.page import go, show
from aftersales.desk.rownumber import row_number
from aftersales.desk.seen import told
from aftersales.desk.thread import newer_than, older_than
from tickets.actions import conversation, phrases
from tickets.actions.looking_over import findings_in
from tickets.actions.mail import copies
from tickets.actions.mail.answering import sends_words
from tickets.models import Ticket


@door("ticket.view")
def ticket(request: DeskRequest, ref: str) -> HttpResponse:
    """Everything about one case, and what may be done now."""
    return ticketpage.page(request, find_case(ref, request.actor))


@door("ticket.view")
def renewal(request: DeskRequest, ref: str) -> HttpResponse:
    """What an open page asks every few seconds: 304 while nothing is new, who is here, or the pieces that say what is so.

    It also says that this person is here, and whether they write. One query while nothing has changed.
    """
    pk, version = live.version_of(ref, request.actor)
    others = presence.here(pk, request.actor, doing=request.GET.get("doing", ""))
    etag = f'"{version}.{live.presence_print(others)}"'
    known = request.headers.get("If-None-Match", "")
    if known == etag:
        answer = HttpResponse(status=304)
    elif known.strip('"').split(".")[0] == version:
        answer = render(request, "desk/ticket_presence.html", {"others": others, "renews": True})
    else:
        answer = ticketpage.renewed(request, ref)
    answer["ETag"] = etag
    return answer


@door("ticket.view")
def said(request: DeskRequest, ref: str) -> HttpResponse:
    """What was said before the message that `?before=` names: the older part of a long conversation."""
    found = find_ticket(ref, request.actor)
    thread = older_than(found, row_number(request.GET.get("before", "")), request.actor)
    return show(
        request,
        "desk/older.html",
        fragment="desk/older_messages.html",
        ticket=found,
        thread=thread.messages,
        older=thread.older,
        here=ticketpage.where(request, found),
    )


@door("ticket.view")
def verdict(request: DeskRequest, ref: str) -> HttpResponse:
    """What would change the verdicts of a case, and what is still open about them."""
    case = case_of(find_case(ref, request.actor), request.actor)
    thoughts = [found for card in cards.standing(case.lines) if (found := what_if.thought(card))]
    return show(request, "desk/verdict.html", fragment="desk/what_if.html", ticket=case.ticket, thoughts=thoughts)


@door("ticket.reply", *WRITE)
def reply(request: DeskRequest, ref: str) -> HttpResponse:
    """Answer the customer."""
    return _say(request, named(ref, request.actor), ReplyForm)


@door("ticket.note", *WRITE)
def note(request: DeskRequest, ref: str) -> HttpResponse:
    """Write something for colleagues only."""
    return _say(request, named(ref, request.actor), NoteForm)


@door("ticket.reply", *WRITE)
def undo(request: DeskRequest, ref: str, pk: int) -> HttpResponse:
    """Take a reply back in the seconds before it is sent: its words are in the composer again."""
    ticket = named(ref, request.actor)
    try:
        conversation.undo(pk, actor=request.actor)
    except conversation.AlreadySent as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The customer has not seen it; it is a draft again."))
    return _done(request, ticket, ReplyForm)


@door("ticket.note", *WRITE)
def draft(request: DeskRequest, ref: str) -> HttpResponse:
    """Keep what was typed so far: called while one types, or by the button that leaves the page."""
    ticket, internal = named(ref, request.actor), request.POST.get("internal") == "yes"
    cc = None if internal else copies.chosen_in(ticket, request.POST)
    kept = conversation.save_draft(
        ticket.pk, text=request.POST.get("text", ""), internal=internal, actor=request.actor, cc=cc,
        brought=phrases.brought_in(request.POST),
    )  # fmt: skip
    if request.htmx:
        found = [] if internal else findings_in(ticket, request.POST.get("text", "")[: conversation.LONGEST_MESSAGE])
        context = {
            "internal": internal,
            "saved_at": kept.saved_at if kept else None,
            "marks": wordmarks.marks(request.POST.get("text", ""), found),
            "print": print_of(found),
        }
        return render(request, "desk/draft_answer.html", context)
    messages.success(request, _("The draft is kept."))
    return go(request, reverse("desk:ticket", args=[ref]))


def _say(request: DeskRequest, ticket: Ticket, form_class: type[Composer]) -> HttpResponse:
    form = form_class(request.POST, request.FILES)
    form.signature = composers.signature_of(request)
    if not form.send(ticket, request.actor):
        if form.newer:
            form.news = newer_than(ticket, form.newer, request.actor)
        if not request.htmx:
            return ticketpage.page(request, find_case(ticket.ref, request.actor), bound=form)
        form.offer_cc(ticket, mailed=sends_words(ticket))
        words = composers.written(form, _at(request, ticket), renews=True)
        return HttpResponse(words, status=form.status)
    messages.success(request, form.said())
    return _done(request, ticket, form_class)


def _done(request: DeskRequest, ticket: Ticket, form_class: type[Composer]) -> HttpResponse:
    """The open page renewed with an empty form, or the way back to it."""
    if not request.htmx:
        return go(request, reverse("desk:ticket", args=[ticket.ref]))
    composer = composers.emptied(form_class, _at(request, ticket), told(conversation.seen_now(ticket)))
    return ticketpage.renewed(request, ticket.ref, composer=composer, news=False)


def _at(request: DeskRequest, ticket: Ticket) -> Place:
    return Place(ticket, request, ticketpage.where(request, ticket), get_token(request))
