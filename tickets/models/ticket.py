"""One piece of work about one customer, with one conversation and one next due time."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team
from aftersales.kernel.reader import of_two
from aftersales.kernel.worded import Worded
from customers.models import Order, Person
from tickets.queries import QueueQuerySet, TicketQuerySet

_DAYS = [MinValueValidator(1), MaxValueValidator(60)]
_REMINDER_ZH = "您好，我们在等您的回复。如果问题已经解决，无需回复；如果还需要帮助，请直接回复这条消息。"
_REMINDER_EN = (
    "Hello, we are waiting for your answer. If everything is in order you need not do anything; "
    "if you still need help, please answer this message."
)


class Queue(models.Model):
    """Where open tickets wait for somebody, and how they are handed out. One that is no longer used is retired, not deleted:
    what waits in it stays and is found, and nothing is put there any more."""

    class Strategy(models.TextChoices):
        BY_HAND = "by_hand", _("by hand")
        IN_TURN = "in_turn", _("everybody in turn")
        BY_LOAD = "by_load", _("who has least to do")
        BY_SKILL = "by_skill", _("who knows most about it")

    key = models.SlugField(_("key"), unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    strategy = models.CharField(_("assignment"), max_length=12, choices=Strategy, default=Strategy.BY_HAND)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="queues", verbose_name=_("team"),
        help_text=_("Whose new tickets are and who is given them; without one, everybody who may take tickets."),
    )  # fmt: skip
    last_given = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("last given to"),
    )  # fmt: skip
    remind_after = models.PositiveSmallIntegerField(
        _("remind a silent customer after"), null=True, blank=True, validators=_DAYS,
        help_text=_("Working days without an answer. Left empty, nobody is reminded."),
    )  # fmt: skip
    close_after = models.PositiveSmallIntegerField(
        _("close a silent ticket after"), null=True, blank=True, validators=_DAYS,
        help_text=_("Working days without an answer, those before the reminder among them. Left empty, none is closed."),
    )  # fmt: skip
    reminder_zh = models.TextField(_("reminder (Chinese)"), max_length=1000, default=_REMINDER_ZH)
    reminder_en = models.TextField(_("reminder (English)"), max_length=1000, default=_REMINDER_EN)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = QueueQuerySet.as_manager()

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("position", "key")

    def __str__(self) -> str:
        """In the reader's language."""
        return of_two(self.name_zh, self.name_en)

    def clean(self) -> None:
        """Whoever is reminded gets time to answer."""
        if self.remind_after and self.close_after and self.close_after <= self.remind_after:
            raise ValidationError({"close_after": _("Closing comes after the reminder: choose more days.")})

    def reminder(self, locale: str) -> str:
        """What a silent customer is told, in their language."""
        return self.reminder_zh if locale.startswith("zh") else self.reminder_en


