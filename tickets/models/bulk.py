"""One thing done to many tickets: what was asked, and for each ticket what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket
from tickets.queries import BulkRunQuerySet


class BulkRun(models.Model):
    """`kind` and `params` say what is done; `key` is the form’s, so that it is sent once; `undoes` the run it takes back.

    Why a ticket was refused is kept in `language`, that of the page it was started from.
    """

    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_runs", verbose_name=_("by"))
    kind = models.CharField(_("what is done"), max_length=20)
    params = models.JSONField(_("with what"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    total = models.PositiveIntegerField(_("tickets"))
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("takes back")
    )
    started_at = models.DateTimeField(_("started at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk run")
        verbose_name_plural = _("bulk runs")

    def __str__(self) -> str:
        return f"{self.kind} × {self.total}"


class BulkRow(models.Model):
    """One ticket of a run. `before` and `after` hold what the run changed, so that it can be taken back."""

    class Outcome(models.TextChoices):
        PENDING = "", _("not yet")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        UNCHANGED = "unchanged", _("unchanged")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", verbose_name=_("bulk run"))
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", verbose_name=_("ticket"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default=Outcome.PENDING)
    code = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(_("why not"), max_length=500, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("bulk row")
        verbose_name_plural = _("bulk rows")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["run", "ticket"], name="one_bulk_row_per_ticket")]
        indexes = [models.Index(fields=["run", "id"], condition=Q(outcome=""), name="bulk_row_to_do")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.ticket_id} {self.outcome}"
