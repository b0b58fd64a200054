"""The versions of a rule set, to read."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Door
from aftersales.api.serializers.rules import RuleTextAnswer, RuleVersionAnswer
from aftersales.kernel.errors import NotFound
from returns.models import RuleVersion


class RuleVersions(Door):
    """Every version of a rule set, newest first, drafts included."""

    verbs = {"GET": "rules.view"}
    says = "List the versions of a rule set"
    answer = RuleVersionAnswer
    many = True

    def get(self, request: Request, rule_set: str) -> Response:
        rows = RuleVersion.objects.visible_to(self.actor).filter(rule_set=rule_set).select_related("base")
        if not rows:
            raise NotFound
        return Response(self.answer(rows.order_by("-number"), many=True, context={"actor": self.actor}).data)


class OneRuleVersion(Door):
    """A version with its text. Its hash is over the meaning of the text, as verdicts name it."""

    verbs = {"GET": "rules.view"}
    says = "Read a version of the rules"
    answer = RuleTextAnswer

    def get(self, request: Request, rule_set: str, number: int) -> Response:
        rows = RuleVersion.objects.visible_to(self.actor).select_related("base")
        version = rows.filter(rule_set=rule_set, number=number).first()
        if version is None:
            raise NotFound
        return Response(self.answer(version, context={"actor": self.actor}).data)
