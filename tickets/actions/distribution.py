"""Who gets a new ticket, by the strategy of its queue: nobody, in turn, who has least to do, who knows most about it.

Whoever may not sign in, may not take tickets, is off duty, is not in the queue's team, or may not see the ticket of a
closed team, is never chosen.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from aftersales.accounts.models import User
from aftersales.accounts.teams import who_see
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.policy import GRANTS, check
from aftersales.ledger.record import record
from customers.models import OrderLine
from tickets.actions.scope import locked, must_be_open
from tickets.models import Absence, Queue, Skill, Ticket

# What an open ticket weighs on its assignee; one that waits for somebody else weighs half.
WEIGHTS = {Ticket.Priority.URGENT: 8, Ticket.Priority.HIGH: 6, Ticket.Priority.NORMAL: 4, Ticket.Priority.LOW: 2}


@transaction.atomic
def distribute(ticket_id: int, *, actor: Actor) -> Ticket:
    """Let the queue decide now. A ticket that somebody has stays theirs."""
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.assign")
    if ticket.assignee_id is not None:
        return ticket
    must_be_open(ticket)
    give_out(ticket, at=clock.now())
    return ticket


def give_out(ticket: Ticket, *, at: dt.datetime) -> None:
    """Assign by the queue's strategy, in the caller's transaction. With nobody there the ticket stays in the queue.

    The queue's row is locked meanwhile, so that two tickets opened at once do not both see the same person as free.
    """
    if ticket.queue.strategy == Queue.Strategy.BY_HAND:
        return
    queue: Queue = Queue.objects.select_for_update().get(pk=ticket.queue_id)
    chosen = choose(ticket, queue, at=at)
    if chosen is None:
        return
    queue.last_given_id = chosen
    queue.save(update_fields=["last_given"])
    ticket.assignee_id = chosen
    ticket.updated_at = at
    ticket.save(update_fields=["assignee", "updated_at"])
    record("ticket.assigned", on=ticket, actor=SYSTEM, at=at, to=str(ticket.assignee), how=queue.strategy)


def choose(ticket: Ticket, queue: Queue, *, at: dt.datetime) -> int | None:
    """Primary key of whom the strategy names, or None when nobody is there."""
    there = _there(ticket, queue, at)
    if not there:
        return None
    if queue.strategy == Queue.Strategy.BY_SKILL:
        there = _best(ticket, there)
    if queue.strategy == Queue.Strategy.IN_TURN:
        return _next(there, queue.last_given_id)
    load = _load(there)
    least = min(load[user] for user in there)
    return _next([user for user in there if load[user] == least], queue.last_given_id)


def _there(ticket: Ticket, queue: Queue, at: dt.datetime) -> list[int]:
    """Who can be given this ticket, in a fixed order. What belongs to a closed team goes to nobody who may not see it."""
    users = User.objects.filter(is_active=True, role__in=sorted(GRANTS["ticket.assign"]))
    if queue.team_id is not None:
        users = users.filter(team_id=queue.team_id)
    return list(on_duty(who_see(users, ticket.team), at).order_by("pk").values_list("pk", flat=True))


def on_duty(users: QuerySet[User], at: dt.datetime) -> QuerySet[User]:
    """Those of them who are not off duty at `at`: nobody else is given work by a program."""
    return users.filter(~Exists(Absence.objects.running(at).filter(user=OuterRef("pk"))))


def _next(users: list[int], last: int | None) -> int:
    """The first after the one who was last given something, round the table."""
    return next((user for user in users if last is not None and user > last), users[0])


def _load(users: list[int]) -> Counter[int]:
    """What lies on each of them."""
    load: Counter[int] = Counter()
    open_ones = Ticket.objects.open().filter(assignee__in=users).order_by()
    alike = open_ones.values_list("assignee", "priority", "status").annotate(Count("pk"))
    for user, priority, status, number in alike:
        weight = WEIGHTS[Ticket.Priority(priority)]
        load[user] += number * (weight // 2 if status == Ticket.Status.WAITING else weight)
    return load


def _best(ticket: Ticket, users: list[int]) -> list[int]:
    """Those who know most of what the ticket needs; everybody where nobody knows anything of it."""
    needs = Q(about=Skill.About.KIND, value=ticket.kind) | Q(about=Skill.About.LANGUAGE, value=ticket.person.locale)
    if ticket.order_id is not None:
        codes = OrderLine.objects.filter(order=ticket.order_id).values("sku__product__category__code")
        needs |= Q(about=Skill.About.CATEGORY, value__in=codes)
    known = Counter(Skill.objects.filter(needs, user__in=users, counts=True).values_list("user", flat=True))
    most = max(known.values(), default=0)
    return [user for user in users if known[user] == most]
