"""A policy of service levels in words, with its versions and what a change would mean before it is saved."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.office.servicelevels.forms import PolicyForm
from aftersales.office.servicelevels.words import lines
from aftersales.office.worktime.calendars import seen_number
from customers.models import Tier
from tickets.actions.policy_moves.foreseeing import movable
from tickets.actions.sla_policies import save_policy, tried
from tickets.models import Clock, PolicyVersion, SlaPolicy, Ticket, WorkCalendar
from tickets.models.sla_settings import BadPolicy, Settings

OPEN_STATES = ("running", "paused")


def policy(request: HttpRequest, key: str) -> HttpResponse:
    """What holds, in words, and to type; "try" says what would change, "save" writes the next version."""
    actor, found = actor_of(request), found_policy(request, key)
    calendars = {each.key: str(each) for each in WorkCalendar.objects.all()}
    tiers = {each.key: str(each) for each in Tier.objects.all()}
    current, may_change = found.current(), may(actor, "sla.change")
    form = PolicyForm(request.POST or None, settings=current.settings, calendars=calendars, tiers=tiers)
    changes = None
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            try:
                if "try" in request.POST:
                    changes = differences(current, tried(form.typed()), calendars, tiers)
                else:
                    saved = save_policy(
                        found.pk, form.typed(), actor=actor, seen=seen_number(request), note=form.cleaned_data["note"]
                    )
                    which = {"number": saved.number, "name": found}
                    messages.success(request, _("Version %(number)s of “%(name)s” is saved.") % which)
                    return redirect("admin:policy", key)
            except BadPolicy as no:
                form.refused(no)
            except Refusal as no:
                form.add_error(None, str(no))
    shown, wrong = _asked(request, found) or current, form.wrong() if form.is_bound else []
    return framed(
        request, "policy.html", str(found), status=200 if not form.is_bound or changes else 400,
        policy=found, version=current, shown=shown, lines=lines(shown.read(), calendars, tiers), form=form, changes=changes,
        wrong=wrong, cells=sum(bool(each.target) for each in wrong),
        may_change=may_change, older=movable(current, Clock.objects.visible_to(actor), clock.now()).count(),
        versions=found.versions.select_related("created_by").defer("settings")[:50],
    )  # fmt: skip


def found_policy(request: HttpRequest, key: str) -> SlaPolicy:
    """The policy of the address, or a page that does not exist."""
    found: SlaPolicy | None = SlaPolicy.objects.visible_to(actor_of(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def differences(
    before: PolicyVersion, after: Settings, calendars: dict[str, str], tiers: dict[str, str]
) -> dict[str, Any]:
    """The lines that would go and come, and how many open tickets have clocks that keep what they began with."""
    old, new = lines(before.read(), calendars, tiers), lines(after, calendars, tiers)
    keeping = Ticket.objects.filter(clocks__policy_version__policy=before.policy_id, clocks__state__in=OPEN_STATES)
    return {
        "gone": [line for line in old if line not in new],
        "come": [line for line in new if line not in old],
        "reordered": sorted(old) == sorted(new) and old != new,
        "keeping": keeping.distinct().count(),
    }


def _asked(request: HttpRequest, policy: SlaPolicy) -> PolicyVersion | None:
    """The version that the address asks for, if there is such a one."""
    number = request.GET.get("version", "")
    known = number.isdecimal() and len(number) < 9
    found: PolicyVersion | None = policy.versions.filter(number=int(number)).first() if known else None
    return found


def framed(
    request: HttpRequest, template: str, title: str | Promise, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of service levels in the frame of the office."""
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/servicelevels/{template}", {**frame, **context}, status=status)
