"""A complaint as the API shows it. What the shop makes of it (fault, cause, cost) stands under `desk`: null for a customer."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.api.serializers.returns import OrderName
from aftersales.api.serializers.shape import MoneyField
from aftersales.api.serializers.tickets import StaffName
from customers.models import Promise
from tickets.models import Apology, Complaint, ComplaintClass, Escalation, Improvement, Satisfaction


class ClassAnswer(serializers.ModelSerializer[ComplaintClass]):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = ComplaintClass
        fields = ("code", "group", "name")


class PromiseAnswer(serializers.ModelSerializer[Promise]):
    class Meta:
        model = Promise
        fields = ("text", "made_at", "due_at", "kept_at", "broken_at")


class RatingAnswer(serializers.ModelSerializer[Satisfaction]):
    class Meta:
        model = Satisfaction
        fields = ("stage", "score", "channel", "at")


class StepAnswer(serializers.Serializer):
    """One of the seven, in their order; `at` is null until it is done."""

    step = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class ApologyAnswer(serializers.ModelSerializer[Apology]):
    class Meta:
        model = Apology
        fields = ("words", "channel", "at")


class EscalationAnswer(serializers.ModelSerializer[Escalation]):
    class Meta:
        model = Escalation
        fields = ("id", "to", "reason", "at", "due_at", "outcome", "settled_at")


class ImprovementAnswer(serializers.ModelSerializer[Improvement]):
    owner = StaffName(read_only=True)

    class Meta:
        model = Improvement
        fields = ("id", "text", "owner", "due_on", "at", "done_at")


class ComplaintBrief(serializers.ModelSerializer[Complaint]):
    """A row of the list."""

    ref = serializers.CharField(source="ticket.ref", read_only=True, help_text="Of its ticket.")
    status = serializers.CharField(source="ticket.status", read_only=True)
    order = OrderName(source="ticket.order", read_only=True, allow_null=True)
    classification = ClassAnswer(read_only=True)

    class Meta:
        model = Complaint
        fields: tuple[str, ...] = (
            "ref", "status", "order", "classification", "received_at", "answer_due_at", "answered_at",
        )  # fmt: skip


class HandlingAnswer(serializers.ModelSerializer[Complaint]):
    """How the shop handles it."""

    steps = serializers.SerializerMethodField()
    goodwill = MoneyField(source="cost_minor")
    apologies = ApologyAnswer(many=True, read_only=True)
    escalations = EscalationAnswer(many=True, read_only=True)
    improvements = ImprovementAnswer(many=True, read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "steps", "statement", "real_problem", "aim", "fault", "fault_reason", "interim", "interim_due_at",
            "interim_at", "plan", "goodwill", "root_cause", "unapologetic_reason", "apologies", "escalations",
            "improvements",
        )  # fmt: skip

    @extend_schema_field(StepAnswer(many=True))
    def get_steps(self, complaint: Complaint) -> object:
        rows = [{"step": step, "at": at, "due_at": due} for step, at, due in complaint.steps()]
        return StepAnswer(rows, many=True).data


class ComplaintAnswer(ComplaintBrief):
    """One complaint, whole."""

    promise = PromiseAnswer(read_only=True, allow_null=True)
    ratings = RatingAnswer(many=True, read_only=True)
    desk = serializers.SerializerMethodField(help_text="For staff; null for a customer.")

    class Meta:
        model = Complaint
        fields = (*ComplaintBrief.Meta.fields, "promise", "ratings", "desk")

    @extend_schema_field(HandlingAnswer(allow_null=True))
    def get_desk(self, complaint: Complaint) -> object:
        return HandlingAnswer(complaint, context=self.context).data if self.context["actor"].is_staff else None
