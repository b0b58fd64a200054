"""Tickets to list, read and open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door, Listing, tickets_seen_by
from aftersales.api.serializers.ticket_bodies import TicketBody
from aftersales.api.serializers.tickets import TicketAnswer, TicketBrief
from aftersales.api.ticket_filters import DeskTicketFilter, TicketFilter
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.refs import clean_ref
from customers.models import Person
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.questions import ask_question
from tickets.models import Ticket

_ROW = ("queue", "person", "order", "assignee", "team", "merged_into")


def whole(ticket_id: int) -> Ticket:
    """One ticket with everything the answer shows. The caller has found it within the scope."""
    rows = Ticket.objects.select_related(*_ROW, "goods_return").prefetch_related("tags", "clocks")
    found: Ticket = rows.get(pk=ticket_id)
    return found


def person_named(ref: str, actor: Actor) -> int | None:
    """Primary key of the customer of that reference within scope, None where none is named. Raises `NotFound`."""
    if not ref:
        return None
    found: Person | None = Person.objects.visible_to(actor).called(clean_ref(ref) or "")
    if found is None:
        raise NotFound
    return found.pk


class Tickets(Listing, Change):
    """Newest first. POST opens one: a customer asks about an order, staff open any kind that no request opens."""

    verbs = {"GET": "ticket.view", "POST": "ticket.open"}
    says = "List tickets, open a ticket"
    body = TicketBody
    answer = TicketBrief
    made = TicketAnswer
    status = 201
    filters = DeskTicketFilter

    def get(self, request: Request, **names: Any) -> Response:
        if not self.actor.is_staff:
            self.filters = TicketFilter  # type: ignore[misc]  # of this request's own view
        return super().get(request)

    def rows(self) -> QuerySet[Any]:
        return tickets_seen_by(self.actor).select_related(*_ROW).prefetch_related("tags")

    def act(self, data: dict[str, Any], **names: Any) -> Ticket:
        if not self.actor.is_staff:
            if data["order"] is None:
                raise BadInput(_("Say which order it is about."), field="order", code="required")
            return whole(ask_question(data["order"], text=data["text"], actor=self.actor).pk)
        about = About(person_id=person_named(data["person"], self.actor), order_id=data["order"])
        given = {name: data[name] for name in ("kind", "title", "text", "channel", "due_at")}
        return whole(open_by_staff(about=about, actor=self.actor, **given).pk)


class OneTicket(Door):
    """With how it stands in the shop and its clocks, for staff."""

    verbs = {"GET": "ticket.view"}
    says = "Read a ticket"
    answer = TicketAnswer

    def get(self, request: Request, ref: str) -> Response:
        found = self.find_ticket(ref)
        return Response(self.answer(whole(found.pk), context={"actor": self.actor}).data)
