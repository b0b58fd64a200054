"""A complaint: what the customer is displeased with, what they want, whose fault it was, and what was done about it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.reader import of_two
from customers.models import OrderLine, Promise
from tickets.models.ticket import Ticket
from tickets.queries import ComplaintQuerySet


class ComplaintClass(models.Model):
    """One kind of complaint in one of the four classes. Managers add and rename; a retired one is offered no more."""

    class Group(models.TextChoices):
        GOODS = "goods", _("Goods")
        LOGISTICS = "logistics", _("Delivery")
        COMMUNICATION = "communication", _("Communication")
        AFTERSALES = "aftersales", _("After-sales")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    group = models.CharField(_("class"), max_length=16, choices=Group)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("is offered"), default=True)

    class Meta:
        verbose_name = _("class of complaints")
        verbose_name_plural = _("classes of complaints")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)


class Complaint(models.Model):
    """One complaint, on a ticket of its own. Times are UTC, money is in minor units of `currency`.

    `statement` is all the customer has to say; it is complete from `heard_at` on, and nothing is decided before. `fault`
    is decided apart from every apology. `answer_due_at` is the end of the day of receipt; `answered_at` the first answer.
    """

    class Fault(models.TextChoices):
        OPEN = "open", pgettext_lazy("fault", "not decided")
        SHOP = "shop", pgettext_lazy("fault", "the shop")
        CARRIER = "carrier", pgettext_lazy("fault", "the carrier")
        SUPPLIER = "supplier", pgettext_lazy("fault", "the supplier")
        CUSTOMER = "customer", pgettext_lazy("fault", "the customer")
        NOBODY = "nobody", pgettext_lazy("fault", "nobody")

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="complaint", verbose_name=_("ticket"))
    about = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("about the case")
    )
    line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    classification = models.ForeignKey(ComplaintClass, models.PROTECT, related_name="+", verbose_name=_("class"))
    statement = models.TextField(_("what the customer says"), max_length=5000)
    heard_at = models.DateTimeField(_("heard out at"), null=True, blank=True)
    real_problem = models.TextField(_("real problem"), max_length=1000, blank=True)
    aim = models.TextField(_("what the customer wants"), max_length=1000, blank=True)
    understood_at = models.DateTimeField(_("understood at"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, default=Fault.OPEN)
    fault_reason = models.CharField(_("why it is their fault"), max_length=500, blank=True)
    fault_at = models.DateTimeField(_("fault decided at"), null=True, blank=True)
    interim = models.CharField(_("interim solution"), max_length=500, blank=True)
    interim_due_at = models.DateTimeField(_("interim solution due"), null=True, blank=True)
    interim_at = models.DateTimeField(_("interim solution at"), null=True, blank=True)
    plan = models.CharField(_("plan"), max_length=1000, blank=True)
    cost_minor = models.PositiveBigIntegerField(_("cost of goodwill"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    promise = models.ForeignKey(
        Promise, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("promise")
    )
    planned_at = models.DateTimeField(_("planned at"), null=True, blank=True)
    root_cause = models.CharField(_("root cause"), max_length=1000, blank=True)
    prevented_at = models.DateTimeField(_("root cause found at"), null=True, blank=True)
    unapologetic_reason = models.CharField(_("why nobody apologised"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received at"))
    answer_due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ("-received_at", "-id")
        indexes = [models.Index(fields=["received_at", "id"], name="complaint_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(fault="open") | Q(heard_at__isnull=False), name="complaint_fault_only_when_heard"
            ),
            models.CheckConstraint(
                condition=Q(planned_at=None) | Q(understood_at__isnull=False),
                name="complaint_plan_only_when_understood",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.ref} {self.classification}"

    @property
    def was_answered_in_time(self) -> bool | None:
        """Whether the first answer came by the end of its day; None while neither is decided."""
        return None if self.answered_at is None else self.answered_at <= self.answer_due_at

    @property
    def open_promise(self) -> Promise | None:
        """What was promised and is neither kept nor broken yet."""
        given = self.promise
        return given if given is not None and given.kept_at is None and given.broken_at is None else None

    def steps(self) -> list[tuple[str, dt.datetime | None, dt.datetime | None]]:
        """The seven steps in their order: name, when it was done, and by when (all UTC, None where there is no time).

        Reads `apologies`, `ratings` and `promise`; whoever tells many complaints fetches them beforehand.
        """
        sorry = next(iter(self.apologies.all()), None)
        apologised = sorry.at if sorry else self.answered_at if self.unapologetic_reason else None
        rated = next((each.at for each in self.ratings.all() if each.stage == "after"), None)
        given, open_promise = self.promise, self.open_promise
        return [
            ("apology", apologised, self.answer_due_at),
            ("hearing", self.heard_at, None),
            ("aim", self.understood_at, None),
            ("fault", self.fault_at, None),
            ("plan", self.planned_at, None),
            (
                "satisfaction",
                (given.kept_at if given else None) or rated,
                open_promise.due_at if open_promise else None,
            ),
            ("cause", self.prevented_at, None),
        ]


class Apology(models.Model):
    """That somebody said sorry, and how. It says nothing of fault and changes nothing of it.

    One in writing hangs on its message and goes with it when that is taken back before it was sent.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="apologies", verbose_name=_("complaint"))
    message = models.OneToOneField("tickets.Message", models.CASCADE, null=True, blank=True, related_name="apology")
    channel = models.CharField(_("channel"), max_length=8)
    words = models.CharField(_("words"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("apology")
        verbose_name_plural = _("apologies")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.words[:60]
