"""Something went wrong: one question a page, then the complaint with what happens next."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.kernel import clock
from aftersales.kernel.errors import NotFound
from aftersales.portal import complaining, conversation
from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.forms.complaint import ComplaintForm, ContentForm
from aftersales.portal.forms.returns import MessageForm
from aftersales.portal.forms.trying import attempt, files_of, status_of, typed
from aftersales.portal.views.questions import write
from customers.models import Order
from tickets.actions.complaints.due import answer_due
from tickets.actions.complaints.rating import rate
from tickets.models import Complaint, ComplaintClass

_ICONS = {"goods": "broken", "logistics": "truck", "communication": "chat", "aftersales": "return"}


@require_safe
@for_customers
def classes(request: Visit, pk: int) -> HttpResponse:
    """The first question: which of the four."""
    order, query = _order(request, pk), _about(request)
    examples = {group: [str(each) for each in _offered(group)][:3] for group in ComplaintClass.Group.values}
    ways = [
        {
            "title": label, "text": " · ".join(examples[group]), "icon": _ICONS[group],
            "href": reverse("portal:complaint_class", args=[pk, group]) + query,
        }
        for group, label in ComplaintClass.Group.choices
        if examples[group]
    ]  # fmt: skip
    context = {
        "order": order,
        "ways": ways,
        "question": _("What went wrong?"),
        "back": reverse("portal:order", args=[pk]),
        "deadline": answer_due(order, clock.now()),
    }
    return render(request, "portal/complaint/choose.html", context)


@require_safe
@for_customers
def kinds(request: Visit, pk: int, group: str) -> HttpResponse:
    """The second question: what exactly."""
    order, query = _order(request, pk), _about(request)
    ways = [
        {
            "title": str(each),
            "icon": _ICONS[group],
            "href": reverse("portal:complaint_story", args=[pk, each.code]) + query,
        }
        for each in _offered(group)
    ]
    if not ways:
        raise NotFound
    back = reverse("portal:complaint", args=[pk]) + query
    due = answer_due(order, clock.now())
    context = {"order": order, "ways": ways, "question": _("What fits best?"), "back": back, "deadline": due}
    return render(request, "portal/complaint/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def story(request: Visit, pk: int, code: str) -> HttpResponse:
    """The third: what happened, in their words, with files. Sending it opens the complaint."""
    order = _order(request, pk)
    known = ComplaintClass.objects.filter(code=code, is_offered=True).first()
    if known is None:
        raise NotFound
    form = ComplaintForm(data=typed(request), files=files_of(request))
    if request.method == "POST":
        about = request.GET.get("about", "")
        ref = attempt(
            form,
            lambda: complaining.complain(
                pk,
                code=code,
                about=about,
                said=form.cleaned_data,
                files=form.cleaned_data["attachments"],
                actor=request.actor,
            ),
        )
        if ref:
            messages.success(request, _("We have it. We are sorry that this happened."))
            return redirect("portal:complaint_status", ref)
    back = reverse("portal:complaint_class", args=[pk, known.group]) + _about(request)
    context = {"order": order, "form": form, "kind": known, "back": back}
    return render(request, "portal/complaint/story.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def status(request: Visit, ref: str) -> HttpResponse:
    """What happens next and by when, the open question, and the conversation."""
    complaint = complaining.find(ref, request.actor)
    form = MessageForm(data=typed(request), files=files_of(request))
    if request.method == "POST" and write(request, complaint.ticket, form):
        return redirect(f"{request.path}#messages")
    return _page(request, complaint, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def satisfaction(request: Visit, ref: str) -> HttpResponse:
    """The answer to the question of the status page. What was answered already stays answered."""
    complaint = complaining.find(ref, request.actor)
    stage = complaining.question_of(complaint)
    if request.method != "POST" or not stage:
        return redirect("portal:complaint_status", ref)
    content = ContentForm(question=complaining.words_of(stage), data=request.POST)

    def work() -> object:
        score = content.cleaned_data["score"]
        return rate(complaint.ticket_id, stage=stage, score=score, channel="portal", actor=request.actor)

    if attempt(content, work) is None:
        return _page(request, complaint, MessageForm(), content)
    messages.success(request, _("Thank you. It helps us to do better."))
    return redirect("portal:complaint_status", ref)


def _page(request: Visit, complaint: Complaint, form: MessageForm, content: ContentForm | None = None) -> HttpResponse:
    stage = complaining.question_of(complaint)
    context = {
        "complaint": complaint,
        "ticket": complaint.ticket,
        "next": complaining.next_of(complaint),
        "form": form,
        "content": content or (ContentForm(question=complaining.words_of(stage)) if stage else None),
        "turns": conversation.shown(complaint.ticket),
        "now": clock.now(),
    }
    refused = content if content is not None else form
    return render(request, "portal/complaint/status.html", context, status=status_of(refused))


def _order(request: Visit, pk: int) -> Order:
    order: Order | None = Order.objects.visible_to(request.actor).select_related("shop").filter(pk=pk).first()
    if order is None:
        raise NotFound
    return order


def _offered(group: str) -> list[ComplaintClass]:
    return list(ComplaintClass.objects.filter(group=group, is_offered=True))


def _about(request: Visit) -> str:
    """The case it is about goes along from page to page."""
    about = request.GET.get("about", "")[:12]
    return f"?{urlencode({'about': about})}" if about else ""
