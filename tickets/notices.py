"""Who hears about a ticket: the customer of a reply, the assignee of a message or of being given the ticket."""

from __future__ import annotations

from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices import tell, tell_staff
from aftersales.notices.actions.telling import status_url
from tickets.models import Ticket


@listens("ticket.replied", name="tickets.reply")
def about_a_reply(event: Event) -> None:
    """The words of the reply stay on the status page: mail and SMS only say that there is one."""
    ticket: Ticket = event.subject
    goods_return = getattr(ticket, "goods_return", None)
    path = f"/returns/{goods_return.ref}/" if goods_return else f"/questions/{ticket.ref}/"
    params = {
        "ref": goods_return.ref if goods_return else ticket.ref,
        "order_number": ticket.order.number if ticket.order else "",
        "status_url": status_url(path),
    }
    tell(ticket.person, "ticket.replied", params, event=event)


@listens("ticket.assigned", "ticket.message_received", "ticket.woken", name="tickets.staff")
def tell_the_assignee(event: Event) -> None:
    """Nobody is told of what they did themselves."""
    ticket: Ticket = event.subject
    if ticket.assignee is None or (event.actor_kind == "staff" and event.actor_id == ticket.assignee_id):
        return
    params = {"ref": ticket.ref, "url": status_url(f"/desk/tickets/{ticket.ref}/")}
    tell_staff(event.name, params, users=[ticket.assignee], event=event)
