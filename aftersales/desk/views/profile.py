"""The page about oneself: who one is signed in as, language, second factor, keys of the keyboard, sign out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.accounts.actions import people
from aftersales.desk.doors import WRITE, DeskRequest, door
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.policy import GRANTS
from tickets.actions.duty import come_back, go_off_duty
from tickets.models import Absence


class SignatureForm(forms.Form):
    """What stands below one's replies."""

    signature = forms.CharField(
        label=gettext_lazy("Signature"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown below your replies to customers. If empty, your team’s signature is used."),
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
    verbs = sorted(verb for verb, roles in GRANTS.items() if request.actor.role in roles)
    form = SignatureForm(initial={"signature": request.user.signature})  # type: ignore[union-attr]
    return show(
        request,
        "desk/profile.html",
        role=request.user.get_role_display(),  # type: ignore[union-attr]
        verbs=verbs,
        form=form,
        absence=Absence.objects.filter(user=request.actor.id or 0).exclude(until__lte=clock.now()).first(),
    )


@door("duty.set", *WRITE)
def duty(request: DeskRequest) -> HttpResponse:
    """Off duty, or back: `off=yes` says which, so that the same button pressed twice is one change."""
    if request.POST.get("off") == "yes":
        go_off_duty(request.actor.id or 0, actor=request.actor)
        messages.success(request, _("You are off duty: no ticket is given to you by itself."))
    else:
        come_back(request.actor.id or 0, actor=request.actor)
        messages.success(request, _("You are on duty again."))
    return go(request, reverse("desk:profile"))
