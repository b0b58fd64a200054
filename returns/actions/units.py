"""Units of an order line held by a return: given back, or accepted. Called by the actions that end or settle a return."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Conflict
from customers.models import OrderLine
from returns.models import Return, ReturnLine


class UnitsGone(Conflict):
    code = "units_gone"
    sentence = _("“%(title)s” is in another request by now.")


def accept_unsent(ret: Return) -> None:
    """Nothing comes back (lost on the way): every unit counts as accepted without a receipt."""
    ret.lines.update(received_quantity=F("quantity"), accepted_quantity=F("quantity"))


def accept_received(ret: Return) -> dict[int, int]:
    """An objection was right: what came back is accepted after all, as far as its units are still free.

    Gives how many units each return line (by primary key) has gained.
    """
    gained: dict[int, int] = {}
    for line in ret.lines.select_related("order_line"):
        # Units that were accepted and are no longer held went home repaired: they are the customer's, not taken again.
        taken = max(line.received_quantity - max(line.held_quantity, line.accepted_quantity), 0)
        if taken:
            mine = OrderLine.objects.filter(pk=line.order_line_id, shipped_quantity__gte=F("claimed_quantity") + taken)
            if not mine.update(claimed_quantity=F("claimed_quantity") + taken):
                continue  # the units went into another request meanwhile; that one decides about them
        ReturnLine.objects.filter(pk=line.pk).update(
            accepted_quantity=F("received_quantity"), held_quantity=F("held_quantity") + taken
        )
        gained[line.pk] = line.received_quantity - line.accepted_quantity
    return gained


def free_units(line: ReturnLine, *, keep: int) -> None:
    """Give back the units this line holds beyond `keep`, so that they can be asked for again."""
    surplus = line.held_quantity - keep
    if surplus <= 0:
        return
    OrderLine.objects.filter(pk=line.order_line_id).update(claimed_quantity=F("claimed_quantity") - surplus)
    ReturnLine.objects.filter(pk=line.pk).update(held_quantity=keep)
    line.held_quantity = keep


def hold_again(ret: Return) -> None:
    """Take the units of an expired request once more. Raises `UnitsGone` when another request has them by now."""
    for line in ret.lines.select_related("order_line"):
        wanted = line.quantity - line.held_quantity
        free = OrderLine.objects.filter(pk=line.order_line_id, shipped_quantity__gte=F("claimed_quantity") + wanted)
        if not free.update(claimed_quantity=F("claimed_quantity") + wanted):
            raise UnitsGone(title=str(line.order_line))
        ReturnLine.objects.filter(pk=line.pk).update(held_quantity=line.quantity)
