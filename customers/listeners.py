"""What the archive does when something happened: leads hear of tries to open orders and late replies; cases are thanked for."""

from __future__ import annotations

from aftersales.kernel.actor import Role
from aftersales.kernel.money import Money
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices.actions.telling import tell_staff
from customers.actions.care.planning import thank
from customers.models import Person, Review


@listens("proof.flooded", name="customers.tell_of_flood")
def tell_of_flood(event: Event) -> None:
    """The event is written once an hour at most, and so is this. The page it leads to shows the tries of other hours too."""
    tell_staff(
        "proof.flooded",
        {"ref": f"#{event.pk}", "most": event.data["most"], "url": "/office/ledger/event/?name=proof.flooded"},
        roles=(Role.LEAD, Role.MANAGER),
        event=event,
    )


@listens("review.overdue", name="customers.tell_of_overdue_reply")
def tell_of_overdue_reply(event: Event) -> None:
    """Leads hear of a bad review that nobody answered in time; the event is written once."""
    review: Review = event.subject
    tell_staff(
        "review.overdue",
        {"ref": review.ref, "stars": review.stars, "url": f"/desk/reviews/{review.ref}/"},
        roles=(Role.LEAD, Role.MANAGER),
        event=event,
    )


@listens("gift.asked", name="customers.tell_of_gift")
def tell_of_gift(event: Event) -> None:
    """Leads hear of a gift above the agents' limit."""
    person: Person = event.subject
    cost = Money(event.data["cost_minor"], event.data["currency"])
    tell_staff(
        "gift.asked",
        {"ref": person.ref, "amount": cost, "text": event.data["what"], "url": f"/desk/people/{person.ref}/"},
        roles=(Role.LEAD, Role.MANAGER),
        event=event,
    )


@listens("testimonial.ended", name="customers.tell_of_ended_words")
def tell_of_ended_words(event: Event) -> None:
    """Leads hear where published words must be taken down; of others there is nothing to do."""
    person: Person = event.subject
    if event.data["place"]:
        told = {"ref": person.ref, "text": event.data["place"], "url": f"/desk/people/{person.ref}/"}
        tell_staff("testimonial.ended", told, roles=(Role.LEAD, Role.MANAGER), event=event)


@listens("ticket.closed", name="customers.thank_for_case")
def thank_for_a_case(event: Event) -> None:
    """A complaint or a repair was solved. What ended otherwise (nobody answered, not for us) is nothing to thank for."""
    ticket = event.subject
    if ticket is not None and ticket.kind in ("complaint", "repair") and event.data["reason"] == "solved":
        thank(ticket.person_id, case=ticket.ref, at=event.at)


@listens("return.closed", name="customers.thank_for_return")
def thank_for_a_return(event: Event) -> None:
    """A return whose money was paid, or an exchange that arrived; a refused one is no occasion."""
    ret = event.subject
    if ret is not None and (hasattr(ret, "reshipment") or ret.refunds.filter(status="paid").exists()):
        thank(ret.ticket.person_id, case=ret.ref, at=event.at)
