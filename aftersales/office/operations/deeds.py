"""What a person decides on the page of operations: about one row that is stuck, and what is stopped. Each asks for a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import BadInput, Refusal
from aftersales.kernel.policy import may
from aftersales.ledger import gauges, outbox, repair, stops
from aftersales.ledger.models import Due, Stop
from aftersales.notices.kinds import KINDS as NOTICES
from aftersales.office.operations import words
from aftersales.office.operations.page import DEEDS, deeds_of

Words = str | Promise
_EXPLAINS: dict[str, Words] = {
    "retry": _("It is done again at once, under the same key."),
    "done": _("You looked at the far side and it is there. What follows from it is written now."),
    "not-done": _("You looked at the far side and it is not there. Whoever waits for it is told that it failed."),
    "give-up": _("Nobody will do it any more. Say below what is done instead."),
}
_DO: dict[str, Callable[[Any, str, Actor], object]] = {
    "retry": lambda row, reason, actor: repair.retry(row, reason=reason, actor=actor),
    "done": lambda row, reason, actor: repair.settle(row, was_done=True, reason=reason, actor=actor),
    "not-done": lambda row, reason, actor: repair.settle(row, was_done=False, reason=reason, actor=actor),
    "give-up": lambda row, reason, actor: repair.give_up(row, reason=reason, actor=actor),
}


class ReasonForm(forms.Form):
    """Why; whoever looks into it later reads it in the events."""

    reason = forms.CharField(
        label=_("reason"), max_length=stops.LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )


class StopForm(ReasonForm):
    what = forms.ChoiceField(label=_("what to stop"))
    field_order = ("what", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = [f"{stops.CHANNEL}{name}" for name in outbox.channels()]
        templates = [f"{stops.TEMPLATE}{key}" for key, kind in NOTICES.items() if not kind.staff]
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(what, words.stopped(what)) for what in (Stop.SENDING, Stop.DECISIONS, *channels, *templates)]


def repair_row(request: HttpRequest, kind: str, pk: int, deed: str) -> HttpResponse:
    """One deed on one stuck row: first the question, then the deed, then back to the page."""
    if kind not in gauges.KINDS or deed not in DEEDS:
        raise Http404
    _must(request, "work.repair")
    row: Due | None = gauges.KINDS[kind].objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return _ask(
        request,
        ReasonForm(request.POST or None),
        title=DEEDS[deed],
        about=str(row),
        explains=_EXPLAINS[deed],
        detail=getattr(row, "reason", row.last_error),
        tone="danger" if deed in ("not-done", "give-up") else "primary",
        do=lambda form, actor: _DO[deed](row, form.cleaned_data["reason"], actor),
        open_=deed in deeds_of(row),
    )


def stop(request: HttpRequest) -> HttpResponse:
    """Stop everything, a channel or a template."""
    _must(request, "work.stop")
    return _ask(
        request,
        StopForm(request.POST or None),
        title=_("Stop sending"),
        explains=_("What falls due waits and is sent when the stop ends, except what is of no use any more by then."),
        tone="danger",
        do=lambda form, actor: stops.stop(form.cleaned_data["what"], reason=form.cleaned_data["reason"], actor=actor),
    )


def end_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go on what was stopped."""
    _must(request, "work.stop")
    row = Stop.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return _ask(
        request,
        ReasonForm(request.POST or None),
        title=_("End the stop"),
        about=words.stopped(row.what),
        detail=row.reason,
        explains=_("What waited is sent now, the oldest first; what came too late is marked and not sent."),
        tone="primary",
        do=lambda form, actor: stops.end_stop(row.pk, reason=form.cleaned_data["reason"], actor=actor),
        open_=row.ended_at is None,
    )


def _ask(
    request: HttpRequest, form: ReasonForm, *, title: Words, explains: Words, tone: str,
    do: Callable[[Any, Actor], object], about: str = "", detail: str = "", open_: bool = True,
) -> HttpResponse:  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                do(form, actor_of(request))
            except Refusal as refusal:
                field = refusal.field if isinstance(refusal, BadInput) and refusal.field in form.fields else None
                form.add_error(field, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Done; the event says who and why."))
                return redirect("admin:operations")
    context = {
        "title": title, "form": form, "about": about, "detail": detail, "explains": explains, "tone": tone,
        "is_open": open_,
    }  # fmt: skip
    frame = admin.site.each_context(request)
    return TemplateResponse(request, "office/operations/deed.html", {**frame, **context}, status=status)


def _must(request: HttpRequest, verb: str) -> None:
    if not may(actor_of(request), verb):
        raise PermissionDenied
