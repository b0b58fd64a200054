"""Letters on paper: somebody prints those that are due and says that they are in the post. Called by the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from customers.actions.consents import refuses
from customers.models import Purpose
from tickets.actions.visits.guards import VisitEnded, lock, must_be_open
from tickets.actions.visits.inviting import letter_left
from tickets.actions.visits.planning import DUE
from tickets.actions.visits.ways import postal_address
from tickets.models import Visit


class NoLetter(Conflict):
    """It is made in another way, its time has not come, its address is gone, or the customer said no meanwhile."""

    code = "no_letter"
    sentence = _("No letter goes out for this visit. Its page says how it is made and when.")


@transaction.atomic
def post_letter(visit_id: int, *, actor: Actor) -> Visit:
    """The letter of this visit is in the post: the customer is asked in writing. Twice changes nothing.

    Raises `NotFound`, `VisitEnded`, `NoLetter`.
    """
    visit = lock(visit_id, actor)
    check(actor, "visit.record")
    if visit.state == Visit.State.INVITED and visit.channel == Visit.Channel.LETTER:
        return visit
    must_be_open(visit)
    now = clock.now()
    is_due = visit.state == Visit.State.PLANNED and visit.due_at <= now
    if not is_due or visit.channel != Visit.Channel.LETTER or postal_address(visit.order) is None:
        raise NoLetter
    if refuses(visit.person_id, Purpose.VISITS):
        raise NoLetter
    letter_left(visit, actor=actor, at=now)
    return visit


@transaction.atomic
def post_letters(visit_ids: Sequence[int], *, actor: Actor) -> tuple[int, int]:
    """A pile that went to the post together: how many, and how many were left out because something had changed."""
    left_out = 0
    for pk in sorted(visit_ids):
        try:
            post_letter(pk, actor=actor)
        except (VisitEnded, NoLetter):
            left_out += 1
    return len(visit_ids) - left_out, left_out


def choose_another_way(now: dt.datetime) -> None:
    """Once a day: letters whose address went or was masked after they came due are looked at once more.

    Each by its own timer, which fires at once: what `come_due` finds for one is nothing to the others.
    """
    due = Visit.objects.to_print(now).select_related("order__address").order_by("pk")
    without = [visit.pk for visit in due if postal_address(visit.order) is None]
    with transaction.atomic():
        for visit in Visit.objects.to_print(now).filter(pk__in=without).select_for_update().order_by("pk"):
            timers.set_timer(DUE, on=visit, due_at=now, at=now)
