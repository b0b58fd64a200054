"""Visits to list and read, and what came of one: for a phone program that calls customers, as the desk's page does it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door, Listing
from aftersales.api.serializers.visits import VisitAnswer, VisitBrief, VisitOutcomeBody
from aftersales.api.visit_filters import VisitFilter
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.refs import clean_ref
from tickets.actions.visits.recording import Said, record_callback, record_missed, record_outcome
from tickets.models import Visit, VisitTry

_ROW = ("plan", "person", "order", "team", "assignee")


def whole(visit_id: int, actor: Actor) -> Visit:
    """One visit with everything the answer shows. The caller has found it within the scope."""
    rows = Visit.objects.select_related(*_ROW, "by").with_cases(actor)
    found: Visit = rows.prefetch_related("plan__questions", "all_tries__by").get(pk=visit_id)
    return found


def visit_named(ref: str, actor: Actor) -> int:
    """Primary key of the visit of that reference within the caller's scope. Raises `NotFound`."""
    found: int | None = (
        Visit.objects.visible_to(actor).filter(ref=clean_ref(ref) or "").values_list("pk", flat=True).first()
    )
    if found is None:
        raise NotFound
    return found


class Visits(Listing):
    """Newest first. For the day's list ask for `state=planned` and `due_before`."""

    verbs = {"GET": "visit.view"}
    says = "List visits"
    answer = VisitBrief
    filters = VisitFilter

    def rows(self) -> QuerySet[Any]:
        return Visit.objects.visible_to(self.actor).select_related(*_ROW).with_cases(self.actor)


class OneVisit(Door):
    """With its script, its tries and what came of it."""

    verbs = {"GET": "visit.view"}
    says = "Read a visit"
    answer = VisitAnswer

    def get(self, request: Request, ref: str) -> Response:
        return Response(
            self.answer(whole(visit_named(ref, self.actor), self.actor), context={"actor": self.actor}).data
        )


class VisitOutcomeNoun(Change):
    """What came of it: reached, another time, or not reached. The same again changes nothing; other words are refused."""

    verbs = {"POST": "visit.record"}
    says = "Record what came of a visit"
    body = VisitOutcomeBody
    answer = VisitAnswer

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        visit_named(names["ref"], self.actor)
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Visit:
        pk = visit_named(names["ref"], self.actor)
        if data["result"] == VisitTry.Result.MISSED:
            if data["number"] is None:
                raise BadInput(_("Say which try this was, counted from 1."), field="number", code="required")
            record_missed(pk, number=data["number"], remark=data["remark"], actor=self.actor)
        elif data["result"] == VisitTry.Result.CALLBACK:
            record_callback(pk, again_at=data["again_at"], remark=data["remark"], actor=self.actor)
        else:
            record_outcome(pk, data["result"], _said(data), actor=self.actor)
        return whole(pk, self.actor)


def _said(data: dict[str, Any]) -> Said:
    return Said(
        satisfaction=data["satisfaction"], usage=data["usage"], suggestion=data["suggestion"], help=data["needs"],
        answers={each["question"]: each["value"] for each in data["answers"]},
    )  # fmt: skip
