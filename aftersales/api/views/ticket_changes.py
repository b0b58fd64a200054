"""What may happen to a ticket, each as a noun that is posted. One action behind each; see `tickets.actions`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.accounts.models import Team
from aftersales.api.doors import Change
from aftersales.api.serializers.ticket_bodies import (
    AssigneeBody,
    ClosingBody,
    DetailsBody,
    MergingBody,
    OwnFieldsBody,
    WaitingBody,
)
from aftersales.api.serializers.tickets import TicketAnswer
from aftersales.api.views.tickets import whole
from aftersales.kernel.errors import BadInput
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.details import change_ticket
from tickets.actions.fields import fill_in
from tickets.actions.merging import merge_tickets
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import Queue, Tag, Ticket


class TicketChange(Change):
    """Finds the ticket within the caller's scope, changes it, answers with the whole of it."""

    answer = TicketAnswer

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        self.find_ticket(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Ticket:
        ticket = self.find_ticket(names["ref"])
        self.change(ticket, data)
        return whole(ticket.pk)

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        raise NotImplementedError


class AssigneeNoun(TicketChange):
    """Give it to a member of staff, or to nobody."""

    verbs = {"POST": "ticket.assign"}
    says = "Assign a ticket"
    body = AssigneeBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        assign(ticket.pk, user_id=data["user"], actor=self.actor)


class WaitingNoun(TicketChange):
    """Let it wait for somebody, perhaps until a day; for nobody, and it is taken up again."""

    verbs = {"POST": "ticket.wait"}
    says = "Let a ticket wait"
    body = WaitingBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        set_waiting(
            ticket.pk, data["waiting_on"], until=data["until"], why=data["why"], seen=data["seen"], actor=self.actor
        )


class DetailsNoun(TicketChange):
    """What it is about and where it lies: kind, title, priority, queue, team, tags. What is left out stays."""

    verbs = {"POST": "ticket.change"}
    says = "Change a ticket"
    body = DetailsBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        wanted: dict[str, Any] = {name: data[name] for name in ("kind", "title", "priority") if name in data}
        if "queue" in data:
            wanted["queue_id"] = _key_of(Queue, "queue", key=data["queue"])
        if "team" in data:
            wanted["team_id"] = _key_of(Team, "team", name=data["team"]) if data["team"] else None
        if "tags" in data:
            wanted["tags"] = [_key_of(Tag, "tags", name=name) for name in data["tags"]]
        change_ticket(ticket.pk, actor=self.actor, **wanted)


class OwnFieldsNoun(TicketChange):
    """Fill in fields that the shop has added to its tickets."""

    verbs = {"POST": "ticket.change"}
    says = "Fill in own fields"
    body = OwnFieldsBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        fill_in(ticket.pk, data["values"], actor=self.actor)


class MergingNoun(TicketChange):
    """Merge it into another of the same customer. It closes and points there; its messages are read there."""

    verbs = {"POST": "ticket.merge"}
    says = "Merge a ticket"
    body = MergingBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        merge_tickets(ticket.pk, self.find_ticket(data["into"]).pk, actor=self.actor)


class TicketClosingNoun(TicketChange):
    """Nothing is left to do. A running request or an unfinished complaint keeps it open."""

    verbs = {"POST": "ticket.close"}
    says = "Close a ticket"
    body = ClosingBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        close_ticket(ticket.pk, actor=self.actor, reason=data["reason"], why=data["why"], seen=data["seen"])


class TicketReopeningNoun(TicketChange):
    """There is something to do after all. A customer reopens by writing."""

    verbs = {"POST": "ticket.close"}
    says = "Reopen a ticket"

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        reopen_ticket(ticket.pk, actor=self.actor)


def _key_of(model: type[Model], field: str, **named: str) -> int:
    """The primary key of a row that the body names. Raises `BadInput`."""
    key: int | None = model._default_manager.filter(**named).values_list("pk", flat=True).first()
    if key is None:
        raise BadInput(
            _("Nothing here is called “%(text)s”."),
            field=field,
            code="unknown",
            text=str(next(iter(named.values())))[:50],
        )
    return key
