"""Hand out an evidence pack or a person's copy, to staff who may take it out of the house, by a link that is still good."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.packlinks import key_of
from aftersales.files import store
from aftersales.files.packs import Pack
from aftersales.kernel.errors import NotFound
from customers.actions import copying
from customers.models import PersonCopy
from tickets.actions.complaints import evidence
from tickets.models import EvidencePack


@door("complaint.export", "GET")
def pack(request: DeskRequest, token: str) -> HttpResponseBase:
    """The ZIP of a complaint. Each download is an event on the ticket."""
    found = evidence.hand_out(_key(EvidencePack, token), actor=request.actor)
    return _file(found, found.complaint.ticket.ref)


@door("person.export", "GET")
def copy(request: DeskRequest, token: str) -> HttpResponseBase:
    """The ZIP of a person. Each download is an event on the customer."""
    found = copying.hand_out(_key(PersonCopy, token), actor=request.actor)
    return _file(found, found.person.ref)


def _key(kind: type[Pack], token: str) -> int:
    pk = key_of(kind, token)
    if pk is None:
        raise NotFound
    return pk


def _file(found: Pack, ref: str) -> FileResponse:
    try:
        body = store.read(found.stored_name, small=False)
    except FileNotFoundError:
        raise NotFound from None
    answer = FileResponse(body, as_attachment=True, filename=f"{ref}.zip", content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
