"""Django's sessions in the database, found by a statement that is prepared: every page asks for its own."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from aftersales.kernel.prepared import prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        if found := _standing(key=str(self.session_key), now=timezone.now()):
            return found[0]
        self._session_key = None
        return None


@prepared
def _standing(*, key: str, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
