"""What carriers and tracking services push to us. Each answers in the words its sender understands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aftersales.hooks.signing import LONGEST_BODY, NotSigned, check_kdniao, check_kuaidi100, check_own
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from customers.actions.tracking import report, report_all
from customers.carriers import BadReport
from customers.carriers.told import LONGEST_NUMBER
from customers.models import TrackingReport

MOST_PARCELS = 100  # of one call


@csrf_exempt
@require_POST
def generic(request: HttpRequest) -> HttpResponse:
    """`{"parcels": [{"carrier", "number", "scans"}]}` or one parcel alone, with our own signature (docs/tracking.md)."""
    body = _body(request)
    if body is None:
        return _told(413, "The report is larger than half a megabyte. Send it in parts.")
    try:
        check_own(
            settings.TRACKING_SECRETS["generic"], request.headers.get("X-Desk-Signature", ""), body, now=clock.now()
        )
        read = _json(body.decode("utf-8"))
        parcels = read.get("parcels", [read])
        if (
            not isinstance(parcels, list)
            or len(parcels) > MOST_PARCELS
            or not all(isinstance(p, dict) for p in parcels)
        ):
            raise BadReport(f"parcels must be a list of at most {MOST_PARCELS} reports.")
        kept = _taken("generic", parcels)
    except NotSigned:
        return _told(403, "The signature is missing, wrong or too old.")
    except (BadReport, UnicodeDecodeError) as error:
        return _told(422, str(error) if isinstance(error, BadReport) else "The report is not UTF-8.")
    return JsonResponse({"received": [_as_json(each, told) for each, told in zip(kept, parcels, strict=True)]})


@csrf_exempt
@require_POST
def kuaidi100(request: HttpRequest) -> HttpResponse:
    """A push of kuaidi100: a form with `sign` and `param`. Anything but its own yes makes it push again."""
    if _body(request) is None:
        return _answer_kuaidi100("500", "too large", 413)
    param = request.POST.get("param", "")
    try:
        check_kuaidi100(settings.TRACKING_SECRETS["kuaidi100"], request.POST.get("sign", ""), param)
        report("kuaidi100", _json(param), actor=SYSTEM)
    except NotSigned:
        return _answer_kuaidi100("500", "signature", 403)
    except BadReport as error:
        return _answer_kuaidi100("500", str(error), 422)
    return _answer_kuaidi100("200", "成功", 200)


@csrf_exempt
@require_POST
def kdniao(request: HttpRequest) -> HttpResponse:
    """A push of kdniao: a form with `RequestData`, its `DataSign`, and several parcels in one call."""
    if _body(request) is None:
        return _answer_kdniao(False, "too large", 413)
    data = request.POST.get("RequestData", "")
    try:
        check_kdniao(settings.TRACKING_SECRETS["kdniao"], request.POST.get("DataSign", ""), data)
        parcels = _json(data).get("Data")
        if (
            not isinstance(parcels, list)
            or len(parcels) > MOST_PARCELS
            or not all(isinstance(p, dict) for p in parcels)
        ):
            raise BadReport(f"Data must be a list of at most {MOST_PARCELS} parcels.")
        unread = [each for each in _taken("kdniao", parcels) if isinstance(each, BadReport)]
    except NotSigned:
        return _answer_kdniao(False, "signature", 403)
    except BadReport as error:
        return _answer_kdniao(False, str(error), 422)
    return _answer_kdniao(True, f"{len(unread)} of {len(parcels)} not read: {unread[0]}" if unread else "", 200)


def _body(request: HttpRequest) -> bytes | None:
    """The raw body, or None where it is too long to be a report."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LONGEST_BODY:
        return None
    return request.body


def _taken(source: str, parcels: list[dict[str, Any]]) -> list[TrackingReport | BadReport]:
    """What became of each parcel. A call of which nothing can be read is refused; one bad parcel holds up no other."""
    kept = report_all(source, parcels, actor=SYSTEM)
    if kept and all(isinstance(each, BadReport) for each in kept):
        raise next(each for each in kept if isinstance(each, BadReport))
    return kept


def _as_json(kept: TrackingReport | BadReport, told: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(kept, BadReport):
        number = str(told.get("number") or "")[:LONGEST_NUMBER].encode(errors="replace").decode()
        return {"number": number, "state": "unreadable", "why": str(kept)}
    return {"number": kept.number, "state": kept.state, "why": kept.why}


def _json(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise BadReport("The report is not JSON.") from None
    if not isinstance(read, dict):
        raise BadReport("The report must be a JSON object.")
    return read


def _told(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


def _answer_kuaidi100(code: str, message: str, status: int) -> HttpResponse:
    return JsonResponse({"result": code == "200", "returnCode": code, "message": message}, status=status)


def _answer_kdniao(success: bool, reason: str, status: int) -> HttpResponse:
    return JsonResponse(
        {"Success": success, "Reason": reason, "UpdateTime": f"{clock.now():%Y-%m-%d %H:%M:%S}"}, status=status
    )
