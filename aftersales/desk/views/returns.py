"""A return by its own reference, as labels, mails and search name it: its page is that of its ticket."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.desk.doors import DeskRequest, door


@door("return.view")
def return_page(request: DeskRequest, ref: str) -> HttpResponse:
    """To its ticket."""
    return redirect("desk:ticket", ReturnDeed.find(ref, request.actor).ticket.ref)
