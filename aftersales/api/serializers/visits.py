"""A visit as the API shows it, and what came of it as a program says it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.api.serializers.returns import OrderName
from aftersales.api.serializers.shape import Strict, Text
from aftersales.api.serializers.tickets import PersonName, StaffName
from aftersales.kernel.policy import may
from tickets.models import Visit, VisitPlan, VisitQuestion, VisitTry

_BIG = 2**62
# Reached in some way, or a try that did not end it. "Not reached" as an end is the last try's to say.
RESULTS = [(value, words) for value, words in Visit.Outcome.choices if value != Visit.Outcome.UNREACHED]
RESULTS += VisitTry.Result.choices


class PlanName(serializers.ModelSerializer[VisitPlan]):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = VisitPlan
        fields = ("code", "name")


class QuestionAnswer(serializers.ModelSerializer[VisitQuestion]):
    """A question of the script, in the caller's language. `about_staff`: its answer is shown to leads only."""

    text = serializers.CharField(source="__str__", read_only=True)
    about_staff = serializers.BooleanField(source="for_leads", read_only=True)

    class Meta:
        model = VisitQuestion
        fields = ("id", "kind", "text", "about_staff")


class TryAnswer(serializers.ModelSerializer[VisitTry]):
    by = StaffName(read_only=True, allow_null=True)

    class Meta:
        model = VisitTry
        fields = ("at", "by", "channel", "result", "next_at", "note")


class SaidAnswer(serializers.Serializer):
    """A question with its words as they were asked, and what the customer said."""

    question_zh = serializers.CharField(source="zh")
    question_en = serializers.CharField(source="en")
    kind = serializers.CharField()
    value = serializers.CharField()


class VisitBrief(serializers.ModelSerializer[Visit]):
    """A row of the list."""

    plan = PlanName(read_only=True)
    person = PersonName(read_only=True)
    order = OrderName(read_only=True, allow_null=True)
    after = serializers.CharField(
        source="after.ref",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The ticket it follows; null too where that is out of the caller's scope.",
    )
    team = serializers.CharField(source="team.name", read_only=True, allow_null=True, default=None)
    assignee = StaffName(read_only=True, allow_null=True)

    class Meta:
        model = Visit
        fields: tuple[str, ...] = (
            "ref", "state", "channel", "plan", "number", "person", "order", "after", "team", "assignee", "planned_at",
            "due_at", "is_callback", "tries", "outcome", "ended_at",
        )  # fmt: skip


class VisitAnswer(VisitBrief):
    """One visit, whole: its script, its tries, and what came of it."""

    script = QuestionAnswer(many=True, read_only=True)
    all_tries = TryAnswer(many=True, read_only=True)
    answers = serializers.SerializerMethodField(help_text="What was said of the staff is for leads.")
    help_ticket = serializers.CharField(
        source="help_ticket.ref", read_only=True, allow_null=True, default=None, help_text="Null where out of scope."
    )
    by = StaffName(read_only=True, allow_null=True)

    class Meta:
        model = Visit
        fields = (
            *VisitBrief.Meta.fields, "invited_at", "script", "all_tries", "satisfaction", "usage", "suggestion",
            "answers", "needs", "help_ticket", "by", "by_customer", "why", "why_words",
        )  # fmt: skip

    @extend_schema_field(SaidAnswer(many=True))
    def get_answers(self, visit: Visit) -> object:
        reads_staff = may(self.context["actor"], "visit.staff.view")
        return SaidAnswer([row for row in visit.answers if reads_staff or not row["for_leads"]], many=True).data


class SaidBody(Strict):
    question = serializers.IntegerField(min_value=1, max_value=_BIG, help_text="Id in the script.")
    value = Text(max_length=1000, help_text="Words; “yes” or “no”; “1” to “5”: as the question's kind asks.")


class VisitOutcomeBody(Strict):
    """`satisfaction` where the customer was reached, `needs` with help, `again_at` with callback, `number` with missed."""

    result = serializers.ChoiceField(choices=RESULTS)
    satisfaction = serializers.IntegerField(
        min_value=-(2**31), max_value=2**31 - 1, required=False, allow_null=True, default=None, help_text="1 to 5."
    )
    usage = Text(max_length=1000, required=False, allow_blank=True, default="")
    suggestion = Text(max_length=1000, required=False, allow_blank=True, default="")
    needs = Text(max_length=1000, required=False, allow_blank=True, default="")
    answers: Any = serializers.ListField(child=SaidBody(), required=False, default=list, max_length=100)
    again_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    number = serializers.IntegerField(
        min_value=1, max_value=99, required=False, allow_null=True, default=None,
        help_text="Which try this was, from 1: the same number again counts once, and none may be skipped.",
    )  # fmt: skip
    remark = Text(max_length=300, required=False, allow_blank=True, default="")
