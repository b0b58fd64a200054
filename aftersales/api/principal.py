"""A name for the caller that no other caller has: what rate limits are counted by and idempotency keys belong to."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from aftersales.kernel.admin import actor_of


def principal_of(request: HttpRequest) -> str:
    """`api:3`, `staff:7`; a customer has no account, so their session stands for them; a stranger's address for a stranger."""
    actor = actor_of(request)
    if actor.id is not None:
        return str(actor)
    if actor.is_customer:
        return "session:" + hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:32]
    return f"address:{actor.source}"
