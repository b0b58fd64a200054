"""For a minute after a proof: what the browser's old session key still knows. Called by `proven.remember`."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from aftersales.ledger.fingerprint import fingerprint

JUST = "just_proven"
LASTS = dt.timedelta(seconds=60)


def leave_afterglow(old_key: str, session: SessionBase, *, order_id: int, typed: str) -> None:
    """Put a row under the old key that names the order and the hash of the secret that opened it, and nothing else.

    It also keeps a late answer to the old key from deleting the new cookie, as Django does where a session is gone.
    """
    just = {JUST: {"order": order_id, "by": fingerprint(typed)}}
    Session.objects.create(session_key=old_key, session_data=session.encode(just), expire_date=timezone.now() + LASTS)
