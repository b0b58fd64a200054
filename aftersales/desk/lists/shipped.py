"""The views every desk has from its first day: who is shown them, and what each asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from returns.models import Refund, Return


@dataclass(frozen=True, slots=True, eq=False)  # each is the same as itself, in every language
class ShippedView:
    """`query` as the address of a list says it; `narrows` names what no filter of the list can say.

    `verb` is what somebody needs to be shown it: an objection is nothing an agent could settle.
    """

    key: str
    label: str | Promise
    icon: str
    query: str = ""
    verb: str = "ticket.view"
    narrows: str = ""
    short: str | Promise = ""  # its words below the heading of its group
    group: str | Promise = ""

    def condition(self) -> Q:
        """What narrows it further; a subquery, so that no ticket stands in the list twice."""
        match self.narrows:
            case "objections":
                return Q(pk__in=Return.objects.filter(is_contested=True).values("ticket_id"))
            case "second":
                refunds = Refund.objects.filter(status=Refund.Status.DUE, needs_second=True, first_by__isnull=False)
                return Q(pk__in=refunds.values("of__ticket_id"))
        return Q()


_WAITING = _("Waiting for")
_SECOND_LOOK = _("A second look")
SHIPPED: tuple[ShippedView, ...] = (
    ShippedView("", pgettext_lazy("queue", "All open"), "inbox"),
    ShippedView("mine", pgettext_lazy("queue", "Mine"), "user", "assignee=me", "ticket.assign"),
    ShippedView("unassigned", pgettext_lazy("queue", "Unassigned"), "users", "assignee=none"),
    ShippedView("overdue", pgettext_lazy("queue", "Overdue"), "warning", "due=overdue"),
    ShippedView("today", pgettext_lazy("queue", "Due today"), "calendar", "due=today"),
    ShippedView("complaints", pgettext_lazy("queue", "Complaints"), "flag", "kind=complaint"),
    ShippedView(
        "customer", _("Waiting for the customer"), "pause", "waiting_on=customer&sort=waited&cols=waited",
        short=pgettext_lazy("waiting", "Customer"), group=_WAITING,
    ),
    ShippedView(
        "carrier", _("Waiting for the carrier"), "truck", "waiting_on=carrier&sort=waited&cols=waited",
        short=pgettext_lazy("waiting", "Carrier"), group=_WAITING,
    ),
    ShippedView(
        "warehouse", _("Waiting for the warehouse"), "box-open", "waiting_on=warehouse&sort=waited&cols=waited",
        short=pgettext_lazy("waiting", "Warehouse"), group=_WAITING,
    ),
    ShippedView(
        "supplier", _("Waiting for the supplier"), "shop", "waiting_on=supplier&sort=waited&cols=waited",
        short=pgettext_lazy("waiting", "Supplier"), group=_WAITING,
    ),
    ShippedView(
        "finance", _("Waiting for finance"), "coin", "waiting_on=finance&sort=waited&cols=waited",
        short=pgettext_lazy("waiting", "Finance"), group=_WAITING,
    ),
    ShippedView(
        "objections", pgettext_lazy("queue", "Objections"), "flag", verb="return.settle_contest", narrows="objections",
        group=_SECOND_LOOK,
    ),
    ShippedView(
        "second", pgettext_lazy("queue", "Second person"), "shield", verb="refund.pay_large", narrows="second",
        group=_SECOND_LOOK,
    ),
)  # fmt: skip


def shipped_for(actor: Actor) -> list[ShippedView]:
    return [view for view in SHIPPED if may(actor, view.verb)]


def shipped_called(key: str) -> ShippedView | None:
    return next((view for view in SHIPPED if view.key == key), None)
