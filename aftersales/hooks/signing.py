"""Whether a call is from whom it says, before anything of it is read. A source without a secret is refused, never let in.

Our own form is that of our outgoing webhooks (docs/notices.md): `X-Desk-Signature: t=<unix seconds>,v1=<hex>`, an
HMAC-SHA256 with the secret over `<t>.<raw body>`, at most five minutes old.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

LONGEST_BODY = 512 * 1024  # bytes
FRESH_SECONDS = 300


class NotSigned(Exception):
    """The signature is missing, wrong or too old, or no secret is set. The caller is told no more than that."""


def check_own(secret: str, header: str, body: bytes, *, now: dt.datetime) -> None:
    """Our own signature over the raw body, fresh at `now`. Raises `NotSigned`."""
    _must_be_set(secret)
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not (at.isascii() and at.isdigit() and len(at) < 12) or abs(now.timestamp() - int(at)) > FRESH_SECONDS:
        raise NotSigned
    expected = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    _must_match(expected, given)


def check_kuaidi100(salt: str, sign: str, param: str) -> None:
    """MD5 over `param` and the salt, in capitals, as kuaidi100 documents its push. Raises `NotSigned`."""
    _must_be_set(salt)
    _must_match(hashlib.md5((param + salt).encode(), usedforsecurity=False).hexdigest().upper(), sign.upper())


def check_kdniao(key: str, sign: str, data: str) -> None:
    """Base64 of the MD5 in hexadecimal over the data and the key, as kdniao documents its push. Raises `NotSigned`."""
    _must_be_set(key)
    digest = hashlib.md5((data + key).encode(), usedforsecurity=False).hexdigest()
    _must_match(base64.b64encode(digest.encode()).decode(), sign)


def _must_be_set(secret: str) -> None:
    if not secret:
        raise NotSigned


def _must_match(expected: str, given: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise NotSigned
