"""Off duty and back: whoever is off gets no tickets by themselves. Called by the page about oneself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.kernel.policy import check, may
from aftersales.ledger.record import record
from tickets.models import Absence


def _somebody(user_id: int, actor: Actor) -> User:
    """Oneself, or anybody for a lead. Locked."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    check(actor, "duty.set")
    if user.pk != actor.id and not may(actor, "duty.set_others"):
        raise NotPermitted(verb="duty.set_others")
    return user


@transaction.atomic
def go_off_duty(user_id: int, *, actor: Actor, until: dt.datetime | None = None) -> Absence:
    """No tickets from now on, until `until` (UTC) or until they come back. Off already until then, nothing changes."""
    user = _somebody(user_id, actor)
    at = clock.now()
    if until is not None and until <= at:
        raise BadInput(_("That time has passed. Choose a later day."), field="until")
    known: Absence | None = Absence.objects.filter(user=user).first()
    if known is not None and known.until == until:
        return known
    goes_on = known is not None and (known.until is None or known.until > at)
    since = known.since if known is not None and goes_on else at
    absence, _new = Absence.objects.update_or_create(user=user, defaults={"until": until, "since": since})
    record("duty.ended", on=user, actor=actor, at=at, who=str(user))
    return absence


@transaction.atomic
def come_back(user_id: int, *, actor: Actor) -> None:
    """On duty again. Here already, nothing changes."""
    user = _somebody(user_id, actor)
    gone, _rows = Absence.objects.filter(user=user).delete()
    if gone:
        record("duty.begun", on=user, actor=actor, who=str(user))
