"""The complaint on the ticket page: its steps with what was written at each, and what may be done now, the next step first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext, pgettext

from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.packlinks import address_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from tickets.models import Complaint, Escalation, EvidencePack, Improvement, Satisfaction, Ticket


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


def told_of(ticket: Ticket, actor: Actor) -> Told | None:
    """The complaint of a ticket for this reader, in a fixed number of queries; None where it is none."""
    if ticket.kind != Ticket.Kind.COMPLAINT:
        return None
    rows = Complaint.objects.visible_to(actor).preloaded().filter(ticket=ticket)
    taken = Prefetch("packs", EvidencePack.objects.visible_to(actor))
    owned = Prefetch("improvements", Improvement.objects.select_related("owner"))
    complaint = rows.prefetch_related("apologies", "ratings", "escalations", owned, taken).first()
    if complaint is None:
        return None
    complaint.ticket = ticket
    steps, offers = _steps(complaint), Offer.all(table.ON_COMPLAINT, complaint, actor)
    wanted = next((step.noun for step in steps if step.state == "current"), "")
    for each in (*complaint.escalations.all(), *complaint.improvements.all()):
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
