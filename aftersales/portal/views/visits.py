"""The customer's own answer to a visit, behind the link of our message: no sign-in, one page, once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aftersales.kernel import clock
from aftersales.portal.doors import Visit as Visitor
from aftersales.portal.doors import for_everybody
from aftersales.portal.forms.trying import attempt, status_of, typed
from aftersales.portal.forms.visit import VisitForm
from tickets.actions.visits.answering import LinkEnded, answer, visit_behind


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def visit(request: Visitor, token: str) -> HttpResponse:
    """Looking changes nothing, so that programs which preview messages use no link up. The second half of a double press
    reads the thanks of the first."""
    try:
        found = visit_behind(token, at=clock.now())
        form = VisitForm(typed(request), visit=found)
        if request.method == "POST":
            sent = attempt(form, lambda: answer(token, form.said(), wants_none=form.cleaned_data["wants_none"]))
            if sent is not None:
                return redirect(request.path)
    except LinkEnded as ended:
        status = 200 if ended.answered else ended.status
        return render(request, "portal/visit_ended.html", {"answered": ended.answered}, status=status)
    line = found.order.lines.order_by("pk").first() if found.order is not None else None
    return render(request, "portal/visit.html", {"visit": found, "line": line, "form": form}, status=status_of(form))
