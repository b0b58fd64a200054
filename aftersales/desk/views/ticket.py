"""The ticket page, and what is written on it: replies, notes, drafts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import cards, queue, what_if
from aftersales.desk.case import case_of, find_ticket
from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.forms.composer import Composer, NoteForm, ReplyForm
from aftersales.desk.lists.beside import beside_of
from aftersales.desk.page import go, show
from aftersales.desk.panels import panels_of
from aftersales.desk.thread import drafts_of, thread_of
from aftersales.kernel import clock
from tickets.actions.conversation import save_draft
from tickets.models import Ticket


@door("ticket.view")
def ticket(request: DeskRequest, ref: str) -> HttpResponse:
    """Everything about one case, and what may be done now."""
    return _page(request, find_ticket(ref, request.actor))


@door("ticket.view")
def verdict(request: DeskRequest, ref: str) -> HttpResponse:
    """What would change the verdicts of a case, and what is still open about them."""
    case = case_of(find_ticket(ref, request.actor), request.actor)
    thoughts = [found for card in cards.standing(case.lines) if (found := what_if.thought(card))]
    return show(request, "desk/verdict.html", fragment="desk/what_if.html", ticket=case.ticket, thoughts=thoughts)


@door("ticket.reply", *WRITE)
def reply(request: DeskRequest, ref: str) -> HttpResponse:
    """Answer the customer."""
    return _say(request, find_ticket(ref, request.actor), ReplyForm, _("Sent to the customer."))


@door("ticket.note", *WRITE)
def note(request: DeskRequest, ref: str) -> HttpResponse:
    """Write something for colleagues only."""
    return _say(request, find_ticket(ref, request.actor), NoteForm, _("Noted."))


@door("ticket.note", *WRITE)
def draft(request: DeskRequest, ref: str) -> HttpResponse:
    """Keep what was typed so far: called while one types, or by the button that leaves the page."""
    ticket, internal = find_ticket(ref, request.actor), request.POST.get("internal") == "yes"
    save_draft(ticket.pk, text=request.POST.get("text", ""), internal=internal, actor=request.actor)
    if request.htmx:
        saved = clock.now() if request.POST.get("text", "").strip() else None
        return show(
            request, "desk/draft_state.html", fragment="desk/draft_state.html", internal=internal, saved_at=saved
        )
    messages.success(request, _("The draft is kept."))
    return go(request, reverse("desk:ticket", args=[ref]))


def _say(request: DeskRequest, ticket: Ticket, form_class: type[Composer], said: str) -> HttpResponse:
    form = form_class(request.POST, request.FILES)
    if not form.send(ticket, request.actor):
        return _page(request, ticket, bound=form)
    messages.success(request, said)
    return go(request, reverse("desk:ticket", args=[ticket.ref]))


def _page(request: DeskRequest, ticket: Ticket, *, bound: Composer | None = None) -> HttpResponse:
    actor, now = request.actor, clock.now()
    case = case_of(ticket, actor)
    beside = beside_of(request.GET, actor, now)
    judged, said = cards.standing(case.lines), thread_of(ticket, case.ret, actor)
    return show(
        request,
        "desk/ticket.html",
        status=bound.status if bound else 200,
        now=now,
        case=case,
        ticket=ticket,
        ret=case.ret,
        state=queue.state_of(ticket),
        thread=said.messages,
        photos=said.photos,
        cards=judged,
        legs=cards.legs(judged),
        composers=_composers(ticket, request, bound),
        panels=panels_of(ticket, actor),
        beside=beside,
        asked=beside.asked,
        query=request.GET.urlencode(),
    )


def _composers(ticket: Ticket, request: DeskRequest, bound: Composer | None) -> list[Composer]:
    """The forms this person may write in, each with what they have begun; the one that was refused keeps its text."""
    begun = drafts_of(ticket, request.actor)
    forms: list[Composer] = []
    for form_class in (ReplyForm, NoteForm):
        if form_class.is_offered(request.actor):
            same = bound if isinstance(bound, form_class) else None
            forms.append(same or form_class.fresh(begun.get(form_class.internal)))
    return forms
