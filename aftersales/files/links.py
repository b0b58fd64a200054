"""Addresses of stored photos: signed, for one picture in one size, and worthless after an hour or two.

The signature alone opens nothing: `views` also asks who is looking. It keeps addresses from being guessed, walked or
used long after they were shown.
"""

from __future__ import annotations

import time
from hmac import compare_digest

from django.core.signing import Signer
from django.urls import reverse

FULL, THUMB = "full", "thumb"
_HOUR = 3600


def address(ref: str, size: str, key: str) -> str:
    """The path of one picture. Stays the same within the hour, so that a page drawn twice asks for it once.

    The process's own clock is good enough here: nothing is decided by it but how long a shown link lives.
    """
    expires = (int(time.time()) // _HOUR + 2) * _HOUR
    return reverse("files:open", args=[ref, f"{expires:x}-{_signature(ref, size, expires, key)}", size])


def is_good(ref: str, size: str, token: str, key: str) -> bool:
    """Whether the token was made by `address` for this picture in this size and is not too old."""
    stamp, _, signature = token.partition("-")
    try:
        expires = int(stamp, 16)
    except ValueError:
        return False
    return compare_digest(signature, _signature(ref, size, expires, key)) and time.time() < expires


def _signature(ref: str, size: str, expires: int, key: str) -> str:
    return Signer(key=key, salt="files.link").signature(f"{ref}/{size}/{expires}")
