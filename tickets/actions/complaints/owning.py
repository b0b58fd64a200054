"""Who sees to an improvement: chosen, given on, and taken over by a lead from who is gone or does not see the complaint any more.

Called by the desk, by moves to a closed team, and when somebody leaves.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import User
from aftersales.accounts.teams import leads_of, who_see
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor, Role
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import GRANTS, check
from aftersales.ledger.record import record
from tickets.models import Improvement, Ticket


class ImprovementDone(Conflict):
    code = "improvement_done"
    sentence = _("This improvement is done already, so nobody else needs to see to it.")


def who_may(ticket: Ticket) -> QuerySet[User]:
    """Who can see to an improvement of this complaint: whoever handles complaints and sees this one."""
    people = User.objects.filter(is_active=True, role__in=sorted(GRANTS["complaint.handle"]))
    return who_see(people, ticket.team).order_by("name", "pk")


def must_be_able(ticket: Ticket, user_id: int, *, field: str) -> None:
    """Raise `BadInput` for who could neither see nor finish it."""
    if not who_may(ticket).filter(pk=user_id).exists():
        raise BadInput(
            _("Choose somebody who handles complaints and sees this one."), field=field, code="owner_unknown"
        )


@transaction.atomic
def give_improvement(improvement_id: int, *, user_id: int, actor: Actor) -> Improvement:
    """Somebody else sees to it, also after the complaint was closed. The same person again changes nothing.

    Raises `ImprovementDone`, `BadInput`.
    """
    seen = Improvement.objects.visible_to(actor).select_related("complaint__ticket__team")
    row: Improvement | None = seen.select_for_update(of=("self",)).filter(pk=improvement_id).first()
    if row is None:
        raise NotFound
    check(actor, "complaint.handle")
    if row.owner_id == user_id:
        return row
    if row.done_at is not None:
        raise ImprovementDone
    must_be_able(row.complaint.ticket, user_id, field="user")
    _give(row, User.objects.get(pk=user_id), actor=actor, at=clock.now())
    return row


def give_up_improvements(user_id: int, *, at: dt.datetime) -> None:
    """What somebody who is gone had still to do goes to leads. In the caller's transaction."""
    _to_leads(Improvement.objects.filter(owner=user_id), at=at)


def take_from_outsiders(ticket: Ticket, *, at: dt.datetime) -> None:
    """The complaint has gone over to a team that is closed to who saw to them. In the caller's transaction, locked."""
    _to_leads(Improvement.objects.filter(complaint__ticket=ticket).exclude(owner__in=who_may(ticket)), at=at)


def told_of(improvement: Improvement, *, actor: Actor, at: dt.datetime) -> None:
    """Record whose it is now, which they are told. In the caller's transaction."""
    record(
        "improvement.given", on=improvement.complaint.ticket, actor=actor, at=at, improvement=improvement.pk,
        owner=improvement.owner_id, to=str(improvement.owner),
    )  # fmt: skip


def _to_leads(rows: QuerySet[Improvement], *, at: dt.datetime) -> None:
    """To the lead of the complaint's team with the fewest; without any lead to a manager, else it stays."""
    found = rows.filter(done_at=None).select_related("complaint__ticket").select_for_update(of=("self",)).order_by("pk")
    for row in found:
        lead = _least_busy(leads_of(row.complaint.ticket.team_id)) or _a_manager()
        if lead is not None and lead.pk != row.owner_id:
            _give(row, lead, actor=SYSTEM, at=at)


def _least_busy(leads: list[User]) -> User | None:
    """The owner of an improvement does not lead back to it, so they are counted apart."""
    rows = (
        Improvement.objects.filter(owner__in=leads, done_at=None).order_by().values_list("owner").annotate(Count("pk"))
    )
    has = dict(rows)
    return min(leads, key=lambda lead: (has.get(lead.pk, 0), lead.pk), default=None)


def _a_manager() -> User | None:
    return User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk").first()


def _give(row: Improvement, user: User, *, actor: Actor, at: dt.datetime) -> None:
    row.owner = user
    row.save(update_fields=["owner"])
    told_of(row, actor=actor, at=at)
