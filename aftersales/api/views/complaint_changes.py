"""The steps of a complaint, each as a noun that is posted. One action behind each; see `tickets.actions.complaints`."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change
from aftersales.api.serializers import complaint_bodies as bodies
from aftersales.api.serializers.complaints import ComplaintAnswer
from aftersales.api.serializers.shape import read_amount
from aftersales.api.views.complaints import complaint_seen_by, whole
from aftersales.kernel.errors import NotFound
from customers.actions.promises import break_promise, keep_promise
from tickets.actions.complaints import deciding, escalating, hearing, preventing, rating
from tickets.actions.complaints.apologising import apologise, waive_apology
from tickets.models import Complaint


class ComplaintChange(Change):
    """Finds the complaint within the caller's scope, changes it, answers with the whole of it."""

    verbs = {"POST": "complaint.handle"}
    answer = ComplaintAnswer

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        complaint_seen_by(self.actor, names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Complaint:
        complaint = complaint_seen_by(self.actor, names["ref"])
        self.change(complaint, data, **names)
        return whole(complaint.pk)

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        raise NotImplementedError


class ApologyNoun(ComplaintChange):
    """Somebody said sorry, on the phone or in a chat: the first answer, and it admits nothing."""

    says = "Enter an apology"
    body = bodies.ApologyBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        apologise(complaint.ticket_id, actor=self.actor, **data)


class ApologyWaiverNoun(ComplaintChange):
    """The first answer goes without an apology; the reason is kept."""

    says = "Answer without an apology"
    body = bodies.ReasonBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        waive_apology(complaint.ticket_id, actor=self.actor, **data)


class HearingNoun(ComplaintChange):
    """All the customer has to say, complete. Nothing is decided before."""

    says = "Hear a customer out"
    body = bodies.HearingBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        hearing.hear_out(complaint.ticket_id, actor=self.actor, **data)


class AimNoun(ComplaintChange):
    """The problem as the customer sees it, and what they really want."""

    says = "Write down problem and aim"
    body = bodies.AimBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        hearing.understand(complaint.ticket_id, actor=self.actor, **data)


class ClassNoun(ComplaintChange):
    """Put it into another class, also after it was settled."""

    says = "Change the class of a complaint"
    body = bodies.ClassBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        hearing.classify(complaint.ticket_id, actor=self.actor, **data)


class FaultNoun(ComplaintChange):
    """Whose fault it was, apart from every apology. Where it was the carrier's, the customer is helped the same day."""

    says = "Decide the fault"
    body = bodies.FaultBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        deciding.decide_fault(complaint.ticket_id, actor=self.actor, **data)


class InterimNoun(ComplaintChange):
    """What helps the customer until the plan is carried out."""

    says = "Give an interim solution"
    body = bodies.InterimBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        deciding.give_interim(complaint.ticket_id, actor=self.actor, **data)


class PlanNoun(ComplaintChange):
    """What the shop does, promised to the customer. Goodwill above the shop's limit needs a lead."""

    says = "Make a plan"
    body = bodies.PlanBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        deciding.make_plan(
            complaint.ticket_id, text=data["text"], promise=data["promise"], due_at=data["due_at"],
            cost_minor=read_amount(data["cost"], complaint.currency, "cost"), actor=self.actor,
        )  # fmt: skip


class PromiseNoun(ComplaintChange):
    """The promise of the plan was kept, or cannot be. Without a plan there is none."""

    verbs = {"POST": "promise.settle"}
    says = "Settle the promise of a plan"
    body = bodies.PromiseEndBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        if complaint.promise_id is None:
            raise NotFound
        settle = keep_promise if data["kept"] else break_promise
        settle(complaint.promise_id, actor=self.actor)


class SatisfactionNoun(ComplaintChange):
    """How content the customer is, 1 to 5, before and after. The first answer of each stands."""

    verbs = {"POST": "complaint.rate"}
    says = "Rate the handling of a complaint"
    body = bodies.RatingBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        channel = "portal" if self.actor.is_customer else data["channel"]
        rating.rate(complaint.ticket_id, actor=self.actor, **{**data, "channel": channel})


class CauseNoun(ComplaintChange):
    """Why it happened, and what somebody does differently by when. A complaint closes only with both."""

    says = "Write down the root cause"
    body = bodies.CauseBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        owner = data.pop("owner")
        preventing.write_cause(complaint.ticket_id, owner_id=owner, actor=self.actor, **data)


class ImprovementNoun(ComplaintChange):
    """An improvement is made, also long after the complaint was closed."""

    says = "Finish an improvement"

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        if not complaint.improvements.filter(pk=names["improvement_id"]).exists():
            raise NotFound
        preventing.finish_improvement(names["improvement_id"], actor=self.actor)


class EscalationsNoun(ComplaintChange):
    """Hand it up to a lead, the platform or the regulator. The same again changes nothing; an open one to the same stays."""

    says = "Escalate a complaint"
    body = bodies.EscalationBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        escalating.escalate(complaint.ticket_id, actor=self.actor, **data)


class OutcomeNoun(ComplaintChange):
    """What came of an escalation. The first outcome stands: another one is refused."""

    says = "Enter the outcome of an escalation"
    body = bodies.OutcomeBody

    def change(self, complaint: Complaint, data: dict[str, Any], **names: Any) -> None:
        if not complaint.escalations.filter(pk=names["escalation_id"]).exists():
            raise NotFound
        escalating.settle_escalation(names["escalation_id"], actor=self.actor, **data)
