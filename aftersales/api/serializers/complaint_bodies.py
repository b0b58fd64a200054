"""What the steps of a complaint take. Only shapes: whether a step may come now is the action's to say."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.api.serializers.shape import AmountField, Strict, Text
from tickets.actions.complaints.apologising import SPOKEN
from tickets.models import Complaint, Escalation, Message, Satisfaction

SPOKEN_CHANNELS = [(each.value, each.label) for each in Message.Channel if each.value in SPOKEN]
ASKED_BY = [(each.value, each.label) for each in Message.Channel if each.value in ("phone", "chat", "email")]
DECIDED = [(each.value, each.label) for each in Complaint.Fault if each != Complaint.Fault.OPEN]
_TO_UTC = "Instant; what is promised or expected is due then."


class ApologyBody(Strict):
    """One that was spoken; in writing it is a message that says sorry."""

    words = Text(max_length=5000)
    channel = serializers.ChoiceField(choices=SPOKEN_CHANNELS)


class ReasonBody(Strict):
    reason = Text(max_length=5000)


class HearingBody(Strict):
    statement = Text(max_length=50_000)


class AimBody(Strict):
    real_problem = Text(max_length=5000)
    aim = Text(max_length=5000)


class FaultBody(Strict):
    fault = serializers.ChoiceField(choices=DECIDED)
    reason = Text(max_length=5000)


class InterimBody(Strict):
    text = Text(max_length=5000)


class PlanBody(Strict):
    text = Text(max_length=5000)
    promise = Text(
        max_length=300, required=False, allow_blank=True, default="", help_text="The plan itself by default."
    )
    due_at = serializers.DateTimeField(help_text=_TO_UTC)
    cost = AmountField(required=False, default="0")


class PromiseEndBody(Strict):
    kept = serializers.BooleanField(help_text="False: it cannot be kept.")


class ClassBody(Strict):
    code = Text(max_length=40, help_text="Class by code.")


class RatingBody(Strict):
    stage = serializers.ChoiceField(choices=Satisfaction.Stage.choices)
    score = serializers.IntegerField(min_value=1, max_value=5)
    channel = serializers.ChoiceField(
        choices=ASKED_BY, required=False, default="phone", help_text="How staff asked; a customer says it themselves."
    )


class CauseBody(Strict):
    root_cause = Text(max_length=5000)
    improvement = Text(max_length=5000)
    owner = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Member of staff by id.")
    due_on = serializers.DateField()


class EscalationBody(Strict):
    to = serializers.ChoiceField(choices=Escalation.To.choices)
    reason = Text(max_length=5000)
    due_at = serializers.DateTimeField(help_text=_TO_UTC)


class OutcomeBody(Strict):
    outcome = Text(max_length=5000)
