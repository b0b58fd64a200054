"""Sets of archive rows, and who may see them."""

from __future__ import annotations

from typing import Any

from django.db import models

from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may


class OrderQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> OrderQuerySet:
        """Staff with the verb see every order; a customer sees the orders proven in this session; others none."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.filter(pk__in=actor.orders)

    def bought(self) -> OrderQuerySet:
        """Those that count as a purchase: neither cancelled nor unpaid, and there was something to deliver."""
        return self.exclude(status__in=("cancelled", "unpaid", "unavailable"))

    def preloaded(self) -> OrderQuerySet:
        """With what an order's page shows, in a fixed number of queries."""
        return self.select_related("shop", "person", "address").prefetch_related(
            "lines__sku__product__category", "shipments__tracking"
        )


class OrderLineQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> OrderLineQuerySet:
        """The lines of the orders the actor may see."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.filter(order_id__in=actor.orders)


class PersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Staff who may see orders see their buyers; a customer has no account and sees people only through an order."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()

    def called(self, ref: str) -> Any:
        """The person of that number, or None. A merged entry leads on to the one in which it goes on."""
        found = self.select_related("merged_into").filter(ref=ref).first()
        return found.head if found is not None else None


class ContactPointQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ContactPointQuerySet:
        """Staff who may see orders; pages show them masked."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()


class ScoreQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ScoreQuerySet:
        """Staff who may see orders; no customer reads how the shop compares them."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()


class GiftQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> GiftQuerySet:
        """Staff who may see orders; a customer sees a gift when it comes."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()


class ReferralQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """Staff who may see orders; no customer learns of another by it."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()


class TestimonialQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TestimonialQuerySet:
        """Staff who may see orders."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()


class PersonalQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> PersonalQuerySet:
        """Copies of people's data and what was erased: whoever may hand out the one or decide the other."""
        if actor.is_system or (actor.is_staff and (may(actor, "person.export") or may(actor, "person.erase"))):
            return self
        return self.none()


class MembershipQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> MembershipQuerySet:
        """Staff who may see orders."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()

    def risen(self) -> MembershipQuerySet:
        """Those who came to their tier from a lower one or from none."""
        return self.filter(models.Q(before=None) | models.Q(before__level__lt=models.F("tier__level")))


class TrackingReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> TrackingReportQuerySet:
        """Staff with the verb; a customer sees what became of a report on the shipment itself."""
        if actor.is_system or (actor.is_staff and may(actor, "order.view")):
            return self
        return self.none()

    def unplaced(self) -> TrackingReportQuerySet:
        """Those that wait for somebody."""
        return self.filter(state="unplaced")


class ReviewQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> ReviewQuerySet:
        """Staff with the verb; customers see reviews on the platform."""
        if actor.is_system or (actor.is_staff and may(actor, "review.view")):
            return self
        return self.none()

    def to_settle(self) -> ReviewQuerySet:
        """Those without a public reply so far, and not left without one."""
        return self.filter(state__in=("open", "ready"))

    def by_due(self) -> ReviewQuerySet:
        """The most urgent first, then bad before good, the newest first."""
        return self.order_by(models.F("reply_due_at").asc(nulls_last=True), "-is_bad", "-at", "-id")
