"""Decide whose fault it was, help in the meantime, and make a plan with a promise."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from aftersales.ledger.record import record
from customers.actions.promises import make_promise
from customers.models import Promise, Shop
from tickets.actions.complaints.due import say_due
from tickets.actions.complaints.guards import lock, must_be_heard, must_be_understood, must_have_no_open_promise
from tickets.actions.conversation.texts import clean_text
from tickets.models import Complaint, TicketPromise

F = Complaint.Fault


class GoodwillTooLarge(Conflict):
    code = "goodwill_too_large"
    sentence = _("%(cost)s is more than the goodwill of %(limit)s an agent may give. Hand the complaint to a lead.")


@transaction.atomic
def decide_fault(ticket_id: int, *, fault: str, reason: str, actor: Actor) -> Complaint:
    """Whose fault it was, decided apart from every apology. The same again changes nothing. Raises `NotHeard`.

    Where the carrier is at fault the customer gets an interim solution on the same day: the claim is the shop's business.
    """
    complaint = lock(ticket_id, actor)
    must_be_heard(complaint)
    if fault not in F or fault == F.OPEN:
        raise BadInput(_("Choose whose fault it was."), field="fault", code="fault_unknown")
    why = clean_text(reason, field="reason", longest=500)
    if (complaint.fault, complaint.fault_reason) == (fault, why):
        return complaint
    at = clock.now()
    complaint.fault, complaint.fault_reason, complaint.fault_at = fault, why, at
    if fault == F.CARRIER and complaint.interim_at is None and complaint.interim_due_at is None:
        complaint.interim_due_at = clock.end_of_shop_day(clock.shop_date(at))
    elif fault != F.CARRIER and complaint.interim_at is None:
        complaint.interim_due_at = None
    complaint.save(update_fields=["fault", "fault_reason", "fault_at", "interim_due_at"])
    record("complaint.fault_decided", on=complaint.ticket, actor=actor, at=at, fault=fault, fault_words=fault)
    say_due(complaint, at)
    return complaint


@transaction.atomic
def give_interim(ticket_id: int, *, text: str, actor: Actor) -> Complaint:
    """What helps the customer until the plan is carried out, such as a spare. The same again changes nothing."""
    complaint = lock(ticket_id, actor)
    words = clean_text(text, longest=500)
    if complaint.interim == words:
        return complaint
    at = clock.now()
    complaint.interim, complaint.interim_at = words, complaint.interim_at or at
    complaint.save(update_fields=["interim", "interim_at"])
    record("complaint.interim_given", on=complaint.ticket, actor=actor, at=at, text=words)
    say_due(complaint, at)
    return complaint


@transaction.atomic
def make_plan(
    ticket_id: int, *, text: str, due_at: dt.datetime, actor: Actor, promise: str = "", cost_minor: int = 0
) -> Complaint:
    """What the shop does, promised to the customer by `due_at` (UTC). `promise` is how they hear it; the plan by default.

    `cost_minor` is what it costs beyond what the rules grant; above the shop's limit a lead plans. The same plan again
    changes nothing. Raises `NotUnderstood`, `PromiseOpen`, `GoodwillTooLarge`, `BadInput` for a time that is over.
    """
    complaint = lock(ticket_id, actor)
    must_be_understood(complaint)
    words = clean_text(text, longest=1000)
    given = complaint.promise
    if given is not None and (complaint.plan, given.due_at, complaint.cost_minor) == (words, due_at, cost_minor):
        return complaint
    must_have_no_open_promise(complaint)
    if cost_minor < 0:
        raise BadInput(_("The cost cannot be negative."), field="cost", code="negative")
    limit = goodwill_limit(complaint)
    if cost_minor > limit and not may(actor, "complaint.plan_large"):
        raise GoodwillTooLarge(
            cost=str(Money(cost_minor, complaint.currency)), limit=str(Money(limit, complaint.currency))
        )
    at = clock.now()
    ticket = complaint.ticket
    complaint.promise = make_promise(
        ticket.person_id, text=(promise or words)[:300], order_id=ticket.order_id, due_at=due_at, actor=actor,
        made_in=Promise.Place.TICKET,
    )  # fmt: skip
    TicketPromise.objects.create(ticket=ticket, promise=complaint.promise)
    complaint.plan, complaint.cost_minor, complaint.planned_at = words, cost_minor, at
    complaint.save(update_fields=["promise", "plan", "cost_minor", "planned_at"])
    record("complaint.planned", on=ticket, actor=actor, at=at, text=words, cost_minor=cost_minor)
    say_due(complaint, at)
    return complaint


def goodwill_limit(complaint: Complaint) -> int:
    """What an agent may give beyond the rules, in minor units."""
    order = complaint.ticket.order
    return (order.shop if order is not None else Shop()).goodwill_limit_minor
