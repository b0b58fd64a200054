"""Follow-up visits: the day's list, one visit with its script, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import visiting
from aftersales.desk.deeds.all import ON_VISIT
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.deeds.visits import VisitDeed
from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.forms.visit import OutcomeForm
from aftersales.desk.letters import due_letters
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.policy import may
from aftersales.kernel.reader import reads_chinese
from tickets.models import Visit


@door("visit.view")
def visits(request: DeskRequest) -> HttpResponse:
    """What is due first; the workload beside it."""
    now, asked = clock.now(), visiting.Asked.read(request.GET)
    page = Paginator(visiting.rows(request.actor, asked, now), visiting.ROWS).get_page(request.GET.get("page"))
    return show(
        request,
        "desk/visits/list.html",
        fragment="desk/visits/rows.html",
        now=now,
        wanted=asked,
        is_due_view=asked.view == visiting.DUE,
        tabs=visiting.tabs(request.actor, asked, now),
        filters=visiting.filters(asked),
        loads=visiting.loads(request.actor, asked, now),
        everybody=asked.href(whose="all"),
        letters=due_letters(request.actor, now).count() if may(request.actor, "visit.record") else 0,
        page=page,
        groups=list(visiting.grouped(list(page), by_route=asked.is_by_route)),
    )


@door("visit.view")
def visit(request: DeskRequest, ref: str) -> HttpResponse:
    """Whom to ask, what for, and the script."""
    found = VisitDeed.find(ref, request.actor)
    return _page(request, found, OutcomeForm(visit=found))


@door("visit.record", *WRITE)
def outcome(request: DeskRequest, ref: str) -> HttpResponse:
    """Record it, and back to the list for the next one."""
    found = VisitDeed.find(ref, request.actor)
    form = OutcomeForm(request.POST, visit=found)
    if not form.carry_out(request.actor):
        return _page(request, found, form)
    messages.success(request, _("Recorded: %(who)s.") % {"who": found.person})
    return go(request, reverse("desk:visits"))


def _page(request: DeskRequest, found: Visit, form: OutcomeForm) -> HttpResponse:
    earlier = Visit.objects.visible_to(request.actor).filter(person=found.person).exclude(pk=found.pk).preloaded()
    return show(
        request,
        "desk/visits/visit.html",
        status=form.status,
        visit=found,
        place=found.order.address if found.order is not None else None,
        person=found.person,
        contacts=list(found.person.contact_points.order_by("kind", "pk")),
        lines=list(found.order.lines.order_by("pk")) if found.order is not None else [],
        # One that was refused stays, with all that was typed, also where the visit has ended meanwhile.
        form=form if (found.is_open or form.is_bound) and may(request.actor, "visit.record") else None,
        tries=list(found.all_tries.select_related("by")),
        answers=answers_of(found, may(request.actor, "visit.staff.view")),
        earlier=list(earlier.order_by("-due_at", "-pk")[:10]),
        offers=Offer.all(ON_VISIT, found, request.actor),
    )


def answers_of(found: Visit, reads_staff: bool) -> list[dict[str, str]]:
    """Each answer with its question in the reader's language; what is said of the staff for leads only."""
    said = {"yes": _("yes"), "no": _("no")}
    language = "zh" if reads_chinese() else "en"
    return [
        {"question": row[language],
         "value": said.get(row["value"], row["value"]) if row["kind"] == "yes_no" else row["value"]}
        for row in found.answers
        if reads_staff or not row["for_leads"]
    ]  # fmt: skip
