"""Who is away and until when: seen by everybody in the office, changed by leads. Queues give whoever is away nothing."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import GRANTS, may
from tickets.actions.duty import come_back, go_off_duty
from tickets.models import Absence


class AwayForm(forms.Form):
    """Who is away, through the end of which day where the shop is; without one until they come back."""

    user = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=None)
    until = DayField(
        label=gettext_lazy("Away through"), required=False,
        help_text=gettext_lazy("That day included. Left empty: until somebody says that they are back."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True, role__in=sorted(GRANTS["duty.set"])).order_by("name")


def absences(request: HttpRequest) -> HttpResponse:
    """The list and one form; `back` names who is here again."""
    actor, now = actor_of(request), clock.now()
    may_change = may(actor, "duty.set_others")
    form = AwayForm(request.POST) if request.method == "POST" and "back" not in request.POST else AwayForm()
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            if request.POST.get("back", "").isdecimal():
                come_back(int(request.POST["back"][:18]), actor=actor)
                messages.success(request, _("On duty again."))
                return redirect("admin:absences")
            if form.is_valid():
                day = form.cleaned_data["until"]
                until = clock.end_of_shop_day(day) if day else None
                go_off_duty(form.cleaned_data["user"].pk, until=until, actor=actor)
                messages.success(request, _("Noted: no ticket is given to them by itself."))
                return redirect("admin:absences")
        except Refusal as refusal:
            form = form if form.is_bound else AwayForm({})
            form.add_error("until" if getattr(refusal, "field", "") == "until" else None, str(refusal))
    rows = (
        Absence.objects.filter(Q(until=None) | Q(until__gt=now)).select_related("user").order_by("until", "user__name")
    )
    frame = {**admin.site.each_context(request), "title": _("Absences")}
    context = {**frame, "rows": rows, "form": form, "may_change": may_change}
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "office/absences.html", context, status=status)
