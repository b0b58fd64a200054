"""Who makes a visit. Called by the desk, and when somebody leaves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check, may
from aftersales.ledger.record import record
from tickets.actions.visits.due import least_busy
from tickets.actions.visits.guards import lock, must_be_open
from tickets.models import Visit


class CannotVisit(Conflict):
    code = "cannot_visit"
    sentence = _("%(name)s may not make this visit. Choose somebody who sees it and talks to customers.")


@transaction.atomic
def give_visit(visit_id: int, *, user_id: int, actor: Actor) -> Visit:
    """Give a visit to a member of staff. The same person again changes nothing. Raises `CannotVisit`, `VisitEnded`."""
    visit = lock(visit_id, actor)
    check(actor, "visit.plan")
    if visit.assignee_id == user_id:
        return visit
    must_be_open(visit)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    they = user.as_actor()
    if not may(they, "visit.record") or not Visit.objects.visible_to(they).filter(pk=visit.pk).exists():
        raise CannotVisit(name=str(user))
    visit.assignee = user
    visit.save(update_fields=["assignee"])
    record("visit.assigned", on=visit, actor=actor, to=str(user))
    return visit


def give_up_visits(user_id: int, *, at: dt.datetime) -> None:
    """Those that are due go to whoever has the fewest; the others are given out at their time. In the caller's transaction."""
    for visit in Visit.objects.to_make().filter(assignee=user_id).select_for_update().order_by("pk"):
        visit.assignee_id = least_busy(visit, at) if visit.due_at <= at else None
        visit.save(update_fields=["assignee"])
        record("visit.assigned", on=visit, actor=SYSTEM, at=at, to=str(visit.assignee or "–"))
