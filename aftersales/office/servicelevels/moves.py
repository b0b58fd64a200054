"""Open clocks of older versions: what the newest one would make of them, and the move that takes them over. Of a policy, and of a
calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.office.servicelevels.pages import found_policy, framed
from aftersales.office.worktime.calendars import find, seen_number
from tickets.actions.policy_moves.foreseeing import Version, foretell
from tickets.actions.policy_moves.moving import cancel_move, start_calendar_move, start_move
from tickets.models import PolicyMove, SlaPolicy, WorkCalendar

MOST_LISTED = 20


@dataclass(frozen=True)
class Of:
    """Whose versions a page is about: the names of its addresses, its moves, and what begins one."""

    name: str  # of the address of one
    listing: str  # of that of all, and what is said for it
    listed: str | Promise
    column: str  # of a move that leads to it
    start: Callable[..., PolicyMove]

    def addresses(self, key: str) -> dict[str, Any]:
        here = reverse(f"admin:{self.name}_move", args=[key])
        return {
            "here": here,
            "home": reverse(f"admin:{self.name}", args=[key]),
            "listing": reverse(f"admin:{self.listing}"),
            "listed": self.listed,
            "cancellation": f"admin:{self.name}_move_cancellation",
        }


POLICY = Of("policy", "policies", _("Policies"), "version__policy", start_move)
CALENDAR = Of("calendar", "calendars", _("Work calendars"), "calendar__calendar", start_calendar_move)


def move(request: HttpRequest, key: str) -> HttpResponse:
    """The preview for a policy, and after a look at it the move; while one runs, how far it has come."""
    found = found_policy(request, key)
    return _move(request, POLICY, found, found.current())


def cancellation(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Stop a move. Pressing twice changes nothing."""
    return _cancelled(request, POLICY, found_policy(request, key), pk)


def calendar_move(request: HttpRequest, key: str) -> HttpResponse:
    """The same for a calendar: the clocks of all policies that go by an older version of it."""
    found = find(request, key)
    return _move(request, CALENDAR, found, found.current())


def calendar_cancellation(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    return _cancelled(request, CALENDAR, find(request, key), pk)


def _move(request: HttpRequest, of: Of, owner: SlaPolicy | WorkCalendar, version: Version) -> HttpResponse:
    actor, may_move = actor_of(request), may(actor_of(request), "sla.change")
    if request.method == "POST":
        if not may_move:
            raise PermissionDenied
        try:
            of.start(owner.pk, actor=actor, seen=seen_number(request))
        except Refusal as no:
            messages.error(request, str(no))
        return redirect(f"admin:{of.name}_move", owner.key)
    moves = PolicyMove.objects.visible_to(actor).filter(**{of.column: owner})
    listed = list(moves.select_related("version", "calendar", "by")[:MOST_LISTED])
    running = next((each for each in listed if each.is_running), None)
    now = clock.now()
    told = None if running else foretell(version, actor=actor, at=now)
    return framed(
        request, "move.html", _("Move open clocks to the newest version"), owner=owner, version=version, told=told,
        running=running, moves=listed, may_move=may_move, now=now, to=of.addresses(owner.key),
    )  # fmt: skip


def _cancelled(request: HttpRequest, of: Of, owner: SlaPolicy | WorkCalendar, pk: int) -> HttpResponse:
    actor = actor_of(request)
    if not may(actor, "sla.change"):
        raise PermissionDenied
    if not PolicyMove.objects.visible_to(actor).filter(pk=pk, **{of.column: owner}).exists():
        raise Http404
    if request.method == "POST" and not cancel_move(pk, actor=actor).is_running:
        messages.success(request, _("The move does not run any more. Clocks that went over stay there."))
    return redirect(f"admin:{of.name}_move", owner.key)
