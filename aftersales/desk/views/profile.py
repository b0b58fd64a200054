"""The page about oneself: who one is signed in as, language, second factor, keys of the keyboard, sign out."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from aftersales.kernel.policy import GRANTS


@door("desk.enter")
def profile(request: DeskRequest) -> HttpResponse:
    """Shows what the session knows; every change is made by the page of its own subject."""
    verbs = sorted(verb for verb, roles in GRANTS.items() if request.actor.role in roles)
    return show(request, "desk/profile.html", role=request.user.get_role_display(), verbs=verbs)  # type: ignore[union-attr]
