"""Hand out an evidence pack, to staff who may take complaints out of the house, by a link that is still good."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.packlinks import key_of
from aftersales.files import store
from aftersales.kernel.errors import NotFound
from tickets.actions.complaints.evidence import hand_out


@door("complaint.export", "GET")
def pack(request: DeskRequest, token: str) -> HttpResponseBase:
    """The ZIP. Each download is an event on the ticket."""
    pk = key_of(token)
    if pk is None:
        raise NotFound
    found = hand_out(pk, actor=request.actor)
    try:
        body = store.read(found.stored_name, small=False)
    except FileNotFoundError:
        raise NotFound from None
    name = f"{found.complaint.ticket.ref}.zip"
    answer = FileResponse(body, as_attachment=True, filename=name, content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
