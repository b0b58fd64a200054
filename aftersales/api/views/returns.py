"""Returns to list, read and open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change, Door, Listing
from aftersales.api.filters import ReturnFilter
from aftersales.api.serializers.bodies import RequestBody
from aftersales.api.serializers.returns import ReturnAnswer, ReturnBrief
from aftersales.kernel.errors import NotFound
from aftersales.kernel.refs import clean_ref
from returns.actions.submission import Item, submit_return
from returns.models import Return


def whole(ret_id: int) -> Return:
    """One return with everything the answer shows. The caller has found it within the scope."""
    rows = Return.objects.preloaded().prefetch_related("refunds__components__refund", "parcels__of__order")
    found: Return = rows.get(pk=ret_id)
    return found


def items_of(data: dict[str, Any]) -> list[Item]:
    """The lines of a body as the action takes them."""
    return [
        Item(each["line"], each["quantity"], each["reason"], each["story"], each["wanted_sku"])
        for each in data["lines"]
    ]


class Returns(Listing, Change):
    """Newest first. POST opens a return, an exchange or a repair for units of one order; the answer carries the verdicts."""

    verbs = {"GET": "return.view", "POST": "return.submit"}
    says = "List returns, open a return"
    body = RequestBody
    answer = ReturnBrief
    made = ReturnAnswer
    filters = ReturnFilter
    status = 201

    def rows(self) -> QuerySet[Any]:
        return Return.objects.visible_to(self.actor).select_related("order")

    def act(self, data: dict[str, Any], **names: Any) -> Return:
        ret = submit_return(
            data["order"],
            items_of(data),
            kind=data["kind"],
            actor=self.actor,
            channel="api",
            has_proof=data["has_proof"] and not self.actor.is_customer,
        )
        return whole(ret.pk)


class OneReturn(Door):
    """With lines and standing verdicts, decisions, parcels and refunds."""

    verbs = {"GET": "return.view"}
    says = "Read a return"
    answer = ReturnAnswer

    def get(self, request: Request, ref: str) -> Response:
        found = (
            Return.objects.visible_to(self.actor).filter(ref=clean_ref(ref) or "").values_list("pk", flat=True).first()
        )
        if found is None:
            raise NotFound
        return Response(self.answer(whole(found), context={"actor": self.actor}).data)
