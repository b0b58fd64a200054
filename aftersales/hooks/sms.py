"""The door for answers by SMS: `POST /hooks/sms/<carrier>/<secret>/`. Documented in docs/notices.md.

Carriers sign nothing, so the secret stands in the address: without the right one there is no door. Each answers in the words
its sender understands, and anything else makes the carrier push again. As documented by

- Alibaba Cloud, SmsUp: help.aliyun.com/zh/sms/developer-reference/smsup-http (an array; any status but 200 is pushed again)
- Tencent Cloud, SMS reply: cloud.tencent.com/document/product/382/5809 (one object, without a number of its own)
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aftersales.hooks.signing import LONGEST_BODY
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from customers.actions.contacts import canonical_phone
from tickets.actions.sms.receiving import Reply, take_reply
from tickets.mail.charset import plain

MOST = 500  # answers of one call
LONGEST = 20_000  # characters of one; a phone sends a few hundred
LONGEST_ID = 80
EARLIEST_YEAR = 2000
_CHINA = dt.timezone(dt.timedelta(hours=8))  # in which Alibaba Cloud writes its times


class _Bad(Exception):
    """The body is not what is documented; the text says how."""


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one carrier names things, and what it wants to hear. `read` gives number, phone, words and time of one answer."""

    read: Callable[[dict[str, Any]], tuple[str, str, str, dt.datetime | None]]
    taken: Callable[[list[dict[str, Any]]], dict[str, Any]]
    refused: Callable[[str], dict[str, Any]]


@csrf_exempt  # no cookie counts here: the secret is the proof
@require_POST
def reply(request: HttpRequest, carrier: str, secret: str) -> JsonResponse:
    """200 when everything is kept, also what was here already; 404 without the right secret, 413 or 400 else.

    One answer that tells no number is kept like any other: nothing that a customer wrote is sent back.
    """
    dialect, own = _DIALECTS.get(carrier), settings.SMS_REPLY_SECRETS.get(carrier, "")
    if dialect is None or not own or not hmac.compare_digest(own.encode(), secret.encode()):
        raise Http404
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LONGEST_BODY:
        return JsonResponse(dialect.refused("too large"), status=413)
    try:
        answers = [_reply(carrier, dialect, each) for each in _each(request.body)]
    except _Bad as fault:
        return JsonResponse(dialect.refused(str(fault)), status=400)
    told = []
    for answer in answers:
        arrival = take_reply(answer, actor=SYSTEM)
        told.append({"id": answer.id.partition(":")[2], **({"ref": arrival.ref} if arrival else {"duplicate": True})})
    return JsonResponse(dialect.taken(told))


def _each(body: bytes) -> list[dict[str, Any]]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise _Bad("The body is not JSON.") from None
    answers = read if isinstance(read, list) else [read]
    if not 0 < len(answers) <= MOST or not all(isinstance(each, dict) for each in answers):
        raise _Bad(f"The body is an answer or a list of 1 to {MOST} answers.")
    return answers


def _reply(carrier: str, dialect: _Dialect, given: dict[str, Any]) -> Reply:
    number, phone, words, at = dialect.read(given)
    number = _plain(number)
    now = clock.now()
    if at is None or at.year < EARLIEST_YEAR or at > now:
        at = now
    return Reply(
        id=f"{carrier}:{number if 0 < len(number) <= LONGEST_ID else _digest(given)}",
        sender=canonical_phone(phone) or "",
        text=_plain(words)[:LONGEST],
        at=at.astimezone(dt.UTC),
    )


def _digest(given: dict[str, Any]) -> str:
    """Stands for a number where a carrier gives none: the same answer, pushed again, is the same."""
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _plain(text: str) -> str:
    return plain(text.encode("utf-8", "ignore").decode()).strip()


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _aliyun(given: dict[str, Any]) -> tuple[str, str, str, dt.datetime | None]:
    phone = _text(given, "phone_number")
    return _text(given, "sequence_id"), phone, _text(given, "content"), _time(_text(given, "send_time"))


def _tencent(given: dict[str, Any]) -> tuple[str, str, str, dt.datetime | None]:
    phone, nation = _text(given, "mobile"), _text(given, "nationcode").lstrip("+")
    whole = f"+{nation}{phone}" if nation and not phone.startswith("+") else phone
    return "", whole, _text(given, "text"), _instant(given.get("time"))


def _generic(given: dict[str, Any]) -> tuple[str, str, str, dt.datetime | None]:
    return _text(given, "id"), _text(given, "phone"), _text(given, "text"), _time(_text(given, "at"))


def _time(text: str) -> dt.datetime | None:
    """A time as text; without a zone it is China's. None for what is no time."""
    try:
        at = parse_datetime(text)
    except ValueError:  # the form of a time, and none: the thirteenth month
        return None
    return timezone.make_aware(at, _CHINA) if at is not None and timezone.is_naive(at) else at


def _instant(seconds: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


_DIALECTS = {
    "aliyun": _Dialect(_aliyun, lambda _told: {"code": 0, "msg": "成功"}, lambda why: {"code": 1, "msg": why}),
    "tencent": _Dialect(
        _tencent, lambda _told: {"result": 0, "errmsg": "OK"}, lambda why: {"result": 1, "errmsg": why}
    ),
    "generic": _Dialect(_generic, lambda told: {"received": told}, lambda why: {"code": "bad_body", "detail": why}),
}
