"""Which buyer of a file is which person: by the platform's number, else by contact, else only by the order. For sources."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def buyer_key(
    *, number: str = "", nick: str = "", phone: str | None = None, email: str | None = None, order: str
) -> str:
    """What makes two orders one person's within a source (at most 64 characters).

    A contact stands as a keyed hash, so that forgetting a person's contact points forgets the contact. Platform
    exports that mask everything leave the order itself: every such order is its own person until staff know better.
    """
    if number:
        return f"id:{number}"[:64]
    if nick and "*" not in nick:
        return f"nick:{nick}"[:64]
    contact = phone or email
    if contact:
        keyed = hmac.new(settings.LOOKUP_KEY.encode(), f"buyer:{contact}".encode(), hashlib.sha256)
        return f"contact:{keyed.hexdigest()[:48]}"
    return f"order:{order}"[:64]
