"""Letters on paper: somebody prints those that are due and says that they are in the post; both are marked. For the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from customers.actions.consents import refuses
from customers.models import Purpose
from tickets.actions.by import user_id_of
from tickets.actions.visits.guards import VisitEnded, lock, must_be_open
from tickets.actions.visits.inviting import letter_left
from tickets.actions.visits.planning import DUE
from tickets.actions.visits.ways import postal_address
from tickets.models import Visit


class NoLetter(Conflict):
    """It is made in another way, its time has not come, its address is gone, or the customer said no meanwhile."""

    code = "no_letter"
    sentence = _("No letter goes out for this visit. Its page says how it is made and when.")


@dataclass(frozen=True, slots=True)
class Pile:
    """What became of each letter of a pile: done now, done already, or left out because something had changed."""

    done: int = 0
    already: int = 0
    left_out: int = 0


@transaction.atomic
def print_letters(visit_ids: Sequence[int], *, actor: Actor, again: bool = False) -> Pile:
    """This colleague has them on paper, so that no other puts them into the post as well. Twice changes nothing.

    What a colleague printed before stays in their hands (`already`), unless it is said to be printed once more.
    """
    check(actor, "visit.record")
    done = already = left_out = 0
    for pk in sorted(visit_ids):
        visit = lock(pk, actor)
        mine = visit.printed_at is not None and visit.printed_by_id == user_id_of(actor)
        if visit.state != Visit.State.PLANNED or visit.channel != Visit.Channel.LETTER:
            left_out += 1
        elif mine and not again:
            done += 1
        elif visit.printed_at is not None and not again:
            already += 1
        else:
            visit.printed_at, visit.printed_by_id = clock.now(), user_id_of(actor)
            visit.save(update_fields=["printed_at", "printed_by"])
            record("visit.printed", on=visit, actor=actor, at=visit.printed_at)
            done += 1
    return Pile(done, already, left_out)


@transaction.atomic
def post_letter(visit_id: int, *, actor: Actor) -> Visit:
    """The letter of this visit is in the post: the customer is asked in writing. Twice changes nothing.

    Raises `NotFound`, `VisitEnded`, `NoLetter`.
    """
    visit = lock(visit_id, actor)
    check(actor, "visit.record")
    if _is_in_the_post(visit):
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
def post_letters(visit_ids: Sequence[int], *, actor: Actor) -> Pile:
    """A pile that went to the post together. What somebody else had posted before is told apart: those customers have two."""
    done = already = left_out = 0
    for pk in sorted(visit_ids):
        if _is_in_the_post(lock(pk, actor)):
            already += 1
            continue
        try:
            post_letter(pk, actor=actor)
            done += 1
        except (VisitEnded, NoLetter):
            left_out += 1
    return Pile(done, already, left_out)


def _is_in_the_post(visit: Visit) -> bool:
    return visit.state == Visit.State.INVITED and visit.channel == Visit.Channel.LETTER


def choose_another_way(now: dt.datetime) -> None:
    """Once a day: letters whose address went or was masked after they came due are looked at once more.

    Each by its own timer, which fires at once: what `come_due` finds for one is nothing to the others.
    """
    due = Visit.objects.to_print(now).select_related("order__address").order_by("pk")
    without = [visit.pk for visit in due if postal_address(visit.order) is None]
    with transaction.atomic():
        for visit in Visit.objects.to_print(now).filter(pk__in=without).select_for_update().order_by("pk"):
            timers.set_timer(DUE, on=visit, due_at=now, at=now)
