"""The product's addresses and those of the run: promise an action that falls due in so many milliseconds, and withdraw it; add
a photo to a request, and release a refund.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import timers
from aftersales.ledger.models import Event
from aftersales.ledger.once import once
from aftersales.ledger.record import record
from aftersales.ledger.subject import subject_of
from aftersales.urls import urlpatterns as shipped
from returns.actions.payment import release_refund
from returns.models import Return
from tests.world import attach, customer, staff


@csrf_exempt
def promise(request: HttpRequest, key: str, milliseconds: int) -> JsonResponse:
    def work() -> tuple[int, dict[str, Any]]:
        now = clock.now()
        team = Team.objects.create(name=key)
        timers.set_timer("chaos.T1", on=team, due_at=now + dt.timedelta(milliseconds=milliseconds), at=now)
        return 201, {"team": team.pk}

    status, body = once(principal="chaos", endpoint="promise", key=key, request=milliseconds, work=work)
    return JsonResponse(body, status=status)


@csrf_exempt
def withdraw(request: HttpRequest, key: str) -> JsonResponse:
    """Lock, ask whether it was decided, cancel its timer, say so: as an action does. Twice is once."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(name=key)
        about = Event.objects.filter(**subject_of(team))
        decided = about.filter(name="chaos.decided").exists()
        if not decided and not about.filter(name="chaos.withdrawn").exists():
            timers.cancel(on=team)
            record("chaos.withdrawn", on=team, actor=SYSTEM)
    return JsonResponse({"decided": decided})


@csrf_exempt
def photograph(request: HttpRequest, pk: int) -> JsonResponse:
    """One photo to a request, once."""
    photo = SimpleUploadedFile("photo.jpg", request.body, "image/jpeg")

    def work() -> tuple[int, dict[str, Any]]:
        ret = Return.objects.select_related("order").get(pk=pk)
        return 201, {"ref": attach(photo, on=ret, actor=customer(ret.order)).ref}

    status, body = once(principal="chaos", endpoint="photo", key=str(pk), request=pk, work=work)
    return JsonResponse(body, status=status)


@csrf_exempt
def release(request: HttpRequest, pk: int, who: int) -> JsonResponse:
    """Press the button that lets the money go; several do at once, and again until they are heard."""
    return JsonResponse({"status": release_refund(pk, actor=staff(name=f"agent-{who}")).status})


urlpatterns = [
    *shipped,
    path("chaos/<str:key>/<int:milliseconds>/", promise),
    path("chaos/<str:key>/withdrawal/", withdraw),
    path("chaos/<int:pk>/photo/", photograph),
    path("chaos/<int:pk>/refund/<int:who>/", release),
]
