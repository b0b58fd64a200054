"""Sets of returns and of rule versions, and who may see them."""

from __future__ import annotations

from typing import Any

from django.db import models

from aftersales.accounts.teams import within_teams
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import may

# Nothing moves any more unless somebody starts something new.
FINAL = ("closed", "expired", "withdrawn")


class ReturnQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReturnQuerySet:
        """Staff with the verb see every return but those of teams closed to them; a customer those of proven orders."""
        if actor.is_system or (actor.is_staff and may(actor, "return.view")):
            return within_teams(self, actor, "ticket__team")
        return self.filter(order_id__in=actor.orders)

    def open(self) -> ReturnQuerySet:
        return self.exclude(status__in=FINAL)

    def lock(self, pk: int) -> Any:
        """The row and its order, locked until the transaction ends. Raises `NotFound` outside the scope.

        The order, because its returns share its units, its fen and its freight: two of them settled at the same moment
        would each count without the other. It also makes every action take an order before its lines.
        """
        found = (
            self.select_for_update(of=("self", "order")).select_related("order__shop", "ticket").filter(pk=pk).first()
        )
        if found is None:
            raise NotFound
        return found

    def preloaded(self) -> ReturnQuerySet:
        """With what a return's page shows, in a fixed number of queries."""
        return self.select_related(
            "order__shop",
            "person",
            "ticket__assignee",
            "ticket__queue",
            "approval",
            "exchange",
            "reshipment",
            "repair",
            "handback",
        ).prefetch_related(
            "lines__order_line__sku",
            "lines__wanted_sku__product",
            "lines__verdicts",
            "parcels",
            "refunds__components",
            "rejections__contest",
            "info_requests",
            "freight",
            "carrier_claims",
        )


class ReturnDraftQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReturnDraftQuerySet:
        """Staff see what customers have begun; a customer the drafts of the orders proven in this session."""
        if actor.is_system or (actor.is_staff and may(actor, "return.view")):
            return self
        return self.filter(order_id__in=actor.orders)

    def open(self) -> ReturnDraftQuerySet:
        return self.filter(submitted=None)


class RuleVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> RuleVersionQuerySet:
        """Staff with the verb see every version and draft; customers read the rules in their verdicts only."""
        return self if actor.is_system or may(actor, "rules.view") else self.none()

    def published(self) -> RuleVersionQuerySet:
        return self.filter(status="published")

    def lock(self, pk: int) -> Any:
        """The row, locked until the transaction ends. Raises `NotFound` outside the scope."""
        found = self.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found


class BacktestQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> BacktestQuerySet:
        """Whoever may run back-tests, and whoever audits them."""
        return self if actor.is_system or may(actor, "rules.view") else self.none()

    def lock(self, pk: int) -> Any:
        """The row, locked until the transaction ends. Raises `NotFound` outside the scope."""
        found = self.select_for_update(of=("self",)).select_related("version", "against").filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found
