"""The door for chat tools: `POST /hooks/chat/<source>/`, signed, once per message. Documented in docs/mail.md."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aftersales.hooks.rate import wait_for_turn
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from tickets.actions.chat.receiving import Said, keep_chat
from tickets.mail.charset import plain
from tickets.mail.letter import Part
from tickets.models import ChatSource

WINDOW = 300  # seconds a signature is good for, either way
LONGEST = 20_000  # characters of one message
IN_MEMORY = 256 * 1024  # bytes of a call that nobody has proven yet; the rest lies on the disk
EARLIEST_YEAR = 2000  # nobody wrote in a chat tool before; the year 1 has no time in every zone
MOST_FILES = 50  # that are looked at; of them six are taken
_SIGNATURE = re.compile(r"^t=(\d{9,11}),v1=([0-9a-f]{64})$")


class _Bad(Exception):
    """The body is not what is documented; the text says how."""


@csrf_exempt  # no cookie counts here: the signature is the proof
@require_POST
def chat(request: HttpRequest, key: str) -> JsonResponse:
    """202 and the number of the arrival; 200 for an id that is here already; 401, 413, 429 or 400 else.

    Nothing is read of a call that does not even look signed for a source of ours. Only signed calls count against the
    account's minute, so nobody else can use it up.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > settings.CHAT_MOST_BYTES:
        return JsonResponse({"code": "too_large", "most_bytes": settings.CHAT_MOST_BYTES}, status=413)
    source = ChatSource.objects.filter(key=key, ended_at=None).first()
    secret = source.secret if source else ""
    stamp, given = _signature(request)
    if source is None or not secret or not stamp:
        return JsonResponse({"code": "signature"}, status=401)
    body = _proven(request, length, secret, stamp, given)
    if body is None:
        return JsonResponse({"code": "signature"}, status=401)
    if wait := wait_for_turn(f"chat:{source.key}"):
        return JsonResponse({"code": "throttled", "wait": wait}, status=429, headers={"Retry-After": str(wait)})
    try:
        said = _said(body)
    except _Bad as fault:
        return JsonResponse({"code": "bad_body", "detail": str(fault)}, status=400)
    arrival = keep_chat(source, said, actor=SYSTEM)
    if arrival is None:
        return JsonResponse({"duplicate": True})
    return JsonResponse({"ref": arrival.ref}, status=202)


def _signature(request: HttpRequest) -> tuple[str, str]:
    """The stamp and the signature that were given; nothing where they are none, or not of these minutes."""
    found = _SIGNATURE.match(request.headers.get("X-Desk-Signature", ""))
    if found is None or abs(clock.now().timestamp() - int(found[1])) > WINDOW:
        return "", ""
    return found[1], found[2]


def _proven(request: HttpRequest, length: int, secret: str, stamp: str, given: str) -> bytes | None:
    """The body where its signature is right. Until that is known it fills no memory: the key stands in an address.

    Read here and not from `request.body`, whose limit is that of forms. Under DATA_DIR, because /tmp may be memory.
    """
    proof = hmac.new(secret.encode(), f"{stamp}.".encode(), hashlib.sha256)
    with SpooledTemporaryFile(IN_MEMORY, dir=str(settings.DATA_DIR)) as held:
        while length > 0 and (piece := request.read(min(length, IN_MEMORY))):
            length -= len(piece)
            proof.update(piece)
            held.write(piece)
        if not hmac.compare_digest(proof.hexdigest(), given):
            return None
        held.seek(0)
        return held.read()


def _said(body: bytes) -> Said:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise _Bad("The body is not JSON.") from None
    if not isinstance(given, dict):
        raise _Bad("The body is not a JSON object.")
    at = _time(_text(given, "at", 40, required=False))
    files = _files(given.get("files", []))
    return Said(
        id=_text(given, "id", 120),
        buyer=_text(given, "buyer", 120),
        text=_text(given, "text", LONGEST, required=not files),
        at=at,
        buyer_name=_text(given, "buyer_name", 80, required=False),
        order_number=_text(given, "order_number", 64, required=False),
        files=files,
    )


def _time(text: str) -> dt.datetime:
    """In UTC and never ahead of our clock; now where none is given."""
    now = clock.now()
    try:
        at = parse_datetime(text) if text else now
    except ValueError:  # the form of a time, and none: the thirteenth month
        at = None
    if at is None or timezone.is_naive(at) or at.year < EARLIEST_YEAR:
        raise _Bad("at: write the time with its zone, such as 2026-11-28T09:30:00+08:00.")
    return now if at > now else at.astimezone(dt.UTC)


def _files(given: object) -> tuple[Part, ...]:
    """What each is, is judged later: here only whether it can be read."""
    if not isinstance(given, list) or len(given) > MOST_FILES or not all(isinstance(each, dict) for each in given):
        raise _Bad(f"files: a list of at most {MOST_FILES} objects with name and content.")
    return tuple(Part(_text(each, "name", 200), "", _bytes(each.get("content"))) for each in given)


def _bytes(content: object) -> bytes:
    try:
        return base64.b64decode(content if isinstance(content, str) else "", validate=True)
    except ValueError:
        raise _Bad("files: content is the file in base64.") from None


def _text(given: dict[str, Any], name: str, longest: int, *, required: bool = True) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise _Bad(f"{name}: a text of {longest} characters at most.")
    text = plain(value.encode("utf-8", "ignore").decode()).strip()
    if required and not text:
        raise _Bad(f"{name}: is missing.")
    return text
