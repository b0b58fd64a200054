"""A visit: asking one customer how it goes, by phone, message, letter or at home, until it is answered or called off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import Team
from customers.models import Order, Person
from tickets.models.ticket import Ticket
from tickets.models.visit_plan import VisitPlan, VisitStep
from tickets.queries import VisitQuerySet

OPEN = ("planned", "invited")


class Visit(models.Model):
    """A row with a due time (UTC). `key` is order or ticket × plan × step: whatever repeats, it is planned once.

    `number` is the step of the plan; a series goes on counting behind the last step. `after` is the complaint's or the
    return's ticket it follows. `answers` keeps each question in both languages with what was said.
    """

    Channel = VisitStep.Channel

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "planned")
        INVITED = "invited", pgettext_lazy("visit", "asked in writing")
        DONE = "done", pgettext_lazy("visit", "done")
        CANCELLED = "cancelled", pgettext_lazy("visit", "called off")

    class Outcome(models.TextChoices):
        CONTENT = "content", pgettext_lazy("visit", "all is well")
        PROFICIENT = "proficient", pgettext_lazy("visit", "copes by themselves")
        HELP = "help", pgettext_lazy("visit", "needs help")
        DECLINED = "declined", pgettext_lazy("visit", "wants no visits")
        UNREACHED = "unreached", pgettext_lazy("visit", "not reached")

    class Why(models.TextChoices):
        RETURNED = "returned", _("the goods went back")
        CONSENT = "consent", _("the customer does not want to be contacted")
        NO_WAY = "no_way", _("no phone number and no e-mail address is known")
        ENDED = "ended", _("the series has ended")
        LATE = "late", _("too late to be of use")
        STAFF = "staff", _("by hand")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    key = models.CharField(max_length=120, unique=True)
    plan = models.ForeignKey(VisitPlan, models.PROTECT, related_name="visits", verbose_name=_("visit plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits", verbose_name=_("customer"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("order")
    )
    after = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("after the case")
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="visits",
        verbose_name=_("assignee"),
    )  # fmt: skip
    channel = models.CharField(_("channel"), max_length=8, choices=VisitStep.Channel)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField(_("planned at"))
    due_at = models.DateTimeField(_("due at"))
    is_callback = models.BooleanField(_("at the customer’s own time"), default=False)
    tries = models.PositiveSmallIntegerField(_("tries in vain"), default=0)
    printed_at = models.DateTimeField(_("letter printed at"), null=True, blank=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("printed by")
    )
    invited_at = models.DateTimeField(_("asked in writing at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    usage = models.CharField(_("how it is used"), max_length=1000, blank=True)
    suggestion = models.CharField(_("suggestion"), max_length=1000, blank=True)
    answers = models.JSONField(_("answers"), default=list, blank=True)
    needs = models.CharField(_("help that is needed"), max_length=1000, blank=True)
    help_ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="found_by", verbose_name=_("ticket for help")
    )
    by_customer = models.BooleanField(_("answered by the customer"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    why = models.CharField(_("called off because"), max_length=10, choices=Why, blank=True)
    why_words = models.CharField(_("reason"), max_length=200, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | Q(state__in=("done", "cancelled"), ended_at__isnull=False),
                name="ended_visits_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="done") & ~Q(outcome="") | ~Q(state="done") & Q(outcome=""),
                name="done_visits_have_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5), name="visit_one_to_five"
            ),
        ]
        indexes = [
            # The worklist by due time, of all and of one; the customer's page; the report over a period.
            models.Index(fields=["due_at", "id"], condition=Q(state__in=OPEN), name="visit_open_by_due"),
            models.Index(fields=["assignee", "due_at"], condition=Q(state__in=OPEN), name="visit_mine"),
            models.Index(fields=["person", "-due_at"], name="visit_of_person"),
            models.Index(fields=["ended_at"], condition=Q(state="done"), name="visit_done_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.plan}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def script(self) -> list[Any]:
        """The questions in use, in their order."""
        return [each for each in self.plan.questions.all() if each.is_active]


class VisitTry(models.Model):
    """One try that did not end the visit: nobody there, or the customer named another time (`next_at`, UTC)."""

    class Result(models.TextChoices):
        MISSED = "missed", pgettext_lazy("visit", "not reached")
        CALLBACK = "callback", pgettext_lazy("visit", "another time wished")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="all_tries", verbose_name=_("visit"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=VisitStep.Channel)
    result = models.CharField(_("result"), max_length=10, choices=Result)
    next_at = models.DateTimeField(_("next time"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("try of a visit")
        verbose_name_plural = _("tries of visits")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.result}"
