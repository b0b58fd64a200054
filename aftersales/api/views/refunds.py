"""Refunds to read, release, prove and try again."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door
from aftersales.api.serializers import bodies
from aftersales.api.serializers.refunds import RefundAnswer
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.refs import clean_ref
from returns.actions import payment
from returns.models import Refund, Return


def find_refund(ref: str, actor: Actor) -> Refund:
    """The refund of that reference, of a return within the caller's scope."""
    rows = Refund.objects.select_related("of").prefetch_related("components__refund")
    found = rows.filter(ref=clean_ref(ref) or "", of__in=Return.objects.visible_to(actor)).first()
    if found is None:
        raise NotFound
    return found


class OneRefund(Door):
    """With the components it is the sum of."""

    verbs = {"GET": "return.view"}
    says = "Read a refund"
    answer = RefundAnswer

    def get(self, request: Request, ref: str) -> Response:
        return Response(self.answer(find_refund(ref, self.actor)).data)


class RefundChange(Change):
    """Finds the refund within the caller's scope, changes it, answers with it."""

    answer = RefundAnswer

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        find_refund(names["ref"], self.actor)
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Refund:
        changed = self.change(find_refund(names["ref"], self.actor), data)
        return find_refund(changed.ref, self.actor)

    def change(self, refund: Refund, data: dict[str, Any]) -> Refund:
        raise NotImplementedError


class ReleaseNoun(RefundChange):
    """Let the money go. Above the shop's limit two different people are needed, and a program is not one of them."""

    verbs = {"POST": "refund.pay"}
    says = "Release a refund"

    def change(self, refund: Refund, data: dict[str, Any]) -> Refund:
        return payment.release_refund(refund.pk, actor=self.actor)


class PaymentNoun(RefundChange):
    """It was paid by hand; the payment's number is the proof."""

    verbs = {"POST": "refund.pay"}
    says = "Record a payment"
    body = bodies.PaymentBody

    def change(self, refund: Refund, data: dict[str, Any]) -> Refund:
        return payment.record_payment(refund.pk, payment_ref=data["payment_ref"], actor=self.actor)


class LookedUpNoun(RefundChange):
    """The provider's answer was lost and somebody looked it up."""

    verbs = {"POST": "refund.record_proof"}
    says = "Settle a refund in doubt"
    body = bodies.LookedUpBody

    def change(self, refund: Refund, data: dict[str, Any]) -> Refund:
        return payment.settle_unknown(
            refund.pk, was_paid=data["was_paid"], payment_ref=data["payment_ref"], actor=self.actor
        )


class RetryNoun(RefundChange):
    """The provider refused: the same sum under a new reference, to be released again."""

    verbs = {"POST": "refund.pay"}
    says = "Try a refused refund again"

    def change(self, refund: Refund, data: dict[str, Any]) -> Refund:
        return payment.retry_refund(refund.pk, actor=self.actor)
