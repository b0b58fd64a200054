"""Letters that are due: one a sheet to print, marked as printed, and one press when the pile is in the post."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.letters import MOST, due_letters, in_other_hands, sheets
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from tickets.actions.visits.posting import post_letters, print_letters
from tickets.models import Visit


@door("visit.record")
def letters(request: DeskRequest) -> HttpResponse:
    """Every letter that is due and in no colleague's hands; `?printed=all` shows those too, `?ref=` leaves the others out.

    With `?print=1` the page prints itself and holds of these `ref` what is marked for this colleague, and nothing else: a
    letter printed that is marked for nobody would be offered to the next colleague, and its customer get two.
    """
    now = clock.now()
    due = due_letters(request.actor, now)
    refs, again = request.GET.getlist("ref")[:MOST], request.GET.get("printed") == "all"
    prints = "print" in request.GET
    wanted = due.filter(ref__in=refs) if refs or prints else due
    elsewhere = in_other_hands(wanted, request.actor)
    shown = wanted if again else wanted.exclude(pk__in=wanted.in_hands_of_others(request.actor).values("pk"))
    if prints:
        shown = shown.filter(printed_by=request.actor.id)
    return show(
        request, "desk/visits/letters.html", now=now, letters=list(sheets(shown, now)), waiting=due.count(), again=again,
        elsewhere=elsewhere, one=refs[0] if len(refs) == 1 else "", prints=prints,
    )  # fmt: skip


@door("visit.record", *WRITE)
def printing(request: DeskRequest) -> HttpResponse:
    """These are printed now, by this colleague; then the page that prints them itself, or the next ones if none was left."""
    refs = request.POST.getlist("ref")[:200]
    found = list(Visit.objects.visible_to(request.actor).filter(ref__in=refs).values_list("pk", flat=True))
    again = bool(request.POST.get("again"))
    pile = print_letters(found, actor=request.actor, again=again)
    if pile.already:
        said = ngettext(
            "%(count)s was left out: a colleague has printed it.",
            "%(count)s were left out: a colleague has printed them.",
            pile.already,
        )
        messages.warning(request, said % {"count": pile.already})
    printed = urlencode([("print", "1"), *(("ref", ref) for ref in refs)])
    return go(request, f"{reverse('desk:visit-letters')}{f'?{printed}' if pile.done else ''}")


@door("visit.record", *WRITE)
def posting(request: DeskRequest) -> HttpResponse:
    """These are in the post. What changed meanwhile is left out and said."""
    refs = request.POST.getlist("ref")[:200]
    found = list(Visit.objects.visible_to(request.actor).filter(ref__in=refs).values_list("pk", flat=True))
    pile = post_letters(found, actor=request.actor)
    left_out = pile.left_out + len(set(refs)) - len(found)
    if pile.done:
        said = ngettext("%(count)s letter is in the post.", "%(count)s letters are in the post.", pile.done)
        messages.success(request, said % {"count": pile.done})
    if pile.already:
        said = ngettext(
            "%(count)s was in the post already. If you have it on paper too, do not send it.",
            "%(count)s were in the post already. If you have them on paper too, do not send them.",
            pile.already,
        )
        messages.warning(request, said % {"count": pile.already})
    if left_out:
        said = ngettext(
            "%(count)s was left out: it has changed meanwhile.",
            "%(count)s were left out: they have changed meanwhile.",
            left_out,
        )
        messages.warning(request, said % {"count": left_out})
    return go(request, reverse("desk:visits"))
