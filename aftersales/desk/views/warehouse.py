"""The warehouse: what to receive, inspect and send; scan a label, count, inspect, and see what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import bench, cards, thread
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.deeds.handback import CameBack, Sending
from aftersales.desk.deeds.parcels import Reshipment
from aftersales.desk.deeds.repairs import BeyondRepair, Repaired
from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.receiving import CountForm, InspectionForm
from aftersales.desk.inspecting import inspect
from aftersales.desk.packing import slip_of, slip_of_refused
from aftersales.desk.page import go, show
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal
from returns.actions.receiving import receive_goods
from returns.models import Return, ReturnLine


@door("return.receive")
def warehouse(request: DeskRequest) -> HttpResponse:
    """The heaps, and the box to scan into."""
    return bench_page(request)


def bench_page(request: DeskRequest) -> HttpResponse:
    """A scanned label leads straight to its goods; what is unknown is said on the same page."""
    scanned = request.GET.get("scan", "")
    if scanned.strip() and (found := bench.scanned(request.actor, scanned)) is not None:
        return redirect("desk:goods", found.ref)
    heaps = bench.heaps(request.actor)
    return show(request, "desk/warehouse.html", heaps=heaps, scanned=scanned.strip()[:60])


@door("return.receive")
def goods(request: DeskRequest, ref: str) -> HttpResponse:
    """To the page where these goods are now: to count, to inspect, or what came of them."""
    ret = ReturnDeed.find(ref, request.actor)
    return redirect(f"desk:{bench.place_of(ret)}", ref)


@door("return.receive", *READ, *WRITE)
def receipt(request: DeskRequest, ref: str) -> HttpResponse:
    """Count units out of the parcel."""
    ret = ReturnDeed.find(ref, request.actor)
    lines = _lines(ret)
    if request.method not in WRITE:
        return _counting(request, ret, CountForm(lines=lines))
    form = CountForm(request.POST, lines=lines)
    if not form.is_valid():
        form.status = 422
        return _counting(request, ret, form)
    try:
        receive_goods(ret.pk, form.counts(), key=form.cleaned_data["key"], actor=request.actor)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _counting(request, ret, form)
    messages.success(request, _("Counted. Now inspect what came."))
    return go(request, reverse("desk:inspection", args=[ret.ref]))


@door("return.inspect", *READ, *WRITE)
def inspection(request: DeskRequest, ref: str) -> HttpResponse:
    """Judge every counted unit."""
    ret = ReturnDeed.find(ref, request.actor)
    lines = _lines(ret)
    if request.method not in WRITE:
        return _inspecting(request, ret, InspectionForm(ret=ret, lines=lines))
    form = InspectionForm(request.POST, request.FILES, ret=ret, lines=lines)
    if not inspect(form, request.actor):
        return _inspecting(request, ret, form)
    return go(request, reverse("desk:outcome", args=[ret.ref]))


@door("return.receive")
def outcome(request: DeskRequest, ref: str) -> HttpResponse:
    """What follows from the inspection: a refund, a replacement, a repair, a refusal."""
    ret = ReturnDeed.find(ref, request.actor)
    lines = _lines(ret)
    judged = cards.standing(lines)
    return show(
        request,
        "desk/outcome.html",
        ret=ret,
        lines=lines,
        slip=slip_of(ret, lines),
        cards=judged,
        refunds=list(ret.refunds.exclude(status="cancelled")),
        refusal=ret.standing_refusal,
        photos=thread.photos_on(ret, request.actor),
        back=getattr(ret, "handback", None),
        slip_back=slip_of_refused(ret) if Sending.is_open(ret, request.actor) else None,
        offers=Offer.all((Reshipment,), ret, request.actor),
        offers_repair=Offer.all((Repaired, BeyondRepair), ret, request.actor),
        offers_back=Offer.all((Sending, CameBack), ret, request.actor),
    )


def _lines(ret: Return) -> list[ReturnLine]:
    lines = list(ret.lines.select_related("order_line__sku", "wanted_sku__product"))
    prefetch_related_objects(lines, "verdicts", "inspections__by")
    return lines


def _counting(request: DeskRequest, ret: Return, form: CountForm) -> HttpResponse:
    context: dict[str, Any] = {"ret": ret, "form": form, "parcels": list(ret.parcels.all())}
    return show(request, "desk/receipt.html", status=form.status, place=bench.place_of(ret), **context)


def _inspecting(request: DeskRequest, ret: Return, form: InspectionForm) -> HttpResponse:
    photos = thread.photos_on(ret, request.actor)
    return show(
        request,
        "desk/inspection.html",
        status=form.status,
        place=bench.place_of(ret),
        ret=ret,
        form=form,
        photos=photos,
    )
