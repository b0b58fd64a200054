"""What may stand in braces in a phrase, and what it becomes on a ticket."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock, datewords
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.reader import listed
from customers.models import Promise
from tickets.models import Ticket
from tickets.models.promised import on_seen_tickets

VARIABLES = {
    "customer": _("the customer’s name"),
    "order": _("order number"),
    "ref": _("reference of the return, else of the ticket"),
    "product": _("the first article of the order"),
    "shop": _("the shop’s name"),
    "agent": _("your name"),
    "promise": _("what was promised and is not kept yet"),
    "promise_due": _("by when that was promised"),
    "due": _("when the ticket is due"),
}
_BRACES = re.compile(r"\{([^{}\n]*)\}")


def variables_told() -> str:
    """All of them in one line, each with what it becomes."""
    return listed(f"{{{name}}} {words}" for name, words in VARIABLES.items())


def check_variables(text: str, *, field: str = "text") -> None:
    """Raise `BadInput` that names the first variable nobody knows."""
    for name in _BRACES.findall(text):
        if name not in VARIABLES:
            raise BadInput(
                _("There is no variable {%(name)s}. Known are: %(known)s."),
                field=field,
                code="unknown_variable",
                name=name[:40],
                known=", ".join(f"{{{known}}}" for known in VARIABLES),
            )


def values_for(ticket: Ticket, actor: Actor, *, locale: str) -> dict[str, str]:
    """Every variable for this ticket in the customer's language; "" where there is nothing to say."""
    now = clock.now()
    about = Q(person=ticket.person, order=None) | (Q(order_id=ticket.order_id) if ticket.order_id else Q(pk=None))
    open_promises = Promise.objects.filter(on_seen_tickets(actor), about, kept_at=None, broken_at=None)
    promise = open_promises.order_by(F("due_at").asc(nulls_last=True)).first()
    line = ticket.order.lines.order_by("id").first() if ticket.order else None
    goods_return = getattr(ticket, "goods_return", None)
    with translation.override(locale):
        return {
            "customer": ticket.person.name,
            "order": ticket.order.number if ticket.order else "",
            "ref": goods_return.ref if goods_return else ticket.ref,
            "product": line.title if line else "",
            "shop": ticket.order.shop.name if ticket.order else "",
            "agent": actor.label,
            "promise": promise.text if promise else "",
            "promise_due": datewords.exact(promise.due_at, now) if promise and promise.due_at else "",
            "due": datewords.exact(ticket.due_at, now) if ticket.due_at else "",
        }


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in. What has no value stays in braces, so that nobody sends a hole unseen."""
    return _BRACES.sub(lambda found: values.get(found[1]) or found[0], text)
