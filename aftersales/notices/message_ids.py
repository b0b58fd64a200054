"""The Message-ID of every mail of ours: it names the notice, and a keyed hash proves that we gave it.

An answer carries it back in In-Reply-To, and so finds its way without anybody's word being taken for it: who never got
the mail cannot make one up (reliability, section 1, row 14).
"""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings

_OURS = re.compile(r"^<n(\d{1,18})\.([0-9a-f]{32})@[^<>\s@]{1,190}>$")


def message_id_of(number: int) -> str:
    """The same for every try of notice `number`: `<n17.…@shop.example>`, at the domain that mail comes from."""
    return f"<n{number}.{_proof(number)}@{domain()}>"


def notice_of(message_id: str) -> int | None:
    """The number of the notice that this Message-ID was given to by us, else None. Case and blanks do not matter."""
    found = _OURS.match(message_id.strip().casefold())
    if found is None:
        return None
    number = int(found[1])
    return number if hmac.compare_digest(found[2], _proof(number)) else None


def domain() -> str:
    """The domain of the address that mail is sent from."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ").casefold() or "localhost"


def _proof(number: int) -> str:
    return hmac.new(settings.LINK_KEY.encode(), f"message-id:{number}".encode(), hashlib.sha256).hexdigest()[:32]
