"""What the changes take. Only shapes: whether a reason fits or a count is right is the action's to say."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.api.serializers.shape import AmountField, Strict, Text
from returns.models import Inspection, Return

MOST_LINES = 100  # of one request; the actions allow fewer


class ItemBody(Strict):
    line = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Order line.")
    quantity = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1)
    reason = Text(max_length=40)
    story = Text(max_length=2000, required=False, allow_blank=True, default="")
    wanted_sku = serializers.IntegerField(min_value=1, max_value=2**62, required=False, allow_null=True, default=None)


class RequestBody(Strict):
    """A return, an exchange or a repair, to be judged (`/verdicts/`) or opened (`/returns/`)."""

    order = serializers.IntegerField(min_value=1, max_value=2**62)
    kind = serializers.ChoiceField(choices=Return.Kind.choices)
    lines = serializers.ListField(child=ItemBody(), allow_empty=False, max_length=MOST_LINES)
    has_proof = serializers.BooleanField(required=False, default=False, help_text="Whether proof was seen.")


class RejectionBody(Strict):
    reason = Text(max_length=1000)
    clause = Text(max_length=200, help_text="The rule the refusal rests on.")
    alternative = Text(max_length=500, required=False, allow_blank=True, default="")


class QuestionBody(Strict):
    question = Text(max_length=1000)


class AnswerBody(Strict):
    answer = Text(max_length=2000)
    has_proof = serializers.BooleanField(required=False, default=False, help_text="Whether proof came with it.")


class StoryBody(Strict):
    story = Text(max_length=2000)


class SettlementBody(Strict):
    upheld = serializers.BooleanField(help_text="Whether the refusal stands.")
    answer = Text(max_length=1000)


class ParcelBody(Strict):
    carrier = Text(max_length=40)
    number = Text(max_length=60)
    freight_paid = AmountField(required=False, default="0")


class ArrivalBody(Strict):
    signed_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class CountBody(Strict):
    line = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Return line.")
    quantity = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ReceiptBody(Strict):
    counts = serializers.ListField(child=CountBody(), allow_empty=False, max_length=MOST_LINES)


class FindingBody(Strict):
    line = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Return line.")
    quantity = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    accepted = serializers.BooleanField()
    grade = serializers.ChoiceField(choices=Inspection.Grade.choices)
    disposition = serializers.ChoiceField(choices=Inspection.Disposition.choices)
    note = Text(max_length=1000, required=False, allow_blank=True, default="")
    found_reason = Text(max_length=40, required=False, allow_blank=True, default="")
    found_cause = Text(max_length=40, required=False, allow_blank=True, default="")


class InspectionBody(Strict):
    findings = serializers.ListField(child=FindingBody(), allow_empty=False, max_length=MOST_LINES)
    clause = Text(max_length=200, required=False, allow_blank=True, default="")


class DifferenceBody(Strict):
    payment_ref = Text(max_length=100, required=False, allow_blank=True, default="")
    waive = serializers.BooleanField(required=False, default=False)


class ReplacementBody(Strict):
    carrier = Text(max_length=40)
    number = Text(max_length=60)


class RepairBody(Strict):
    fault = Text(max_length=5000, help_text="What was wrong and what was done; the customer reads it.")
    parts = Text(max_length=5000, required=False, allow_blank=True, default="")


class RepairEndBody(Strict):
    fault = Text(max_length=5000, help_text="Why it cannot be repaired; the customer reads it.")
    instead = serializers.ChoiceField(choices=("exchange", "return"))


class PaymentBody(Strict):
    payment_ref = Text(max_length=200)


class LookedUpBody(Strict):
    was_paid = serializers.BooleanField()
    payment_ref = Text(max_length=200, required=False, allow_blank=True, default="")
