"""A customer's request to send goods back, and its lines. Status moves only through `returns.machine`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.worded import Worded
from customers.models import Order, OrderLine, Person, Sku
from returns.queries import ReturnQuerySet
from tickets.models import Ticket

# What the rule engine calls the remedy that each kind of request wishes for.
WISH_OF_KIND = {"return": "return_refund", "exchange": "exchange", "repair": "repair"}


class Return(Worded):
    """One request, one ticket, one order. `version` counts status changes; instants are UTC.

    `is_contested` lies over the status: while a refusal is contested every timer of the return stands still.
    """

    class Kind(models.TextChoices):
        RETURN = "return", _("Return and refund")
        EXCHANGE = "exchange", _("Exchange")
        REPAIR = "repair", _("Repair")

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        NEED_INFO = "need_info", _("waiting for proof")
        AWAITING_RETURN = "awaiting_return", _("approved, waiting for the parcel")
        IN_TRANSIT = "in_transit", _("parcel on its way back")
        DELIVERED = "delivered", _("parcel arrived")
        RECEIVED = "received", _("counted, to be inspected")
        RETURN_REFUSED = "return_refused", _("goods not accepted")
        REFUND_DUE = "refund_due", _("refund due")
        REFUNDING = "refunding", _("refund being paid")
        REFUNDED = "refunded", _("refunded")
        REPAIRING = "repairing", _("being repaired")
        AWAITING_RESHIP = "awaiting_reship", _("to be sent out")
        RESHIPPED = "reshipped", _("sent out")
        REJECTED = "rejected", _("refused")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CLOSED = "closed", _("closed")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="goods_return", verbose_name=_("ticket"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="returns", verbose_name=_("order"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="returns", verbose_name=_("customer"))
    channel = models.CharField(_("channel"), max_length=12, default="form")
    is_contested = models.BooleanField(_("contested"), default=False)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(_("submitted at"))
    status_at = models.DateTimeField(_("in this status since"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ("-submitted_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at=None)),
                name="closed_returns_have_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["status", "status_at"], name="return_by_status"),
            models.Index(fields=["order", "-submitted_at"], name="return_of_order"),
            models.Index(fields=["submitted_at"], name="return_by_time"),
            models.Index(fields=["ticket"], condition=Q(is_contested=True), name="return_contested"),  # the lead's view
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def currency(self) -> str:
        return self.order.currency

    @property
    def open_question(self) -> Any:
        """What the customer was asked and has still to answer (an `InfoRequest`), or None."""
        return next((asked for asked in self.info_requests.all() if asked.is_open), None)

    @property
    def standing_refusal(self) -> Any:
        """The refusal that was not lifted (a `Rejection`), or None; no query where the page has read them along."""
        return next((each for each in self.rejections.all() if each.lifted_at is None), None)


class ReturnLine(models.Model):
    """So many units of one order line for one reason. Reason and cause are kept as told and, later, as found.

    Quantities only ever shrink along the road: accepted ≤ received ≤ quantity, and the database holds it.
    """

    of = models.ForeignKey(Return, models.CASCADE, related_name="lines", verbose_name=_("return"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="return_lines", verbose_name=_("order line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    reason = models.CharField(_("reason as told"), max_length=40)
    found_reason = models.CharField(_("reason as found"), max_length=40, blank=True)
    story = models.CharField(_("in the customer's words"), max_length=2000, blank=True)
    wanted_sku = models.ForeignKey(
        Sku, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wanted instead")
    )
    received_quantity = models.PositiveIntegerField(_("received"), default=0)
    accepted_quantity = models.PositiveIntegerField(_("accepted"), default=0)
    # Units this line still holds in `OrderLine.claimed_quantity`; given back when they are not accepted.
    held_quantity = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("return line")
        verbose_name_plural = _("return lines")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["of", "order_line", "reason"], name="one_return_line_per_reason"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_quantity_positive"),
            models.CheckConstraint(
                condition=Q(received_quantity__lte=F("quantity")), name="received_at_most_requested"
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity__lte=F("received_quantity")), name="accepted_at_most_received"
            ),
            models.CheckConstraint(condition=Q(held_quantity__lte=F("quantity")), name="held_at_most_requested"),
        ]

    def __str__(self) -> str:
        return f"{self.order_line} × {self.quantity}"

    @property
    def reason_now(self) -> str:
        """The reason that counts: as found where somebody looked, else as told."""
        return self.found_reason or self.reason