class Tag(models.Model):
    """A word that tickets are marked with, to be found and counted by. One that is no longer used is retired, not deleted."""

    name = models.CharField(_("name"), max_length=30, unique=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Ticket(Worded):
    """`due_at` (UTC) is the nearest thing somebody at the shop must do; null while the shop waits for someone else.

    It is the least of `process_due_at`, which is the next step of a request, and what its running clocks are due
    (`actions/clocks.py` keeps it). Whether a ticket is late is read off it, so it is true without any worker.

    `person` is never empty: a task about nobody in particular stands under the shop's own entry in the archive
    (`customers.actions.people.own_person`), so that every list, page and search can rely on it. `custom` holds the
    values of the fields a manager has added, by their keys (`tickets.models.field`).
    """

    class Kind(models.TextChoices):
        RETURN = "return", _("Return")
        EXCHANGE = "exchange", _("Exchange")
        QUESTION = "question", _("Question")
        REPAIR = "repair", _("Repair")
        COMPLAINT = "complaint", _("Complaint")
        VISIT = "visit", _("Follow-up visit")
        PRAISE = "praise", _("Praise")
        TASK = "task", _("Task")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        WAITING = "waiting", _("waiting")
        CLOSED = "closed", _("closed")

    class WaitingOn(models.TextChoices):
        NOBODY = "", _("nobody")
        CUSTOMER = "customer", _("the customer")
        CARRIER = "carrier", _("the carrier")
        WAREHOUSE = "warehouse", _("the warehouse")
        SUPPLIER = "supplier", _("the supplier")
        FINANCE = "finance", _("finance")
        LATER = "later", _("nobody, put off until later")

    class Priority(models.IntegerChoices):
        URGENT = 1, _("urgent")
        HIGH = 2, _("high")
        NORMAL = 3, _("normal")
        LOW = 4, _("low")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.QUESTION)
    title = models.CharField(_("title"), max_length=150)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    waiting_on = models.CharField(
        _("waiting for"), max_length=12, choices=WaitingOn, blank=True, default=WaitingOn.NOBODY
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets", verbose_name=_("queue"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="tickets", verbose_name=_("customer"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("order")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("assignee"),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets", verbose_name=_("tags"))
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    custom = models.JSONField(_("values of the shop’s own fields"), default=dict, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    waiting_until = models.DateTimeField(_("waiting until"), null=True, blank=True)
    waiting_why = models.CharField(_("waiting because"), max_length=200, blank=True, default="")
    channel = models.CharField(_("channel"), max_length=12, default="form")
    opened_at = models.DateTimeField(_("opened at"))
    updated_at = models.DateTimeField(_("last change"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    process_due_at = models.DateTimeField(_("next step due at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at=None)),
                name="closed_tickets_have_a_time",
            )
        ]
        indexes = [
            # The desk's queue: open work by due time, the one without a due time last.
            models.Index(fields=["due_at", "id"], condition=~Q(status="closed"), name="ticket_open_by_due"),
            models.Index(fields=["queue", "due_at", "id"], condition=~Q(status="closed"), name="ticket_queue"),
            models.Index(fields=["assignee", "due_at"], condition=~Q(status="closed"), name="ticket_mine"),
            models.Index(fields=["person", "-opened_at"], name="ticket_of_person"),
            # The desk's lists in their other orders, and what its views narrow by; all of open work, which stays small.
            models.Index(fields=["opened_at", "id"], condition=~Q(status="closed"), name="ticket_open_by_age"),
            models.Index(fields=["updated_at", "id"], condition=~Q(status="closed"), name="ticket_open_by_change"),
            models.Index(fields=["priority", "id"], condition=~Q(status="closed"), name="ticket_open_by_priority"),
            models.Index(fields=["waiting_on", "due_at", "id"], condition=~Q(status="closed"), name="ticket_waiting"),
            models.Index(
                fields=["waiting_on", "waiting_since", "id"], condition=~Q(status="closed"), name="ticket_waiting_age"
            ),
            models.Index(fields=["team", "due_at", "id"], condition=~Q(status="closed"), name="ticket_team"),
            models.Index(fields=["kind", "due_at", "id"], condition=~Q(status="closed"), name="ticket_kind"),
            # What is over, the last first: looked up by who did it, where and what it was.
            models.Index(fields=["closed_at", "id"], condition=Q(status="closed"), name="ticket_closed"),
            models.Index(fields=["assignee", "closed_at"], condition=Q(status="closed"), name="ticket_closed_by"),
            models.Index(fields=["queue", "closed_at"], condition=Q(status="closed"), name="ticket_closed_queue"),
            models.Index(fields=["kind", "closed_at"], condition=Q(status="closed"), name="ticket_closed_kind"),
            models.Index(fields=["priority", "closed_at"], condition=Q(status="closed"), name="ticket_closed_urgency"),
            models.Index(fields=["channel", "closed_at"], condition=Q(status="closed"), name="ticket_closed_channel"),
            # Open and closed together by age: the customer's whole past, and a year's export.
            models.Index(fields=["opened_at", "id"], name="ticket_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def subject(self) -> str:
        """What it is about in the reader's language: as it was put, or kind and customer of a request for goods.

        The stored title of a request is made by a program, in the language of whoever opened it.
        """
        return self.title if self.is_titled else f"{self.Kind(self.kind).label} · {self.person}"

    @property
    def has_page(self) -> bool:
        """Whether its customer can read what is said on it: their pages are those of an order, and a task is the shop's own."""
        return self.order_id is not None and self.kind != self.Kind.TASK

    @property
    def is_titled(self) -> bool:
        """Whether somebody has put in words what it is about. A repair may be a ticket without a request, which somebody has."""
        if self.kind == self.Kind.REPAIR:
            return not hasattr(self, "goods_return")
        return self.kind not in (self.Kind.RETURN, self.Kind.EXCHANGE)
