"""The list of policies: add one, put it in or out of use, say in which order they are asked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.office.servicelevels.pages import found_policy, framed
from tickets.actions.sla_policies import create_policy, place_policy, put_in_use
from tickets.models import Clock, PolicyVersion, SlaPolicy


class NewPolicyForm(forms.Form):
    key = forms.SlugField(label=_("key"), max_length=40, help_text=_("Letters, digits and dashes; never changes."))
    name_zh = forms.CharField(label=_("name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=_("name (English)"), max_length=60)


def policies(request: HttpRequest) -> HttpResponse:
    """Every policy with its newest version, in the order in which they are asked; below, a new one."""
    actor = actor_of(request)
    form = NewPolicyForm(request.POST or None)
    if request.method == "POST":
        if not may(actor, "sla.change"):
            raise PermissionDenied
        if form.is_valid():
            try:
                made = create_policy(**form.cleaned_data, actor=actor)
            except Refusal as no:
                form.add_error(getattr(no, "field", None), str(no))
            else:
                messages.success(request, _("Policy added. It is not in use yet: change its rows, then put it in use."))
                return redirect("admin:policy", made.key)
    versions = PolicyVersion.objects.filter(policy__in=SlaPolicy.objects.visible_to(actor)).newest().defer("settings")
    clocks = Clock.objects.visible_to(actor).open().order_by().values("policy_version__policy")
    open_clocks = {row["policy_version__policy"]: row["n"] for row in clocks.annotate(n=Count("pk"))}
    rows = [
        (place, version.policy, version, open_clocks.get(version.policy_id, 0))
        for place, version in enumerate(versions, start=1)
    ]
    return framed(
        request, "policies.html", _("Policies"), status=400 if form.errors else 200,
        rows=rows, form=form, may_change=may(actor, "sla.change"),
    )  # fmt: skip


def use(request: HttpRequest, key: str) -> HttpResponse:
    """Put a policy in use ("1") or out of it ("0"). Pressing twice changes nothing."""
    actor, policy = actor_of(request), found_policy(request, key)
    if not may(actor, "sla.change"):
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("in_use") in ("0", "1"):
        try:
            put_in_use(policy.pk, request.POST["in_use"] == "1", actor=actor)
        except Refusal as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("Done."))
    return redirect("admin:policies")


def place(request: HttpRequest, key: str) -> HttpResponse:
    """Ask it in this place. The place is a number and no direction, so pressing twice changes nothing."""
    actor, policy = actor_of(request), found_policy(request, key)
    if not may(actor, "sla.change"):
        raise PermissionDenied
    wanted = request.POST.get("place", "")
    if request.method == "POST" and wanted.isdecimal() and len(wanted) < 5:
        try:
            place_policy(policy.pk, int(wanted), actor=actor)
        except Refusal as no:
            messages.error(request, str(no))
    return redirect("admin:policies")
