"""What people do with a version of the rules in the office: each button is one action, a refusal is said on its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal
from aftersales.office import ruleversions
from returns.actions import rulebook
from returns.actions.rulebook.refusals import NotAnInstant
from returns.models import RuleVersion
from returns.rules.pack import load_pack, shipped


def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a draft from a version, or from the shipped pack; then to its page."""
    if request.method != "POST":
        return redirect("admin:rule_versions", name)
    actor, base = actor_of(request), request.POST.get("base", "")
    try:
        if "shipped" in request.POST and name in shipped():
            pack = load_pack(name)
            draft = rulebook.start_draft(
                name, actor=actor, note=str(_("The shipped pack has changed.")), files=dict(pack.files),
                shipped_sha256=pack.sha256,
            )  # fmt: skip
        else:
            draft = rulebook.start_draft(
                name, actor=actor, base=int(base) if base.isdecimal() else None, note=request.POST.get("note", "")
            )
    except NotFound:
        raise Http404 from None
    except NotPermitted:
        raise PermissionDenied from None
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:rule_versions", name)
    messages.success(request, _("Draft %(version)s begun.") % {"version": draft})
    return redirect("admin:rule_version", draft.pk)


def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """One deed on one version. A refusal shows the page again with what to do."""
    if deed not in DEEDS:
        raise Http404
    if request.method != "POST":
        return redirect("admin:rule_version", pk)
    try:
        DEEDS[deed](request, pk, actor_of(request))
    except NotFound:
        raise Http404 from None
    except NotPermitted:
        raise PermissionDenied from None
    except Refusal as refusal:
        return ruleversions.version(request, pk, refusal)
    messages.success(request, _("Done."))
    return redirect("admin:rule_version", pk)


def _publish(request: HttpRequest, pk: int, actor: Actor) -> RuleVersion:
    """`seen` comes from the list of verdicts that a version reaching back concerns: without it, or with another number
    by now, the refusal brings the list."""
    seen = request.POST.get("seen", "")
    return rulebook.publish(
        pk, _instant(request), actor=actor, retroactive="retroactive" in request.POST,
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )  # fmt: skip


def _instant(request: HttpRequest) -> dt.datetime | None:
    """The minute that was typed, in the shop's zone; None for "at once"."""
    if request.POST.get("when") != "later":
        return None
    try:
        typed = parse_datetime(request.POST.get("effective_from", ""))
    except ValueError:
        typed = None
    if typed is None:
        raise NotAnInstant(field="effective_from")
    return typed if typed.tzinfo else typed.replace(tzinfo=shop_zone())


def _comment(request: HttpRequest) -> dict[str, Any]:
    return {"sha256": request.POST.get("sha256", ""), "comment": request.POST.get("comment", "")}


DEEDS: dict[str, Callable[[HttpRequest, int, Actor], RuleVersion]] = {
    "submit": lambda _request, pk, actor: rulebook.submit(pk, actor=actor),
    "approve": lambda request, pk, actor: rulebook.approve(pk, actor=actor, **_comment(request)),
    "send-back": lambda request, pk, actor: rulebook.send_back(pk, actor=actor, **_comment(request)),
    "take-back": lambda _request, pk, actor: rulebook.take_back(pk, actor=actor),
    "discard": lambda _request, pk, actor: rulebook.discard_draft(pk, actor=actor),
    "withdraw": lambda _request, pk, actor: rulebook.withdraw(pk, actor=actor),
    "publish": _publish,
    "retire": lambda _request, pk, actor: rulebook.retire(pk, actor=actor),
}
