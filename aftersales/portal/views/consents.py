"""The page behind the link of a message: one press and nothing more comes, without an account and without a proof."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aftersales.kernel.errors import NotFound
from aftersales.portal.doors import Visit
from customers.actions.consents_by_link import (
    AgreeingByStaff,
    LinkTooLate,
    give_by_link,
    may_give_again,
    standing_of,
    withdraw_by_link,
)


# The mail program that presses for its reader has no cookie of ours; nobody can make the link who was not sent it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: Visit, token: str) -> HttpResponse:
    """Looking shows the button, pressing it ends the consent: programs that preview messages open every link."""
    try:
        if request.method == "POST":
            return _change(request, token)
        _person, purpose, standing = standing_of(token)
    except NotFound:
        return render(request, "portal/missing.html", {"start": "/"}, status=404)
    others = [each for each in standing if each != purpose]
    context = {
        "purpose": purpose.label,
        "stands": purpose in standing,
        "again": may_give_again(token, actor=request.actor),
        "others": [each.label for each in others],
    }
    return render(request, "portal/consents.html", context)


def _change(request: Visit, token: str) -> HttpResponse:
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if request.POST.get("again"):
        try:
            give_by_link(token, actor=request.actor)
        except (LinkTooLate, AgreeingByStaff) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You will hear from us again."))
    else:
        everything = bool(request.POST.get("everything"))
        withdraw_by_link(token, everything=everything, one_click=one_click, actor=request.actor)
        if one_click:
            return HttpResponse(status=200)
        messages.success(request, _("Done. Nothing more of this will be sent to you."))
    return redirect(request.path)
