"""Write to us about an order, and the conversation that follows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftersales.kernel import clock
from aftersales.kernel.errors import NotFound
from aftersales.portal import conversation
from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.forms.returns import MessageForm
from aftersales.portal.forms.trying import attempt, files_of, status_of, typed
from aftersales.portal.promised import answered_by
from customers.models import Order
from tickets.models import Ticket


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def questions(request: Visit, pk: int) -> HttpResponse:
    """A new question."""
    order = Order.objects.visible_to(request.actor).filter(pk=pk).first()
    if order is None:
        raise NotFound
    form = MessageForm(data=typed(request), files=files_of(request))
    if request.method == "POST":
        said = form.data
        ref = attempt(
            form,
            lambda: conversation.ask(
                pk,
                form.cleaned_data["text"],
                form.cleaned_data["attachments"],
                page_key=said["once"],
                actor=request.actor,
            ),
        )
        if ref:
            messages.success(request, _("Sent. %(promise)s") % {"promise": answered_by(clock.now())})
            return redirect("portal:question", ref)
    context = {"order": order, "form": form, "promise": answered_by(clock.now())}
    return render(request, "portal/question_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def question(request: Visit, ref: str) -> HttpResponse:
    """One conversation. Of one that was merged, what is written here is read where it goes on."""
    visible = Ticket.objects.visible_to(request.actor).conversations()
    ticket = visible.select_related("order", "merged_into__goods_return").filter(ref=ref).first()
    if ticket is None:
        raise NotFound
    form = MessageForm(data=typed(request), files=files_of(request))
    goes_on = conversation.goes_on(ticket, request.actor)
    if request.method == "POST" and write(request, ticket, form):
        if goes_on is None:
            return redirect(f"{request.path}#messages")
        messages.success(request, _("Sent. It has arrived in %(ref)s.") % {"ref": goes_on.ref})
        return redirect(f"{goes_on.address}#messages" if goes_on.is_open and goes_on.address else request.path)
    context = {
        "ticket": ticket,
        "goes_on": goes_on,
        "form": form,
        "turns": conversation.shown(ticket),
        "now": clock.now(),
    }
    return render(request, "portal/question.html", context, status=status_of(form))


def write(request: Visit, ticket: Ticket, form: MessageForm) -> bool:
    """Send the message of a form; False says that the form holds an error."""

    def work() -> bool:
        said = form.cleaned_data
        conversation.send(ticket, said["text"], said["attachments"], page_key=said["once"], actor=request.actor)
        return True

    return bool(attempt(form, work))
