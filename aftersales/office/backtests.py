"""Back-tests: try a version of the rules on the stored cases, watch it, read the result, cancel it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import actor_of
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Refusal
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from aftersales.office.backtest_telling import told
from customers.models import Shop
from returns.actions.rulebook.backtesting import cancel_backtest, start_backtest
from returns.models import BacktestRun, RuleVersion

MOST_LISTED = 50


class BacktestForm(forms.Form):
    version = forms.ModelChoiceField(RuleVersion.objects.none(), label=_("version to try"))
    against = forms.ModelChoiceField(
        RuleVersion.objects.none(), label=_("compared with"), required=False,
        help_text=_("Empty: the version it was begun from."),
    )  # fmt: skip
    since = DayField(label=_("cases decided since"), required=False, help_text=_("Empty: all of them."))
    fee = forms.CharField(
        label=_("freight of one leg where none is stored"), max_length=20,
        help_text=_("Stands in for what was not recorded; the result says how often it did."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = RuleVersion.objects.visible_to(actor_of(request)).exclude(sha256="").exclude(status="withdrawn")
        self.fields["version"].queryset = seen.filter(number__gt=1)  # type: ignore[attr-defined]
        self.fields["against"].queryset = seen  # type: ignore[attr-defined]

    def clean_fee(self) -> int:
        try:
            return Money.parse(self.cleaned_data["fee"], "CNY").minor
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


def backtests(request: HttpRequest) -> HttpResponse:
    """What was tried so far, and the form to try another version; sending it begins a run."""
    actor = actor_of(request)
    is_allowed = may(actor, "rules.backtest")
    if request.method == "POST" and not is_allowed:
        raise PermissionDenied
    form = BacktestForm(request, request.POST or None, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = start_backtest(
                data["version"].pk,
                actor=actor,
                against_id=data["against"].pk if data["against"] else None,
                since=data["since"],
                fee_minor=data["fee"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:backtest", run.pk)
    runs = BacktestRun.objects.visible_to(actor).select_related("version", "against", "by", "evidence")
    return _page(
        request, "backtests.html", _("Back-tests"), runs=runs.defer("state")[:MOST_LISTED], is_allowed=is_allowed,
        form=form, has_versions=form.fields["version"].queryset.exists(),  # type: ignore[attr-defined]
    )  # fmt: skip


def backtest(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it has come, or what it found."""
    run = _run(request, pk)
    return _page(
        request, "backtest.html", _("Back-test"), run=run, is_allowed=may(actor_of(request), "rules.backtest"),
        result=told(run.evidence.report) if run.evidence else None,
    )  # fmt: skip


def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run. Pressing twice changes nothing."""
    run = _run(request, pk)
    if not may(actor_of(request), "rules.backtest"):
        raise PermissionDenied
    if request.method == "POST" and not cancel_backtest(run.pk, actor=actor_of(request)).is_running:
        messages.success(request, _("The back-test does not run any more."))
    return redirect("admin:backtest", run.pk)


def _run(request: HttpRequest, pk: int) -> BacktestRun:
    runs = BacktestRun.objects.visible_to(actor_of(request)).select_related("version", "against", "by", "evidence")
    run: BacktestRun | None = runs.filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """The version in the address, and the shop's usual freight."""
    shop = Shop.objects.order_by("pk").first()
    fee = Money(shop.freight_estimate_minor if shop else 1_000, "CNY")
    return {"version": request.GET.get("version", ""), "fee": fee.plain()}


def _page(request: HttpRequest, template: str, title: str | Promise, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/rules/{template}", {**frame, **context})
