"""What the archive does when something happened: leads hear that somebody tries out orders on a large scale."""

from __future__ import annotations

from aftersales.kernel.actor import Role
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices.actions.telling import tell_staff


@listens("proof.flooded", name="customers.tell_of_flood")
def tell_of_flood(event: Event) -> None:
    """The event is written once an hour at most, and so is this. The page it leads to shows the tries of other hours too."""
    tell_staff(
        "proof.flooded",
        {"ref": f"#{event.pk}", "most": event.data["most"], "url": "/office/ledger/event/?name=proof.flooded"},
        roles=(Role.LEAD, Role.MANAGER),
        event=event,
    )
