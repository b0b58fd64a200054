"""The queue of work: what can be asked of it, its tabs with their counts, and its rows. Read by the home and ticket pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from returns.models import Refund, Return
from tickets.models import Message, Queue, Ticket
from tickets.queries import TicketQuerySet

ROWS = 25

# The tabs above the queue; each is a set of tickets that somebody asks for by habit.
_SECOND_PERSON = Q(
    goods_return__refunds__status=Refund.Status.DUE,
    goods_return__refunds__needs_second=True,
    goods_return__refunds__first_by__isnull=False,
)
_OBJECTION = Q(goods_return__is_contested=True)


class QueueFilter(forms.Form):
    """What the address asks of the queue. A value nobody knows is passed over, so that an old bookmark still opens."""

    view = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Status"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    waiting_on = forms.ChoiceField(label=_("Waiting for"), required=False)
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: QueryDict, *, queues: list[Queue]) -> None:
        super().__init__(data, auto_id="filter-%s")
        any_one = ("", pgettext_lazy("filter", "any"))
        waiting = [choice for choice in Ticket.WaitingOn.choices if choice[0]]
        self._choose("view", [(view.key, view.label) for view in VIEWS])
        self._choose("status", [("", _("open or waiting")), *Ticket.Status.choices])
        self._choose("kind", [any_one, *Ticket.Kind.choices])
        self._choose("waiting_on", [any_one, *waiting])
        self._choose("queue", [any_one, *((queue.key, queue_name(queue)) for queue in queues)])
        self.is_valid()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wish(self, name: str) -> str:
        """What is asked for under `name`, or nothing."""
        return str(self.cleaned_data.get(name) or "")

    def apply(self, tickets: TicketQuerySet, *, actor: Actor, now: dt.datetime) -> TicketQuerySet:
        """The tickets asked for; closed ones only where the address says so."""
        tickets = tickets.filter(status=self.wish("status")) if self.wish("status") else tickets.open()
        for name, column in (("kind", "kind"), ("waiting_on", "waiting_on"), ("queue", "queue__key")):
            if self.wish(name):
                tickets = tickets.filter(**{column: self.wish(name)})
        if self.cleaned_data.get("overdue"):
            tickets = tickets.filter(due_at__lt=now)
        condition = view_called(self.wish("view")).condition(actor, now)
        # Distinct only where a join can repeat a row: it costs a sort over everything that matches.
        return tickets.filter(condition).distinct() if self.wish("view") == "second" else tickets.filter(condition)

    def chips(self, query: QueryDict) -> list[dict[str, str]]:
        """What is asked for, each with the address that takes it off again."""
        chips = []
        for name in ("status", "kind", "waiting_on", "queue", "overdue"):
            if not self.cleaned_data.get(name):
                continue
            rest = query.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            chips.append({"label": self._in_words(name), "href": f"?{rest.urlencode()}"})
        return chips

    def _in_words(self, name: str) -> str:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return str(field.label)
        return f"{field.label}: {dict(field.choices)[self.wish(name)]}"  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class QueueView:
    """One tab. `verb` is what somebody needs to be shown it: an objection is nothing an agent could settle."""

    key: str
    label: str | Promise
    verb: str = "ticket.view"

    def condition(self, actor: Actor, now: dt.datetime) -> Q:
        match self.key:
            case "mine":
                return Q(assignee_id=actor.id)
            case "unassigned":
                return Q(assignee=None)
            case "overdue":
                return Q(due_at__lt=now)
            case "objections":
                return _OBJECTION
            case "second":
                return _SECOND_PERSON
        return Q()


VIEWS = (
    QueueView("", pgettext_lazy("queue", "All open")),
    QueueView("mine", pgettext_lazy("queue", "Mine"), "ticket.assign"),
    QueueView("unassigned", pgettext_lazy("queue", "Unassigned")),
    QueueView("overdue", pgettext_lazy("queue", "Overdue")),
    QueueView("objections", pgettext_lazy("queue", "Objections"), "return.settle_contest"),
    QueueView("second", pgettext_lazy("queue", "Second person"), "refund.pay_large"),
)


def view_called(key: str) -> QueueView:
    return next((view for view in VIEWS if view.key == key), VIEWS[0])


def tabs(actor: Actor, *, current: str, now: dt.datetime) -> list[dict[str, Any]]:
    """The views this person needs, with how many open tickets are in each: one query for all."""
    shown = [view for view in VIEWS if may(actor, view.verb)]
    counts = (
        Ticket.objects.visible_to(actor)
        .open()
        .aggregate(
            **{
                f"view_{view.key or 'all'}": Count("pk", filter=view.condition(actor, now), distinct=True)
                for view in shown
            }
        )
    )
    return [
        {
            "label": view.label,
            "href": f"?view={view.key}" if view.key else "?",
            "count": counts[f"view_{view.key or 'all'}"],
            "current": view.key == current,
        }
        for view in shown
    ]


def rows(tickets: TicketQuerySet) -> TicketQuerySet:
    """Most urgent first, with everything a row shows in one query; the last word by the index on the conversation."""
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-at", "-id")
    listed: TicketQuerySet = (
        tickets.preloaded()
        .select_related("goods_return")
        .annotate(last_text=Subquery(last.values("text")[:1]), last_by=Subquery(last.values("by")[:1]))
        .by_due()
    )
    return listed


def queue_name(queue: Queue) -> str:
    """The queue's name in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return queue.name_zh if chinese or not queue.name_en else queue.name_en


def state_of(ticket: Ticket) -> tuple[str, str]:
    """What the badge of a row says: the state of the return, else of the ticket."""
    ret: Return | None = getattr(ticket, "goods_return", None)
    if ret is None:
        return ticket.status, str(ticket.get_status_display())
    if ret.is_contested:
        return "contested", pgettext("badge", "contested")
    return ret.status, str(ret.get_status_display())
