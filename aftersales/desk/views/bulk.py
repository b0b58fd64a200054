"""One thing for many tickets: ask for what is needed, carry it out, report what came of each, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.bulk import BulkForm, kind_called
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, Refusal
from aftersales.kernel.policy import may
from tickets.actions.bulk.batch_kinds import EVERY_KIND
from tickets.actions.bulk.running import AT_ONCE, MOST, do_now, seal_of, undo_bulk
from tickets.models import BatchProblem, BulkRow, BulkRun, Ticket

SHOWN = 500  # rows of a report; the refused ones first


@door("ticket.assign", *READ, *WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """What is to be done to the tickets of the address: those that were chosen, or all that a list asks for."""
    if "kind" not in request.GET:
        return redirect("desk:queue")
    kind = kind_called(request.GET.get("kind", ""))
    if not may(request.actor, kind.verb):
        raise PermissionDenied
    tickets, number = _chosen(request.GET, request.actor)
    too_many = number > MOST
    form = BulkForm(request.POST if request.method in WRITE else None, kind=kind, actor=request.actor)
    # Chosen rows are those of the address; what matches a list may be others by the time one presses.
    agreed = request.POST.get("agreed", "") if request.GET.get("all") == "yes" else None
    if form.is_bound and not too_many and (run := form.start(tickets, agreed=agreed)) is not None:
        do_now(run)
        return go(request, reverse("desk:bulk", args=[run.pk]))
    few = Ticket.objects.visible_to(request.actor).filter(pk__in=tickets[:5]).select_related("person")
    return show(
        request, "desk/bulk_new.html", fragment="desk/bulk_form.html", status=400 if too_many and form.is_bound else form.status,
        form=form, kind=kind, number=number, few=list(few), most=MOST, too_many=too_many,
        # What was agreed to stays so while the form comes back for another reason.
        agreed=request.POST.get("agreed", "") if form.status == 422 else seal_of(tickets),
        action=request.get_full_path(), back=f"{reverse('desk:queue')}?{request.GET.get('list', '')}",
    )  # fmt: skip


@door("ticket.assign")
def report(request: DeskRequest, pk: int) -> HttpResponse:
    """How far it is, and what came of each ticket."""
    run = _find(pk, request.actor)
    counts = dict(run.rows.order_by().values_list("outcome").annotate(number=Count("pk")))
    done = run.total - counts.get("", 0)
    seen = run.rows.filter(ticket__in=Ticket.objects.visible_to(request.actor))
    rows = seen.select_related("ticket__person").exclude(outcome="").order_by("-outcome", "pk")
    undone: BulkRun | None = getattr(run, "undone_by", None)
    taken_back = undone.rows.filter(outcome=BulkRow.Outcome.DONE).values_list("ticket_id", flat=True) if undone else ()
    return show(
        request, "desk/bulk_report.html", fragment="desk/bulk_result.html",
        run=run, kind=EVERY_KIND[run.kind], counts=counts, rows=list(rows[:SHOWN]), finished=done, shown=SHOWN,
        elsewhere=run.total - seen.count(), may_undo=_may_undo(run, seen), undone=undone, taken_back=set(taken_back),
        problem=BatchProblem.objects.visible_to(request.actor).filter(pk=run.params.get("problem")).first(),
    )  # fmt: skip


@door("ticket.assign", *WRITE)
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """Take it back, ticket by ticket."""
    run = _find(pk, request.actor)
    try:
        back = undo_bulk(run.pk, key=f"undo-{run.pk}", actor=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:bulk", run.pk)
    do_now(back)
    messages.success(request, _("Taken back as far as nobody has changed it since."))
    return redirect("desk:bulk", back.pk)


def _chosen(query: QueryDict, actor: Actor) -> tuple[list[int], int]:
    """Primary keys of the chosen tickets within scope, in no order, at most one more than a run may have; and how many
    there are. They are counted only where there are more."""
    seen = Ticket.objects.visible_to(actor)
    if query.get("all") == "yes":
        seen = TicketList.read(QueryDict(query.get("list", "")), actor).tickets(actor, clock.now())
    else:
        seen = seen.filter(ref__in=query.getlist("ticket")[:AT_ONCE])
    found = list(seen.values_list("pk", flat=True)[: MOST + 1])
    return found, len(found) if len(found) <= MOST else seen.count()


def _find(pk: int, actor: Actor) -> BulkRun:
    found = BulkRun.objects.visible_to(actor).select_related("by", "undoes", "undone_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found  # type: ignore[no-any-return]


def _may_undo(run: BulkRun, seen: QuerySet[BulkRow]) -> bool:
    has_way = EVERY_KIND[run.kind].back is not None and run.undoes_id is None and run.done_at is not None
    return has_way and not hasattr(run, "undone_by") and seen.filter(outcome=BulkRow.Outcome.DONE).exists()
