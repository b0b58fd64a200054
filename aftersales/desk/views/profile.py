"""The page about oneself: who one is signed in as, when one is off duty, language, second factor, keys, sign out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from aftersales.accounts.actions import people
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import GRANTS
from tickets.actions.duty import come_back, go_off_duty, withdraw_absence
from tickets.forms import AbsenceForm
from tickets.models import Absence


class SignatureForm(forms.Form):
    """What stands below one's replies."""

    signature = forms.CharField(
        label=gettext_lazy("Signature"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown below your replies to customers. If empty, your team’s signature is used."),
    )  # fmt: skip


class OwnAbsenceForm(AbsenceForm):
    """The same, said to whoever is away."""

    until = DayField(
        label=gettext_lazy("Away through"), required=False,
        help_text=gettext_lazy("That day included. Left empty: until you say that you are back."),
    )  # fmt: skip


@door("desk.enter", *WRITE)
def signature(request: DeskRequest) -> HttpResponse:
    """Sign one's replies otherwise from now on."""
    form = SignatureForm(request.POST)
    if form.is_valid():
        people.set_signature(form.cleaned_data["signature"], actor=request.actor)
        messages.success(request, _("Your replies are signed so from now on."))
    else:
        messages.error(request, _("A signature has 200 characters at most."))
    return go(request, reverse("desk:profile"))


@door("desk.enter")
def profile(request: DeskRequest) -> HttpResponse:
    """Shows what the session knows; every change is made by the page of its own subject."""
    return _page(request, OwnAbsenceForm())


def _page(request: DeskRequest, away: OwnAbsenceForm) -> HttpResponse:
    now = clock.now()
    for name in [name for name in away.errors if name in away.fields][:1]:
        away.fields[name].widget.attrs["autofocus"] = True  # the page is long
    absences = list(Absence.objects.not_over(now).filter(user=request.actor.id or 0).order_by("since"))
    verbs = sorted(verb for verb, roles in GRANTS.items() if request.actor.role in roles)
    form = SignatureForm(initial={"signature": request.user.signature})  # type: ignore[union-attr]
    return show(
        request,
        "desk/profile.html",
        role=request.user.get_role_display(),  # type: ignore[union-attr]
        verbs=verbs,
        form=form,
        away=away,
        absence=next((each for each in absences if each.since <= now), None),
        ahead=[each for each in absences if each.since > now],
        now=now,
        status=422 if away.errors else 200,
    )


@door("duty.set", *READ, *WRITE)
def duty(request: DeskRequest) -> HttpResponse:
    """Off duty, now or from a day on, back, or what was planned taken back.

    `off=yes` says which, so that the same button pressed twice is one change. Read, it leads to the page that sends it:
    after a day that cannot be, the page stands at this address.
    """
    me, here = request.actor.id or 0, reverse("desk:profile")
    if request.method in READ:
        return redirect(here)
    if request.POST.get("off") == "yes":
        return _off(request, OwnAbsenceForm(request.POST), me)
    if "withdraw" in request.POST:
        planned = request.POST["withdraw"][:18]
        try:
            withdraw_absence(int(planned) if planned.isdecimal() else 0, actor=request.actor)
            messages.success(request, pgettext("absence", "Taken back."))
        except Conflict as refusal:
            messages.error(request, str(refusal))
    else:
        come_back(me, actor=request.actor)
        messages.success(request, _("You are on duty again."))
    return go(request, here)


def _off(request: DeskRequest, form: OwnAbsenceForm, me: int) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form)
    try:
        absence = go_off_duty(me, **form.instants(), actor=request.actor)
    except BadInput as refusal:
        form.say(refusal)
        return _page(request, form)
    if absence.since > clock.now():
        messages.success(request, _("Noted: no ticket is given to you by itself on those days."))
    else:
        messages.success(request, _("You are off duty: no ticket is given to you by itself."))
    return go(request, reverse("desk:profile"))
