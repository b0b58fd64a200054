"""Complaints to list, read with their steps, and take in. The steps themselves are in `complaint_changes`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door, Listing
from aftersales.api.serializers.complaints import ComplaintAnswer, ComplaintBrief
from aftersales.api.serializers.ticket_bodies import ComplaintBody
from aftersales.api.ticket_filters import ComplaintFilter
from aftersales.api.views.tickets import person_named
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.refs import clean_ref
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint


def complaint_seen_by(actor: Actor, ref: str) -> Complaint:
    """The complaint of that ticket within the scope. Raises `NotFound`, whether or not it exists elsewhere."""
    seen = Complaint.objects.visible_to(actor)
    found: Complaint | None = seen.filter(ticket__ref=clean_ref(ref) or "").first()
    if found is None:
        raise NotFound
    return found


def whole(complaint_id: int) -> Complaint:
    """One complaint with everything the answer shows. The caller has found it within the scope."""
    rows = Complaint.objects.preloaded()
    beside = ("apologies", "ratings", "escalations", "improvements__owner")
    found: Complaint = rows.prefetch_related(*beside).get(pk=complaint_id)
    return found


class Complaints(Listing, Change):
    """Newest first. POST takes one in, with the customer's own words."""

    verbs = {"GET": "ticket.view", "POST": "complaint.open"}
    says = "List complaints, take one in"
    body = ComplaintBody
    answer = ComplaintBrief
    made = ComplaintAnswer
    filters = ComplaintFilter
    status = 201

    def rows(self) -> QuerySet[Any]:
        return Complaint.objects.visible_to(self.actor).select_related("ticket__order", "classification")

    def act(self, data: dict[str, Any], **names: Any) -> Complaint:
        opened = open_complaint(
            code=data["code"], statement=data["statement"], wish=data["wish"], order_id=data["order"],
            person_id=person_named(data["person"], self.actor), line_id=data["line"], actor=self.actor,
            about_id=self.find_ticket(data["about"]).pk if data["about"] else None,
            channel="portal" if self.actor.is_customer else "desk",
        )  # fmt: skip
        return whole(opened.pk)


class OneComplaint(Door):
    """With promise and satisfaction; for staff with its steps, fault, plan, escalations and improvements."""

    verbs = {"GET": "ticket.view"}
    says = "Read a complaint"
    answer = ComplaintAnswer

    def get(self, request: Request, ref: str) -> Response:
        found = complaint_seen_by(self.actor, ref)
        return Response(self.answer(whole(found.pk), context={"actor": self.actor}).data)
