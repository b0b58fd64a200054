"""Hand a ticket to somebody, and let it rise in the queue. Called by the desk and by the clocks of a return."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import prepared
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.actions.complaints import owning
from tickets.actions.scope import locked
from tickets.models import Ticket

NOBODY = "–"  # to whom, in the event of a ticket that is nobody's any more
UNSEEN: Any = object()  # nothing is said of whose it was


class OutsideTeam(Conflict):
    """Whoever works on a ticket must be able to see it."""

    code = "outside_team"
    sentence = _(
        "%(name)s does not see the tickets of %(team)s, which is closed. Choose somebody of that team, or move the"
        " ticket to another team first."
    )


class TakenMeanwhile(Conflict):
    """Nobody loses a ticket to somebody who did not see that they have it."""

    code = "taken_meanwhile"
    sentence = _(
        "%(name)s has had this ticket since you opened this page. Leave it to them, or do it once more to hand it over."
    )

    def __init__(self, holder: User) -> None:
        super().__init__(name=str(holder))
        self.holder = holder.pk


@transaction.atomic
def assign(ticket_id: int, *, user_id: int | None, actor: Actor, seen: int | None = UNSEEN) -> Ticket:
    """Give the ticket to a member of staff, or to nobody. The same person again changes nothing. Raises `OutsideTeam`.

    `seen` is whose it was when it was shown (None for nobody's): raises `TakenMeanwhile` where somebody else has it now.
    """
    ticket = locked(ticket_id, actor)
    hand_to(ticket, user_id, actor=actor, seen=seen)
    return ticket


def hand_to(ticket: Ticket, user_id: int | None, *, actor: Actor, seen: int | None = UNSEEN) -> None:
    """The same with a ticket that the caller's transaction has locked, or has just made."""
    check(actor, "ticket.assign")
    if ticket.assignee_id == user_id:
        return
    if seen is not UNSEEN and ticket.assignee_id != seen and ticket.assignee is not None:
        raise TakenMeanwhile(ticket.assignee)
    user = next(iter(_working(pk=user_id)), None) if user_id else None
    if user_id and user is None:
        raise NotFound
    if user is not None and ticket.team_id and not _sees(user, ticket):
        raise OutsideTeam(name=str(user), team=str(ticket.team))
    before = {"before": ticket.assignee_id} if ticket.assignee_id else {}
    ticket.assignee, ticket.updated_at = user, clock.now()
    ticket.save(update_fields=["assignee", "updated_at"])
    to = str(user) if user else NOBODY
    record("ticket.assigned", on=ticket, actor=actor, at=ticket.updated_at, to=to, **before)


@prepared
def _working(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk, is_active=True)


def take_from_outsiders(ticket: Ticket, *, actor: Actor, at: dt.datetime) -> bool:
    """Its assignee may not sign in any more, or it is closed to them: nobody has it now. Returns whether it was so.

    What a complaint still asks of colleagues who do not see it any more goes to a lead. In the caller's transaction, locked.
    """
    if ticket.kind == Ticket.Kind.COMPLAINT:
        owning.take_from_outsiders(ticket, at=at)
    user = ticket.assignee
    if user is None or (user.is_active and _sees(user, ticket)):
        return False
    ticket.assignee = None
    ticket.save(update_fields=["assignee"])
    record("ticket.assigned", on=ticket, actor=actor, at=at, to=NOBODY)
    return True


def _sees(user: User, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(user.as_actor()).filter(pk=ticket.pk).exists()


def raise_priority(ticket_id: int, priority: int) -> None:
    """Make a ticket more urgent, never less: what a person made more urgent stays so. In the caller's transaction."""
    if Ticket.objects.filter(pk=ticket_id, priority__gt=priority).update(priority=priority):
        clocks.reprioritised(Ticket.objects.select_for_update().get(pk=ticket_id), clock.now())
