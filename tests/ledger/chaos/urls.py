"""The product's addresses and one of the run: promise an action that falls due in so many milliseconds, once per key."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger import timers
from aftersales.ledger.once import once
from aftersales.urls import urlpatterns as shipped


@csrf_exempt
def promise(request: HttpRequest, key: str, milliseconds: int) -> JsonResponse:
    def work() -> tuple[int, dict[str, Any]]:
        now = clock.now()
        team = Team.objects.create(name=key)
        timers.set_timer("chaos.T1", on=team, due_at=now + dt.timedelta(milliseconds=milliseconds), at=now)
        return 201, {"team": team.pk}

    status, body = once(principal="chaos", endpoint="promise", key=key, request=milliseconds, work=work)
    return JsonResponse(body, status=status)


urlpatterns = [*shipped, path("chaos/<str:key>/<int:milliseconds>/", promise)]
