"""What stands in an evidence pack: one page to print, photos and other files beside it. Called by `evidence`.

Only what was said between shop and customer goes in: no notes of colleagues, no contacts, nobody's words about whose
fault it was; and only of the cases that whoever asked for the pack saw. Apps above add their chapters in `AppConfig.ready`:

    packing.chapters.append(lambda complaint, cases, locale: [("Verdicts", ["…"])])
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import PurePath
from typing import IO

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.ledger.catalogue import event_types
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from customers.actions.reviews.known import known_of_person
from customers.models import Promise
from customers.reviewing import unnamed
from tickets.actions import customer_page
from tickets.models import Complaint, Escalation, EvidencePack, Message, Satisfaction, Ticket

Chapter = tuple[str, list[str]]
chapters: list[Callable[[Complaint, list[Ticket], str], list[Chapter]]] = []
MOST_EVENTS = 300
_OF_GOODS = (Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE, Ticket.Kind.REPAIR)
_SHRINK = (".pdf", ".txt", ".csv")  # photos, clips and Office files are packed already
# What the page tells of the course of things; steps that are the shop's own business are not shown outside.
_TOLD = (
    "ticket.opened", "ticket.closed", "ticket.reopened", "complaint.opened", "complaint.apologised", "complaint.answered",
    "complaint.heard", "complaint.interim_given", "complaint.planned", "complaint.rated", "complaint.escalated",
)  # fmt: skip
_OF_PROMISES = ("promise.made", "promise.kept", "promise.broken")
_CODES = {"to_words": Escalation.To, "stage_words": Satisfaction.Stage}  # what stands for them in the events


def cases_of(complaint: Complaint) -> list[Ticket]:
    """What a pack tells of beside the complaint itself: the case it is about, what was merged into either, and the requests on
    its order."""
    of_goods = Q(order_id=complaint.ticket.order_id, kind__in=_OF_GOODS) if complaint.ticket.order_id else Q(pk=None)
    merged = Q(merged_into__in=_places(complaint))
    return list(Ticket.objects.filter(Q(pk=complaint.about_id) | merged | of_goods).order_by("pk"))


def files_of(complaint: Complaint, cases: Collection[Ticket]) -> list[Attachment]:
    """Photos, documents and clips of what was said on the complaint, on the case it is about and on what was merged into them;
    hidden ones are left out."""
    told = _told(complaint, cases)
    messages = Message.objects.public().filter(ticket__in=told).values("pk")
    about = Q(subject_type="tickets.message", subject_id__in=messages)
    goods_return = getattr(complaint.about, "goods_return", None) if complaint.about in told else None
    if goods_return is not None:
        about |= Q(**subject_of(goods_return))
    return list(Attachment.objects.filter(about, hidden_at=None).order_by("id"))


def write_pack(pack: EvidencePack, at: dt.datetime, out: IO[bytes]) -> int:
    """Write the ZIP, and return how many files are in it. A file that the disk has lost is named on the page and left out."""
    complaint: Complaint = Complaint.objects.preloaded().get(pk=pack.complaint_id)
    cases = list(pack.cases.all())
    lost, files = [], files_of(complaint, cases)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for each in files:
            try:
                with store.read(each.stored_name, small=False) as file:
                    place = _place(each)
                    packing = zipfile.ZIP_DEFLATED if place.endswith(_SHRINK) else zipfile.ZIP_STORED
                    into.writestr(place, file.read(), packing)
            except FileNotFoundError:
                lost.append(each.ref)
        kept = [each for each in files if each.ref not in lost]
        into.writestr("complaint.html", _page(pack, complaint, cases, kept, lost, at))
    return 1 + len(kept)


def _place(file: Attachment) -> str:
    """Where it lies in the ZIP, under its reference: what a sender called it may be a name or worse."""
    return f"photos/{file.ref}.jpg" if file.is_picture else f"files/{file.ref}{PurePath(file.stored_name).suffix}"


def _told(complaint: Complaint, cases: Collection[Ticket]) -> list[Ticket]:
    """The tickets whose conversation is in it."""
    here = _places(complaint)
    return [complaint.ticket, *(case for case in cases if case.pk in here or case.merged_into_id in here)]


def _places(complaint: Complaint) -> set[int]:
    """Where it is talked of: on its ticket, and on the case it is about."""
    return {place for place in (complaint.ticket_id, complaint.about_id) if place is not None}


def _page(
    pack: EvidencePack,
    complaint: Complaint,
    cases: list[Ticket],
    files: list[Attachment],
    lost: list[str],
    at: dt.datetime,
) -> str:
    with override(pack.language):
        customer = _("the customer") if pack.names_masked else str(complaint.ticket.person)
        whole = _told(complaint, cases)
        messages = Message.objects.public().filter(ticket__in=whole)
        said = list(messages.select_related("author__team").order_by("at", "id"))
        words = _without_names(complaint, said) if pack.names_masked else str
        context = {
            "pack": pack,
            "complaint": complaint,
            "ticket": complaint.ticket,
            "order": complaint.ticket.order,
            "customer": customer,
            "statement": words(complaint.statement),
            "aim": words(complaint.aim),
            "offered": [words(each) for each in (complaint.interim, complaint.plan) if each],
            "messages": [
                (each.at, _who(each, customer, pack.names_masked), words(_unsigned(each, pack.names_masked)))
                for each in said
            ],
            "events": [(at, words(told)) for at, told in _events(complaint)],
            "promises": [(complaint.promise, words(complaint.promise.text))] if complaint.promise else [],
            "chapters": [found for tell in chapters for found in tell(complaint, cases, pack.language)],
            "photos": [each for each in files if each.is_picture],
            "files": [(_place(each), each) for each in files if not each.is_picture],
            "verdicts_only": [customer_page.ref_of(case) for case in cases if case not in whole],
            "lost": lost,
            "now": at,
        }
        return render_to_string("tickets/evidence.html", context)


def _who(message: Message, customer: str, masked: bool) -> str:
    if message.by == Message.By.CUSTOMER:
        return customer
    return str(message.author) if message.author is not None and not masked else str(message.get_by_display())


def _unsigned(message: Message, masked: bool) -> str:
    """Without the signature below it, which is a name, a title and often a number."""
    signature = message.author.signs.strip() if masked and message.author is not None else ""
    return message.text.rstrip().removesuffix(signature).rstrip() if signature else message.text


def _without_names(complaint: Complaint, said: list[Message]) -> Callable[[str], str]:
    """What takes out of a text the names of the customer and of the colleagues who wrote to them, however they are written."""
    known, order = known_of_person(complaint.ticket.person), complaint.ticket.order
    receives = (order.address.recipient,) if order is not None and order.address is not None else ()
    wrote = {str(each.author) for each in said if each.author is not None}
    names = tuple(filter(None, dict.fromkeys((*known.names, *receives, *sorted(wrote)))))
    known, instead = replace(known, names=names, said=""), _("[name left out]")
    return lambda text: unnamed(text, known, instead)


def _events(complaint: Complaint) -> list[tuple[dt.datetime, str]]:
    """What happened to the complaint, and to what was promised on it. A union is found by the index of each, an `OR` is not."""
    promises = dict(Promise.objects.filter(on_ticket__ticket=complaint.ticket).values_list("pk", "text"))
    own = Event.objects.filter(**subject_of(complaint.ticket), name__in=_TOLD)
    of_promises = Event.objects.filter(
        subject_type=Promise._meta.label_lower, subject_id__in=promises, name__in=_OF_PROMISES
    ).exclude(name="promise.made", subject_id=complaint.promise_id or 0)  # which the plan tells
    told = own.order_by().union(of_promises.order_by(), all=True).order_by("id")[:MOST_EVENTS]
    return [
        (event.at, _sentence(event, promises[event.subject_id] if event.name in _OF_PROMISES else "")) for event in told
    ]


def _sentence(event: Event, promised: str) -> str:
    """The words of an event, its codes in the language of the pack; of a promise with what was promised."""
    text = str(event_types()[event.name].text)
    if promised:
        return pgettext("what happened to a promise", "%(what)s: %(text)s") % {"what": text, "text": promised}
    data = {key: value for key, value in event.data.items() if isinstance(value, str | int)}
    data |= {name: codes(data[name]).label for name, codes in _CODES.items() if data.get(name) in codes.values}
    return text % data if "%(" in text else text
