"""The page on which a customer reads a ticket. Reads only; called by the notices, and by the portal where a ticket was merged."""

from __future__ import annotations

from tickets.models import Ticket


def path_of(ticket: Ticket) -> str:
    """Its address, which opens with its order proven; "" where it has none."""
    if not ticket.has_page:
        return ""
    goods_return = getattr(ticket, "goods_return", None)
    if goods_return is not None:
        return f"/returns/{goods_return.ref}/"
    return f"/complaints/{ticket.ref}/" if ticket.kind == Ticket.Kind.COMPLAINT else f"/questions/{ticket.ref}/"


def ref_of(ticket: Ticket) -> str:
    """The reference under which its customer knows it."""
    goods_return = getattr(ticket, "goods_return", None)
    return goods_return.ref if goods_return is not None else ticket.ref
