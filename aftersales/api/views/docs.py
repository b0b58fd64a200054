"""The reference of this API for people: Swagger UI over our own schema, from files of ours, under the policy of every page."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.kernel.admin import actor_of
from aftersales.kernel.policy import may


@require_safe
@csp_update({"img-src": ["data:"]})  # the arrows in Swagger UI's own sheet; nothing else is loosened
def docs(request: HttpRequest) -> HttpResponse:
    """For staff who are signed in. It only shows: nothing can be sent from it, so nobody changes a return by trying."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may(actor_of(request), "desk.enter"):
        raise PermissionDenied
    return render(request, "api/docs.html")
