"""The status page of a request and the papers that go with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.errors import NotFound
from aftersales.portal import conversation, judgement
from aftersales.portal.doors import Elsewhere, Visit, for_customers
from aftersales.portal.forms.returns import MessageForm
from aftersales.portal.forms.trying import files_of, status_of, typed
from aftersales.portal.history import history
from aftersales.portal.inspection import inspected
from aftersales.portal.money import refund_cards
from aftersales.portal.next_step import next_step
from aftersales.portal.refused import handback_of, refused
from aftersales.portal.views.questions import write
from returns.models import Return


def return_of(request: Visit, ref: str) -> Return:
    """The return in scope with everything its pages show."""
    ret: Return | None = (
        Return.objects.visible_to(request.actor).preloaded().select_related("repair").filter(ref=ref).first()
    )
    if ret is None:
        raise NotFound
    return ret


@require_safe
@for_customers
def status(request: Visit, ref: str) -> HttpResponse:
    """What happens next, by when, and everything so far."""
    return status_page(request, return_of(request, ref), MessageForm(data=typed(request)))


def status_page(request: Visit, ret: Return, form: MessageForm) -> HttpResponse:
    """The status page with the message field as it is; also the answer to a message that could not be taken."""
    approval = getattr(ret, "approval", None)
    context: dict[str, Any] = {
        "ret": ret,
        "now": clock.now(),
        "next": next_step(ret),
        "refused": refused(ret),
        "handback": handback_of(ret),
        "question": ret.open_question,
        "address": f"{approval.recipient} {approval.phone} {approval.address}" if approval else "",
        "findings": judgement.stored(ret, request.actor.locale),
        "inspected": inspected(ret),
        "refunds": refund_cards(ret),
        "events": history(ret),
        "turns": conversation.shown(ret.ticket),
        "photos": Attachment.objects.of(ret).shown_to(request.actor),
        "form": form,
    }
    return render(request, "portal/returns/status.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def messages(request: Visit, ref: str) -> HttpResponse:
    """Write to the shop about this request."""
    ret = return_of(request, ref)
    form = MessageForm(data=typed(request), files=files_of(request))
    if request.method != "POST" or not write(request, ret.ticket, form):
        return status_page(request, ret, form)
    return redirect(reverse("portal:status", args=[ret.ref]) + "#messages")


@require_safe
@for_customers
def done(request: Visit, ref: str) -> HttpResponse:
    """The request was sent: its number, what happens next and by when."""
    ret = return_of(request, ref)
    return render(request, "portal/returns/done.html", {"ret": ret, "next": next_step(ret), "now": clock.now()})


@require_safe
@for_customers
def label(request: Visit, ref: str) -> HttpResponse:
    """The paper for the parcel. There is none before the approval, which names the address."""
    ret = return_of(request, ref)
    approval = getattr(ret, "approval", None)
    if approval is None:
        raise Elsewhere(reverse("portal:status", args=[ret.ref]))
    to = {"name": approval.recipient, "phone": approval.phone, "lines": [approval.address]}
    return render(request, "portal/returns/label.html", {"ret": ret, "to": to, "sender": {"name": ret.person.name}})
