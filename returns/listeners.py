"""What follows from a return beside itself: visits about goods that went back are called off, one about the return is planned."""

from __future__ import annotations

from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from tickets.actions.visits import calling_off, planning
from tickets.models import VisitPlan


@listens("refund.paid", name="returns.visits_off")
def no_visit_about_what_went_back(event: Event) -> None:
    """Asking how the returned goods are doing would be a mockery."""
    if event.subject is not None:
        calling_off.goods_went_back(event.subject.order_id, at=event.at)


@listens("return.closed", name="returns.visit_after")
def visit_after_return(event: Event) -> None:
    """The visit that asks whether the return went well."""
    if event.subject is not None:
        planning.plan_after_ticket(event.subject.ticket_id, VisitPlan.Occasion.RETURN, at=event.at)
