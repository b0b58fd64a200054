"""What tickets have to do with each other: one merged into another, and links with a meaning."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket
from tickets.queries import LinkQuerySet


class Merge(models.Model):
    """`source` was merged into `into` at `at` (UTC). `Ticket.merged_into` is where the chain of standing merges ends."""

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="merges", verbose_name=_("ticket"))
    into = models.ForeignKey(Ticket, models.CASCADE, related_name="absorbed", verbose_name=_("merged into"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at=None), name="one_standing_merge"),
            models.CheckConstraint(condition=~Q(source=F("into")), name="no_merge_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.into_id}"


class Link(models.Model):
    """`one` is a duplicate of `other`, is caused by it, was split from it, or has to do with it."""

    class Kind(models.TextChoices):
        RELATED = "related", _("has to do with")
        DUPLICATE = "duplicate", _("is a duplicate of")
        CAUSED_BY = "caused_by", _("is caused by")
        SPLIT = "split", _("was split from")

    one = models.ForeignKey(Ticket, models.CASCADE, related_name="links", verbose_name=_("ticket"))
    other = models.ForeignKey(Ticket, models.CASCADE, related_name="links_here", verbose_name=_("other ticket"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.get_kind_display()} {self.other_id}"

    @property
    def words_here(self) -> str:
        """How the same link is said from the side of `other`."""
        said = {
            self.Kind.DUPLICATE: _("has the duplicate"),
            self.Kind.CAUSED_BY: _("is the cause of"),
            self.Kind.SPLIT: _("was split into"),
        }
        return str(said.get(self.Kind(self.kind), self.get_kind_display()))
