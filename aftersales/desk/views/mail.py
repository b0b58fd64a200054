"""The mailroom: what came in and waits for a person, what was placed, what was put aside; one arrival whole; many at once;
and whose mail is blocked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from aftersales.desk import mailroom
from aftersales.desk.deeds.all import ON_ARRIVAL, ON_BLOCK
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.deeds.mail import Blocking
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.mailroom import BlockForm, ManyForm, kind_called, kinds_in
from aftersales.desk.page import go, show
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import may
from customers.actions.writers import texter, writer
from customers.models import Person
from tickets.models import Arrival, Block


@door("mail.view")
def mail(request: DeskRequest) -> HttpResponse:
    """The work list first; `?q=` searches the view, `box` and `why` narrow it."""
    wanted = mailroom.Asked.read(request.GET)
    return show(
        request,
        "desk/mail.html",
        fragment="desk/mail_list.html",
        view=wanted.view,
        q=wanted.words,
        mail_asked=wanted,
        boxes=mailroom.boxes(request.actor),
        tabs=mailroom.tabs(request.actor, view=wanted.view),
        kinds=kinds_in(wanted.view, request.actor),
        page=Paginator(mailroom.rows(request.actor, wanted), mailroom.ROWS).get_page(request.GET.get("page")),
    )


@door("mail.place", *READ, *WRITE)
def many(request: DeskRequest) -> HttpResponse:
    """One thing for the chosen mails of a page; each is done by itself, and what was refused is told."""
    kind = kind_called(request.GET.get("what", ""))
    back = f"{reverse('desk:mail')}?{request.GET.get('list', '')}"
    if kind is None:
        return redirect(back)
    if not may(request.actor, kind.verb):
        raise PermissionDenied
    refs = request.GET.getlist("mail")[: mailroom.ROWS]
    chosen = list(Arrival.objects.visible_to(request.actor).filter(ref__in=refs).order_by("-received_at", "-pk"))
    form = ManyForm(request.POST if request.method in WRITE else None, kind=kind, actor=request.actor)
    if chosen and form.is_bound and form.carry_out(chosen) and not form.refused:
        messages.success(request, form.said())
        return go(request, back)
    return show(
        request, "desk/mail_many.html", fragment="desk/mail_many_form.html", status=form.status, form=form, kind=kind,
        chosen=chosen, action=request.get_full_path(), back=back,
    )  # fmt: skip


@door("mail.block", *READ, *WRITE)
def blocks(request: DeskRequest) -> HttpResponse:
    """Whose mail is put aside, since when, by whom and why; and one more. Those that were ended stand below."""
    form = BlockForm(request.POST if request.method in WRITE else None)
    if form.is_bound and form.carry_out(request.actor):
        messages.success(request, str(Blocking.done))
        return go(request, reverse("desk:mail-blocks"))
    rows = Block.objects.select_related("by", "ended_by").order_by(F("ended_at").desc(nulls_first=True), "-at")
    page = Paginator(rows, mailroom.ROWS).get_page(request.GET.get("page"))
    told = [(block, Offer.all(ON_BLOCK, block, request.actor)) for block in page]
    return show(request, "desk/mail_blocks.html", status=form.status, form=form, page=page, blocks=told)


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
