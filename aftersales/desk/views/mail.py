"""The mailroom: what came in and waits for a person, what was placed, what was put aside; and one arrival whole."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from aftersales.desk import mailroom
from aftersales.desk.deeds.all import ON_ARRIVAL
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions.writers import texter, writer
from customers.models import Person
from tickets.models import Arrival


@door("mail.view")
def mail(request: DeskRequest) -> HttpResponse:
    """The work list first; `?q=` searches the view."""
    view, words = mailroom.view_of(request.GET), request.GET.get("q", "").strip()[:100]
    found = mailroom.rows(request.actor, view=view, words=words)
    return show(
        request,
        "desk/mail.html",
        fragment="desk/mail_list.html",
        view=view,
        q=words,
        tabs=mailroom.tabs(request.actor, view=view),
        page=Paginator(found, mailroom.ROWS).get_page(request.GET.get("page")),
    )


@door("mail.view")
def arrival(request: DeskRequest, ref: str) -> HttpResponse:
    """One arrival: words, facts, what is known of the sender, what may be done."""
    found = _find(ref, request.actor)
    return show(
        request,
        "desk/arrival.html",
        arrival=found,
        person=_sender_of(found),
        remarks=mailroom.remarks_of(found),
        offers=Offer.all(ON_ARRIVAL, found, request.actor),
        has_source=hasattr(found, "source"),
        files=Attachment.objects.of(found).shown_to(request.actor) if found.channel == "chat" else (),
        same_as=_seen(found.same_as_id, request.actor),
    )


@door("mail.view")
def original(request: DeskRequest, ref: str) -> HttpResponse:
    """Its bytes to save, never to be opened here: no type that a browser shows, and a sandbox should one try."""
    found = _find(ref, request.actor)
    if not hasattr(found, "source"):
        raise NotFound
    response = HttpResponse(found.source.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{found.ref}.eml"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _seen(pk: int | None, actor: Actor) -> Arrival | None:
    """The mail that this one is a copy of; one in the mailbox of a team closed to the reader is not named."""
    found: Arrival | None = Arrival.objects.visible_to(actor).filter(pk=pk).only("ref").first() if pk else None
    return found


def _sender_of(arrival: Arrival) -> Person | None:
    if arrival.ticket is not None:
        return arrival.ticket.person
    known = {Arrival.Channel.EMAIL: writer, Arrival.Channel.SMS: texter}.get(Arrival.Channel(arrival.channel))
    return known(arrival.sender) if known else None


def _find(ref: str, actor: Actor) -> Arrival:
    seen = Arrival.objects.visible_to(actor).select_related(
        "ticket__person", "suggested", "account", "settled_by", "source"
    )
    found: Arrival | None = seen.filter(ref=ref).first()
    if found is None:
        raise NotFound
    return found
