"""What one can do with an order as it stands: ask for a return or an exchange, or write to us. Asked by the order's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Order
from returns.gather import stage_of
from returns.rules.reasons import offered

# A refused parcel comes back by itself and an unsent one has nothing to send back: there a person helps at once.
_STAGES_WITH_FORM = frozenset({"in_transit", "delivered", "lost"})

_UNSENT = {
    Order.Status.PAID: _(
        "Nothing has been sent yet. To cancel or change the order, write to us; we stop it if we still can."
    ),
    Order.Status.UNPAID: _(
        "This order has not been paid, so there is nothing to send back. Any question? Write to us."
    ),
    Order.Status.CANCELLED: _("This order was cancelled. If money is missing, write to us and we look into it."),
    Order.Status.UNAVAILABLE: _(
        "The goods are not available. Write to us: we send your money back or find something else."
    ),
}
_STAGES = {
    "refused": _(
        "The parcel was refused and is on its way back to us; you need not do anything for that. "
        "Write to us whether you want your money back or the goods again."
    ),
    "lost": _("The parcel seems to be lost. Nothing needs to be sent back: ask for your money or for the goods again."),
    "in_transit": _("The parcel is still on its way. You can ask already now; send it back only once it is there."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether the form is open, and a sentence on the state of things where one is needed."""

    has_form: bool
    sentence: str | Promise = ""


def offer_of(order: Order) -> Offer:
    """The offer for an order fetched with its lines and shipments."""
    stage = stage_of(order)
    if stage == "unshipped":
        return Offer(False, _UNSENT.get(Order.Status(order.status), _UNSENT[Order.Status.PAID]))
    if not any(line.free_quantity for line in order.lines.all()):
        return Offer(False, _("Everything of this order is in a request already."))
    if stage not in _STAGES_WITH_FORM or not offered(stage):
        return Offer(False, _STAGES.get(stage, ""))
    return Offer(True, _STAGES.get(stage, ""))
