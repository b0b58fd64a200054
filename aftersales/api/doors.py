"""What every endpoint is: a verb of the policy table for each method, scoped by the actor, and POST at most once per key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from aftersales.api.authentication import KeyAuthentication, PageAuthentication
from aftersales.api.paging import Pages
from aftersales.api.principal import principal_of
from aftersales.api.schema import DoorSchema
from aftersales.api.serializers.shape import Nothing, Strict
from aftersales.api.throttling import Reads, Writes
from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import may
from aftersales.kernel.refs import clean_ref
from aftersales.ledger.once import once
from returns.models import Return
from tickets.models import Ticket

LONGEST_KEY = 120  # characters of an Idempotency-Key


# What else the shop opened about a customer's order is named for colleagues; the portal shows what was said, without the name.
_KINDS_OF_CUSTOMERS = (Ticket.Kind.QUESTION, Ticket.Kind.COMPLAINT, Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE)
_OF_CUSTOMERS = Q(kind__in=_KINDS_OF_CUSTOMERS) | Q(
    goods_return__isnull=False
)  # a repair that was asked for on the form


def tickets_seen_by(actor: Actor) -> QuerySet[Ticket]:
    """The tickets within the caller's scope; a customer has questions, complaints and requests of proven orders."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(actor)
    return rows if actor.is_staff else rows.filter(_OF_CUSTOMERS)


class HasVerb(BasePermission):
    """The verb the view names for the method. A method that has a handler and no verb is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = request.method or ""
        if not hasattr(view, method.lower()):
            return True  # there is nothing to protect: DRF answers 405
        verb = getattr(view, "verbs", {}).get(method)
        return verb is not None and may(actor_of(request._request), verb)


class Door(APIView):
    """Base of every endpoint. `verbs` maps methods to verbs; `says` is the summary in the schema."""

    verbs: ClassVar[dict[str, str]] = {}
    says: ClassVar[str] = ""
    authentication_classes = [KeyAuthentication, PageAuthentication]
    permission_classes = [HasVerb]
    throttle_classes = [Reads, Writes]
    metadata_class = None
    schema = DoorSchema()

    @property
    def actor(self) -> Actor:
        return actor_of(self.request._request)

    def find_ticket(self, ref: str) -> Ticket:
        """The ticket of that reference within the caller's scope. Raises `NotFound`, whether or not it exists elsewhere."""
        found: Ticket | None = tickets_seen_by(self.actor).filter(ref=clean_ref(ref) or "").first()
        if found is None:
            raise NotFound
        return found

    def find_return(self, ref: str) -> Return:
        """The return of that reference within the caller's scope. Raises `NotFound`, whether or not it exists elsewhere."""
        found: Return | None = Return.objects.visible_to(self.actor).filter(ref=clean_ref(ref) or "").first()
        if found is None:
            raise NotFound
        return found


class Listing(Door):
    """GET a page of rows. `filters` is a FilterSet; a query parameter nobody knows is refused, not ignored."""

    answer: ClassVar[type[BaseSerializer]]
    filters: ClassVar[Any]
    pagination_class = Pages

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get(self, request: Request, **names: Any) -> Response:
        filters = self.filters(request.query_params, queryset=self.rows())
        known = {*filters.filters, "cursor", "page_size"}
        strange = sorted(set(request.query_params) - known)
        if strange:
            raise BadInput(
                _("There is no filter “%(name)s”. Known are: %(known)s."),
                field=strange[0],
                code="filter_unknown",
                name=strange[0],
                known=", ".join(sorted(known)),
            )
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        pages = Pages()
        page: list[Any] = pages.paginate_queryset(filters.qs, request, view=self) or []
        context = {**self.context(), **self.beside(page)}
        return pages.get_paginated_response(self.answer(page, many=True, context=context).data)

    def beside(self, page: list[Any]) -> dict[str, Any]:
        """What the rows of this page need besides, read for all of them at once, for the serializer's context."""
        return {}

    def context(self) -> dict[str, Any]:
        return {"request": self.request, "actor": self.actor}


class Change(Door):
    """POST one noun: check the shape, do the action, answer with what is now.

    `body` and `answer` are serializers; `made` stands in for `answer` where GET shows something shorter.
    """

    body: ClassVar[type[Strict]] = Nothing
    answer: ClassVar[type[BaseSerializer]]
    made: ClassVar[type[BaseSerializer] | None] = None
    status: ClassVar[int] = 200
    many: ClassVar[bool] = False

    def act(self, data: dict[str, Any], **names: Any) -> Any:
        """Call the action; give back what `answer` shows. Runs in one transaction with the idempotency key."""
        raise NotImplementedError

    def post(self, request: Request, **names: Any) -> Response:
        body = self.body(data=request.data, context={"request": request, "actor": self.actor})
        body.is_valid(raise_exception=True)

        def work() -> tuple[int, dict[str, Any]]:
            shown = (self.made or self.answer)(
                self.act(body.validated_data, **names), many=self.many, context=self.context()
            )
            # What is stored with the key is JSON, so the first answer takes the same way as a repeated one.
            return self.status, json.loads(JSONRenderer().render(shown.data))

        status, answer = self._once(request, work)
        return Response(answer, status=status)

    def _once(self, request: Request, work: Callable[[], tuple[int, dict[str, Any]]]) -> tuple[int, dict[str, Any]]:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            with transaction.atomic():
                return work()
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise BadInput(
                _("An idempotency key has at most %(most)s printable characters."),
                field="Idempotency-Key",
                code="idempotency_key_shape",
                most=LONGEST_KEY,
            )
        principal = principal_of(request._request)
        return once(principal=principal, endpoint=request.path[:120], key=key, request=_plain(request), work=work)

    def context(self) -> dict[str, Any]:
        return {"request": self.request, "actor": self.actor}


def _plain(request: Request) -> dict[str, Any]:
    """What makes two requests the same: every field, and of files what is in them."""
    data = request.data
    if not hasattr(data, "lists"):
        return {"body": data}
    return {name: [_content(value) for value in values] for name, values in data.lists()}


def _content(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()
