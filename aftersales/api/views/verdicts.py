"""What the rules would say, and what they said."""

from __future__ import annotations

import dataclasses
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door
from aftersales.api.serializers.bodies import RequestBody
from aftersales.api.serializers.verdicts import PreviewAnswer, VerdictAnswer
from aftersales.api.views.returns import items_of
from aftersales.kernel import clock
from aftersales.kernel.errors import NotFound
from customers.models import Order
from returns import policy
from returns.actions import verdicts
from returns.actions.submission import asks_for
from returns.models import Return, Verdict


class Preview(Change):
    """Judge a request before it is made: the same check and the same rules as opening it. Nothing is written."""

    verbs = {"POST": "return.submit"}
    says = "Judge a request"
    body = RequestBody
    answer = PreviewAnswer

    def act(self, data: dict[str, Any], **names: Any) -> dict[str, Any]:
        order = Order.objects.visible_to(self.actor).preloaded().filter(pk=data["order"]).first()
        if order is None:
            raise NotFound
        has_proof = data["has_proof"] and not self.actor.is_customer
        asks = asks_for(order, items_of(data), kind=data["kind"], actor=self.actor, has_proof=has_proof)
        outcomes = verdicts.preview(order, asks, at=clock.now())
        lines = [{"line": ask.order_line.pk, "outcome": outcome} for ask, outcome in zip(asks, outcomes, strict=True)]
        return {"lines": lines, "legs": dataclasses.asdict(policy.legs_of(outcomes))}


class ReturnVerdicts(Door):
    """Every verdict of a return, oldest first; those that a later one replaced say so."""

    verbs = {"GET": "return.view"}
    says = "List the verdicts of a return"
    answer = VerdictAnswer
    many = True

    def get(self, request: Request, ref: str) -> Response:
        rows = Verdict.objects.filter(line__of=self.find_return(ref)).order_by("id")
        return Response(self.answer(rows, many=True, context={"actor": self.actor}).data)


class OneVerdict(Door):
    """A verdict as it was given, with the facts and the version of the rules that gave it."""

    verbs = {"GET": "return.view"}
    says = "Read a verdict"
    answer = VerdictAnswer

    def get(self, request: Request, verdict_id: int) -> Response:
        rows = Verdict.objects.filter(line__of__in=Return.objects.visible_to(self.actor))
        verdict = rows.filter(pk=verdict_id).first()
        if verdict is None:
            raise NotFound
        return Response(self.answer(verdict, context={"actor": self.actor}).data)
