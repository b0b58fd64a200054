"""Open clocks of older versions: what the newest one would make of them, and the move that takes them over."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.office.servicelevels.pages import found_policy, framed
from aftersales.office.worktime.calendars import seen_number
from tickets.actions.policy_moves.foreseeing import foretell
from tickets.actions.policy_moves.moving import cancel_move, start_move
from tickets.models import PolicyMove

MOST_LISTED = 20


def move(request: HttpRequest, key: str) -> HttpResponse:
    """The preview, and after a look at it the move; while one runs, how far it has come."""
    actor, policy = actor_of(request), found_policy(request, key)
    may_move = may(actor, "sla.change")
    if request.method == "POST":
        if not may_move:
            raise PermissionDenied
        try:
            start_move(policy.pk, actor=actor, seen=seen_number(request))
        except Refusal as no:
            messages.error(request, str(no))
        return redirect("admin:policy_move", key)
    moves = PolicyMove.objects.visible_to(actor).filter(version__policy=policy).select_related("version", "by")
    listed = list(moves[:MOST_LISTED])
    running = next((each for each in listed if each.is_running), None)
    version, now = policy.current(), clock.now()
    told = None if running else foretell(version, actor=actor, at=now)
    title = _("Move open clocks to version %(number)s") % {"number": version.number}
    return framed(
        request, "move.html", title, policy=policy, version=version, told=told, running=running, moves=listed,
        may_move=may_move, now=now,
    )  # fmt: skip


def cancellation(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Stop a move. Pressing twice changes nothing."""
    actor, policy = actor_of(request), found_policy(request, key)
    if not may(actor, "sla.change"):
        raise PermissionDenied
    known = PolicyMove.objects.visible_to(actor).filter(pk=pk, version__policy=policy)
    if not known.exists():
        raise Http404
    if request.method == "POST" and not cancel_move(pk, actor=actor).is_running:
        messages.success(request, _("The move does not run any more. Clocks that went over stay there."))
    return redirect("admin:policy_move", key)
