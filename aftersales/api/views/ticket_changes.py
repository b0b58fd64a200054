"""What may happen to a ticket, each as a noun that is posted. One action behind each; see `tickets.actions`."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change
from aftersales.api.serializers.ticket_bodies import AssigneeBody, ClosingBody, WaitingBody
from aftersales.api.serializers.tickets import TicketAnswer
from aftersales.api.views.tickets import whole
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import Ticket


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
        set_waiting(ticket.pk, data["waiting_on"], until=data["until"], why=data["why"], actor=self.actor)


class TicketClosingNoun(TicketChange):
    """Nothing is left to do. A running request or an unfinished complaint keeps it open."""

    verbs = {"POST": "ticket.close"}
    says = "Close a ticket"
    body = ClosingBody

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        close_ticket(ticket.pk, actor=self.actor, reason=data["reason"], why=data["why"])


class TicketReopeningNoun(TicketChange):
    """There is something to do after all. A customer reopens by writing."""

    verbs = {"POST": "ticket.close"}
    says = "Reopen a ticket"

    def change(self, ticket: Ticket, data: dict[str, Any]) -> None:
        reopen_ticket(ticket.pk, actor=self.actor)
