"""The inbox of one member of staff: what they were told, and marking it as read."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.notices import inbox
from aftersales.notices.actions.reading import mark_read, unread_count


@door("desk.enter")
def notices(request: DeskRequest) -> HttpResponse:
    """Newest first. Looking at the list marks nothing: a glance is not reading."""
    now = clock.now()
    return show(
        request,
        "notices/inbox.html",
        fragment="notices/inbox_list.html",
        lines=inbox.lines(request.actor, now=now),
        unread=unread_count(request.actor),
        now=now,
    )


@door("desk.enter", *WRITE)
def read(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Mark one notice as read and go where it leads (`?next=`), or all of them."""
    mark_read(request.actor, pk=pk)
    return go(request, reverse("desk:notices"))
