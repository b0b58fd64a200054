"""Bring a secret that is kept nowhere from the form that made it to the page that shows it, once. Called by the office.

A redirect stands between the two, so that reloading the page makes nothing. For those seconds the secret lies sealed in a row.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Model

from aftersales.accounts import sealing
from aftersales.accounts.models import Handover, User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.subject import subject_of

WAITS = dt.timedelta(minutes=10)
_PURPOSE = "desk secret shown once"


@transaction.atomic
def hand_over(secret: str, *, on: Model, to: User) -> None:
    """Let `take_secret` show this once to the person who made it, within ten minutes. In the caller's transaction."""
    now = clock.now()
    Handover.objects.create(**subject_of(on), sealed=sealing.seal(secret, purpose=_PURPOSE), to=to, made_at=now)


@transaction.atomic
def take_secret(on: Model, *, actor: Actor) -> str | None:
    """The secret, the first time its maker asks within ten minutes; None ever after, and for everybody else.

    Deleting the row is the lock: of two who ask at the same moment one deletes it and sees the secret.
    """
    check(actor, "key.manage")
    waiting = Handover.objects.filter(**subject_of(on), to=actor.id, made_at__gt=clock.now() - WAITS)
    found = waiting.first() if actor.kind == "staff" else None
    if found is None:
        return None
    taken, _models = Handover.objects.filter(pk=found.pk).delete()
    return sealing.unseal(found.sealed, purpose=_PURPOSE) if taken else None


@transaction.atomic
def forget_untaken(now: dt.datetime) -> int:
    """Throw away what nobody came for in time; returns how many."""
    return Handover.objects.filter(made_at__lte=now - WAITS).delete()[0]
