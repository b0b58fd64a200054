"""What the archive does when something happened: leads hear of tries to open orders on a large scale, and of late replies."""

from __future__ import annotations

from aftersales.kernel.actor import Role
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices.actions.telling import tell_staff
from customers.models import Review


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
