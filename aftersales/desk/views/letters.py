"""Letters that are due: one a sheet to print, and one press when the pile is in the post."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.letters import due_letters, sheets
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from tickets.actions.visits.posting import post_letters
from tickets.models import Visit


@door("visit.record")
def letters(request: DeskRequest) -> HttpResponse:
    """Every letter that is due; `?ref=` leaves the others out."""
    now = clock.now()
    due = due_letters(request.actor, now)
    one = request.GET.get("ref", "")[:12]
    found = list(sheets(due.filter(ref=one) if one else due, now))
    return show(request, "desk/visits/letters.html", now=now, letters=found, waiting=due.count())


@door("visit.record", *WRITE)
def posting(request: DeskRequest) -> HttpResponse:
    """These are in the post. What changed meanwhile is left out and said."""
    refs = request.POST.getlist("ref")[:200]
    found = list(Visit.objects.visible_to(request.actor).filter(ref__in=refs).values_list("pk", flat=True))
    posted, left_out = post_letters(found, actor=request.actor)
    left_out += len(set(refs)) - len(found)
    if posted:
        said = ngettext("%(count)s letter is in the post.", "%(count)s letters are in the post.", posted)
        messages.success(request, said % {"count": posted})
    if left_out:
        said = ngettext(
            "%(count)s was left out: it has changed meanwhile.",
            "%(count)s were left out: they have changed meanwhile.",
            left_out,
        )
        messages.warning(request, said % {"count": left_out})
    return go(request, reverse("desk:visits"))
