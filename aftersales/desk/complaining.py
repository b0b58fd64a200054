"""The complaint on the ticket page: its steps with what was written at each, and what may be done now, the next step first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext

from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.packlinks import address_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import Later, lay_under, prepared
from tickets.models import Apology, Complaint, Escalation, EvidencePack, Improvement, Satisfaction, Ticket


@dataclass(frozen=True, slots=True)
class Step:
    """One of the seven. `state` is done, current or ahead; `lines` is what was written down."""

    noun: str
    label: str
    state: str
    lines: list[str]
    at: dt.datetime | None
    due_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the card shows."""

    complaint: Complaint
    steps: list[Step]
    next: Offer | None
    offers: list[Offer]
    promise: list[Offer]
    ratings: list[Satisfaction]
    escalations: list[tuple[Escalation, list[Offer]]]
    improvements: list[tuple[Improvement, list[Offer]]]
    packs: list[tuple[EvidencePack, str]]

    @property
    def plain(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.tone != "danger" and offer is not self.next]

    @property
    def grave(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.tone == "danger"]


class Asked(NamedTuple):
    """What the card asks, for one statement with others (`together`)."""

    complaint: Later[Complaint]
    apologies: Later[Apology]
    ratings: Later[Satisfaction]
    escalations: Later[Escalation]
    improvements: Later[Improvement]
    packs: Later[EvidencePack]


def ask(ticket: Ticket, actor: Actor) -> Asked | tuple[()]:
    """Nothing of a ticket that is no complaint."""
    if ticket.kind != Ticket.Kind.COMPLAINT:
        return ()
    scope, on = actor.scope, ticket.pk
    hung = (_apologies.later(ticket=on), _ratings.later(ticket=on), _escalations.later(ticket=on))
    return Asked(
        _complaint.later(scope, ticket=on), *hung, _improvements.later(ticket=on), _packs.later(scope, ticket=on)
    )


def told_of(ticket: Ticket, actor: Actor, asked: Asked | tuple[()]) -> Told | None:
    """The complaint of a ticket for this reader; None where it is none."""
    if not asked or not asked.complaint.rows:
        return None
    complaint = asked.complaint.rows[0]
    for name in ("apologies", "ratings", "escalations", "improvements", "packs"):
        lay_under([complaint], name, getattr(asked, name).rows, by="complaint_id")
    complaint.ticket = ticket
    steps, offers = _steps(complaint), Offer.all(table.ON_COMPLAINT, complaint, actor)
    wanted = next((step.noun for step in steps if step.state == "current"), "")
    hanging: tuple[Escalation | Improvement, ...] = (*asked.escalations.rows, *asked.improvements.rows)
    for each in hanging:
        each.complaint = complaint
    return Told(
        complaint=complaint,
        steps=steps,
        next=next((offer for offer in offers if offer.noun == wanted), None),
        offers=offers,
        promise=Offer.all(table.ON_PROMISE, complaint.open_promise, actor),
        ratings=list(complaint.ratings.all()),
        escalations=[(each, Offer.all(table.ON_ESCALATION, each, actor)) for each in complaint.escalations.all()],
        improvements=[(each, Offer.all(table.ON_IMPROVEMENT, each, actor)) for each in complaint.improvements.all()],
        packs=[(pack, address_of(pack)) for pack in complaint.packs.all()[:3]]
        if may(actor, "complaint.export")
        else [],
    )


@prepared
def _complaint(scope: Actor, *, ticket: int) -> QuerySet[Complaint]:
    rows: QuerySet[Complaint] = Complaint.objects.visible_to(scope).preloaded().filter(ticket_id=ticket)
    return rows


@prepared
def _apologies(*, ticket: int) -> QuerySet[Apology]:
    return Apology.objects.filter(complaint__ticket_id=ticket)


@prepared
def _ratings(*, ticket: int) -> QuerySet[Satisfaction]:
    return Satisfaction.objects.filter(complaint__ticket_id=ticket)


@prepared
def _escalations(*, ticket: int) -> QuerySet[Escalation]:
    return Escalation.objects.filter(complaint__ticket_id=ticket)


@prepared
def _improvements(*, ticket: int) -> QuerySet[Improvement]:
    return Improvement.objects.filter(complaint__ticket_id=ticket).select_related("owner")


@prepared
def _packs(scope: Actor, *, ticket: int) -> QuerySet[EvidencePack]:
    rows: QuerySet[EvidencePack] = EvidencePack.objects.visible_to(scope).filter(complaint__ticket_id=ticket)
    return rows


def _steps(complaint: Complaint) -> list[Step]:
    """Done, then one current, then those ahead. The next one is the first that is not done."""
    found: list[Step] = []
    for (noun, at, due), (label, lines) in zip(complaint.steps(), _written(complaint), strict=True):
        is_next = at is None and all(step.state == "done" for step in found)
        state = "done" if at is not None else "current" if is_next else "ahead"
        found.append(Step(noun, label, state, [line for line in lines if line], at, None if at else due))
    return found


def _written(c: Complaint) -> list[tuple[str, list[str]]]:
    """Of each step its name and what was written at it."""
    sorry = next(iter(c.apologies.all()), None)
    skipped = gettext("None, because: %(reason)s") % {"reason": c.unapologetic_reason} if c.unapologetic_reason else ""
    fault = "" if c.fault_at is None else pgettext("fault", "At fault: %(who)s") % {"who": c.get_fault_display()}
    cost = gettext("Goodwill: %(amount)s") % {"amount": Money(c.cost_minor, c.currency)} if c.cost_minor else ""
    return [
        (gettext("Apologise"), [sorry.words if sorry else skipped]),
        (gettext("Hear them out"), [c.statement]),
        (gettext("Problem and aim"), [c.real_problem, c.aim]),
        (gettext("Fault"), [fault, c.fault_reason, c.interim]),
        (gettext("Plan"), [c.plan, cost]),
        (gettext("Recover"), [c.promise.text if c.promise else ""]),
        (gettext("Prevent"), [c.root_cause]),
    ]
