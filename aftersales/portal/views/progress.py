"""What a customer does with a running request: answer, send the parcel, withdraw, object, take it up again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.portal.doors import Elsewhere, Visit, for_customers
from aftersales.portal.forms.returns import AnswerForm, ObjectionForm, ParcelForm
from aftersales.portal.forms.trying import attempt, files_of, status_of, typed
from aftersales.portal.next_step import next_step
from aftersales.portal.refused import refused
from aftersales.portal.views.returns import return_of
from returns.actions.ending import reopen_return, withdraw_return
from returns.actions.info import give_info
from returns.actions.objections import contest_rejection
from returns.actions.shipping import enter_tracking
from returns.machine import WITHDRAWABLE
from returns.models import Contest, Return, ReturnParcel


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def answer(request: Visit, ref: str) -> HttpResponse:
    """Answer our question, with files. They are kept first: an answer that fails afterwards is repeated with them."""
    ret = return_of(request, ref)
    form = AnswerForm(data=typed(request), files=files_of(request))
    if request.method == "POST" and attempt(form, lambda: _answer(request, ret, form)) is not None:
        messages.success(request, _("Thank you. We look at it again now."))
        return redirect("portal:status", ref)
    question = ret.open_question
    if question is None and request.method != "POST":
        raise Elsewhere(_status(ret))
    photos = Attachment.objects.of(ret).shown_to(request.actor)
    context = {
        "ret": ret,
        "form": form,
        "question": question,
        "photos": photos,
        "next": next_step(ret),
        "now": clock.now(),
    }
    return render(request, "portal/returns/answer.html", context, status=status_of(form))


def _answer(request: Visit, ret: Return, form: AnswerForm) -> Return:
    if ret.status == Return.Status.NEED_INFO:
        attach_all(form.cleaned_data["attachments"], on=ret, actor=request.actor, field="attachments")
    has_proof = Attachment.objects.of(ret).exists()
    return give_info(ret.pk, answer=form.cleaned_data["answer"], has_proof=has_proof, actor=request.actor)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def parcels(request: Visit, ref: str) -> HttpResponse:
    """Courier, tracking number, and what it cost where we pay for it."""
    ret = return_of(request, ref)
    form = ParcelForm(data=typed(request), currency=ret.currency)
    if request.method == "POST" and attempt(form, lambda: _enter(request, ret, form)) is not None:
        messages.success(request, _("Thank you. We watch out for your parcel."))
        return redirect("portal:status", ref)
    if request.method != "POST" and ret.status not in (Return.Status.AWAITING_RETURN, Return.Status.IN_TRANSIT):
        raise Elsewhere(_status(ret))
    payer = next((entry.payer for entry in ret.freight.all() if entry.leg == "return"), "")
    context = {"ret": ret, "form": form, "payer": payer, "next": next_step(ret), "now": clock.now()}
    return render(request, "portal/returns/parcel.html", context, status=status_of(form))


def _enter(request: Visit, ret: Return, form: ParcelForm) -> ReturnParcel:
    said = form.cleaned_data
    return enter_tracking(
        ret.pk, carrier=form.carrier(), number=said["number"], freight_told_minor=said["freight"], actor=request.actor
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def withdrawal(request: Visit, ref: str) -> HttpResponse:
    """Take the request back, after a page that asks once more."""
    ret = return_of(request, ref)
    if request.method == "POST":
        withdraw_return(ret.pk, actor=request.actor)
        messages.success(request, _("The request is withdrawn. The items are free again."))
        return redirect("portal:status", ref)
    if ret.status not in WITHDRAWABLE:
        raise Elsewhere(_status(ret))
    return render(request, "portal/returns/withdrawal.html", {"ret": ret})


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def objection(request: Visit, ref: str) -> HttpResponse:
    """Contest a refusal."""
    ret = return_of(request, ref)
    form = ObjectionForm(data=typed(request))
    if request.method == "POST" and attempt(form, lambda: _object(request, ret, form)) is not None:
        messages.success(request, _("Your objection is with a lead. We answer here and by message."))
        return redirect("portal:status", ref)
    standing = refused(ret)
    if request.method != "POST" and (standing is None or not standing.can_object):
        raise Elsewhere(_status(ret))
    context = {"ret": ret, "form": form, "refused": standing, "next": next_step(ret), "now": clock.now()}
    return render(request, "portal/returns/objection.html", context, status=status_of(form))


def _object(request: Visit, ret: Return, form: ObjectionForm) -> Contest:
    return contest_rejection(ret.pk, story=form.cleaned_data["story"], actor=request.actor)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def reopening(request: Visit, ref: str) -> HttpResponse:
    """Take an expired request up again."""
    ret = return_of(request, ref)
    if request.method == "POST":
        reopen_return(ret.pk, actor=request.actor)
        messages.success(request, _("Your request is open again."))
    return redirect("portal:status", ref)


def _status(ret: Return) -> str:
    return reverse("portal:status", args=[ret.ref])
