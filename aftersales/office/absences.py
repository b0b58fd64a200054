"""Who is away and until when, now and on days to come: seen by everybody in the office, changed by leads.

Queues give whoever is away nothing.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import GRANTS, may
from tickets.actions.duty import come_back, go_off_duty, withdraw_absence
from tickets.forms import AbsenceForm
from tickets.models import Absence


class AwayForm(AbsenceForm):
    """Who is away, and when."""

    user = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=None)
    field_order = ("user", "since", "until")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True, role__in=sorted(GRANTS["duty.set"])).order_by("name")


def absences(request: HttpRequest) -> HttpResponse:
    """The list and one form; `back` names who is here again, `withdraw` what was planned and is not any more."""
    actor, now = actor_of(request), clock.now()
    may_change = may(actor, "duty.set_others")
    entered = request.method == "POST" and not {"back", "withdraw"} & set(request.POST)
    form = AwayForm(request.POST) if entered else AwayForm()
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            if request.POST.get("back", "").isdecimal():
                come_back(int(request.POST["back"][:18]), actor=actor)
                messages.success(request, _("On duty again."))
                return redirect("admin:absences")
            if request.POST.get("withdraw", "").isdecimal():
                withdraw_absence(int(request.POST["withdraw"][:18]), actor=actor)
                messages.success(request, pgettext("absence", "Taken back."))
                return redirect("admin:absences")
            if form.is_valid():
                go_off_duty(form.cleaned_data["user"].pk, **form.instants(), actor=actor)
                messages.success(request, _("Noted: no ticket is given to them by itself."))
                return redirect("admin:absences")
        except Refusal as refusal:
            if not form.is_bound:
                messages.error(request, str(refusal))
                return redirect("admin:absences")
            form.say(refusal)
    rows = (
        Absence.objects.not_over(now)
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("since", "user__name")
    )
    frame = {**admin.site.each_context(request), "title": _("Absences")}
    context = {**frame, "rows": rows, "form": form, "may_change": may_change, "now": now}
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "office/absences.html", context, status=status)
