"""What the rules say, for programs and, in `explanation`, for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.kernel.actor import Actor
from returns.models import Verdict
from returns.rules.explain import WordsMissing, explain
from returns.rules.verdict import FAULTS, PAYERS, REMEDIES


class ExplanationAnswer(serializers.Serializer):
    """In the caller's language and for the caller's audience: customers and staff read different words."""

    summary = serializers.ListField(child=serializers.CharField())
    because = serializers.ListField(child=serializers.CharField())
    extras = serializers.ListField(child=serializers.CharField())
    deadlines = serializers.ListField(child=serializers.CharField())
    contested = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.DictField())
    version = serializers.CharField()


class FreightAnswer(serializers.Serializer):
    remedy = serializers.ChoiceField(choices=list(REMEDIES))
    outbound = serializers.ChoiceField(choices=list(PAYERS))
    return_ = serializers.ChoiceField(choices=list(PAYERS))
    replacement = serializers.ChoiceField(choices=list(PAYERS))

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["return"] = fields.pop("return_")  # a word of Python
        return fields


class OutcomeAnswer(serializers.Serializer):
    """A verdict as the engine gave it (docs/rules.md): remedies in order, payers of each leg, and why."""

    fault = serializers.ChoiceField(choices=list(FAULTS))
    remedies = serializers.ListField(child=serializers.ChoiceField(choices=list(REMEDIES)))
    requested = serializers.CharField()
    requested_due = serializers.BooleanField()
    outbound_leg_payer = serializers.ChoiceField(choices=list(PAYERS))
    return_leg_payer = serializers.ChoiceField(choices=list(PAYERS))
    replacement_leg_payer = serializers.ChoiceField(choices=list(PAYERS))
    freight = FreightAnswer(many=True)
    carrier_claim = serializers.BooleanField()
    proof_wanted = serializers.CharField(allow_null=True)
    contested = serializers.ListField(child=serializers.DictField())
    deadlines = serializers.ListField(child=serializers.DictField())
    amounts = serializers.DictField(help_text="Minor units of the order's currency.")
    rows = serializers.DictField()
    because = serializers.ListField(child=serializers.DictField())
    sources = serializers.ListField(child=serializers.DictField())
    facts = serializers.DictField()
    pack = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()
    semantics = serializers.CharField()
    explanation = serializers.SerializerMethodField()

    @extend_schema_field(ExplanationAnswer(allow_null=True))
    def get_explanation(self, outcome: dict[str, Any]) -> dict[str, Any] | None:
        return words_for(outcome, self.context["actor"])


def words_for(outcome: dict[str, Any], actor: Actor) -> dict[str, Any] | None:
    """The explanation for this caller, or None when the words of an old pack are not at hand."""
    audience = "staff" if actor.is_staff else "customer"
    try:
        return dict(ExplanationAnswer(explain(outcome, get_language() or "zh-hans", audience).as_dict()).data)
    except WordsMissing:
        return None


class VerdictAnswer(serializers.ModelSerializer[Verdict]):
    """A verdict that was kept: which line, on what knowledge, when, and whether a later one replaced it."""

    line = serializers.IntegerField(source="line_id", read_only=True)
    outcome = OutcomeAnswer(read_only=True)

    class Meta:
        model = Verdict
        fields = ("id", "line", "stage", "decided_at", "superseded", "outcome")


class LegsAnswer(serializers.Serializer):
    """One parcel carries every line: who pays each leg of it (R-100)."""

    outbound = serializers.ChoiceField(choices=list(PAYERS))
    back = serializers.ChoiceField(choices=list(PAYERS))
    replacement = serializers.ChoiceField(choices=list(PAYERS))
    shared = serializers.BooleanField(help_text="Whether lines differed and one parcel settles it.")


class PreviewLine(serializers.Serializer):
    line = serializers.IntegerField(help_text="Order line.")
    outcome = OutcomeAnswer()


class PreviewAnswer(serializers.Serializer):
    """What would be decided, line by line; nothing was written."""

    lines = PreviewLine(many=True)
    legs = LegsAnswer()
