"""How long a member of staff stays signed in: 30 minutes without a click, ten hours at most (design: limits, table 5.1)."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 10 * 60 * 60
_SINCE, _SEEN = "staff_since", "staff_seen"


class StaffSessionMiddleware:
    """Ends sessions of staff that are idle or old, before anybody acts in them. Customers' sessions are `proven`'s business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and _is_over(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while. Please sign in again."))
        return self.get_response(request)


def _is_over(request: HttpRequest) -> bool:
    now = int(time.time())
    since, seen = request.session.get(_SINCE, now), request.session.get(_SEEN, now)
    if now - seen >= IDLE_SECONDS or now - since >= ABSOLUTE_SECONDS:
        return True
    if request.headers.get("X-Background"):  # a page that looks by itself whether something is new is no click
        return False
    # Written at most once a minute: a read should not cost a write.
    if _SINCE not in request.session or now - seen > 60:
        request.session[_SINCE], request.session[_SEEN] = since, now
    return False
