"""Call visits off, with the reason: the goods went back, the customer wants none, the series is over, or somebody said so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from aftersales.notices.actions.taking_back import take_back_about
from customers.models import Order
from tickets.actions.conversation.texts import clean_text
from tickets.actions.visits.guards import lock, must_be_open
from tickets.actions.visits.planning import kept_plans
from tickets.models import Visit
from tickets.queries import VisitQuerySet


@transaction.atomic
def call_off(visit_id: int, *, reason: str, actor: Actor) -> Visit:
    """Somebody decides that this visit is not made, and says why. The same again changes nothing.

    Raises `VisitEnded`, and `DoneOtherwise` where a colleague has called it off for another reason.
    """
    visit = lock(visit_id, actor)
    check(actor, "visit.plan")
    words = clean_text(reason, field="reason", longest=200)
    if visit.why == Visit.Why.STAFF:
        if visit.why_words != words:
            raise DoneOtherwise("visit.cancelled", on=visit)
        return visit
    must_be_open(visit)
    end(visit, Visit.Why.STAFF, words=words, actor=actor, at=clock.now())
    return visit


@transaction.atomic
def goods_went_back(order_id: int, *, at: dt.datetime) -> int:
    """After a refund: the visits whose plans fit nothing any more that the customer has kept. Returns how many."""
    order = Order.objects.select_for_update().get(pk=order_id)
    rows = Visit.objects.open().filter(order=order, after=None).exclude(plan__in=kept_plans(order))
    return end_all(rows, Visit.Why.RETURNED, at=at)


@transaction.atomic
def wants_none(person_id: int, *, at: dt.datetime) -> int:
    """The customer has said no to visits: every one that is planned. Returns how many."""
    return end_all(Visit.objects.open().filter(person=person_id), Visit.Why.CONSENT, at=at)


def nobody_to_visit(rows: QuerySet[Any]) -> None:
    """In the transaction that erases the person: what is planned is not made. Called by `tickets.personal`."""
    end_all(Visit.objects.open().filter(pk__in=rows.values("pk")), Visit.Why.CONSENT, at=clock.now())


def end_series(visit: Visit, *, at: dt.datetime) -> None:
    """What is left of the same plan for the same order or case. In the caller's transaction."""
    scope = visit.key.rsplit(":", 1)[0]
    end_all(Visit.objects.open().filter(key__startswith=f"{scope}:").exclude(pk=visit.pk), Visit.Why.ENDED, at=at)


def end_all(rows: VisitQuerySet, why: str, *, at: dt.datetime) -> int:
    """Call off every visit of a set, each with its event. In the caller's transaction."""
    found = list(rows.select_for_update().order_by("pk"))
    for visit in found:
        end(visit, why, actor=SYSTEM, at=at)
    return len(found)


def end(visit: Visit, why: str, *, actor: Actor, at: dt.datetime, words: str = "") -> None:
    """Call off one that is locked and open; an invitation that still waits does not leave. In the caller's transaction."""
    timers.cancel(on=visit)
    if visit.invited_at is not None:
        take_back_about(visit, at=at)
    visit.state, visit.ended_at, visit.why, visit.why_words = Visit.State.CANCELLED, at, why, words
    visit.save(update_fields=["state", "ended_at", "why", "why_words"])
    record("visit.cancelled", on=visit, actor=actor, at=at, why=why, why_words=words or why)
