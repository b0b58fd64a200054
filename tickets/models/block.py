"""Who is not listened to: mail from this sender is put aside as it comes in, until somebody ends the block."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.models.message import masked


class Block(models.Model):
    """`sender` is one address, or `@domain` for everybody there and below. A row stays after it was ended."""

    sender = models.CharField(_("sender"), max_length=254)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(pgettext_lazy("block", "ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("block", "ended by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            # Two who block the same sender at once: one block.
            models.UniqueConstraint(fields=["sender"], condition=Q(ended_at=None), name="one_block_per_sender")
        ]
        indexes = [models.Index(fields=["-at"], name="block_by_time")]

    def __str__(self) -> str:
        return self.sender if self.is_domain else masked(self.sender)

    @property
    def is_domain(self) -> bool:
        return self.sender.startswith("@")

    @staticmethod
    def standing() -> models.QuerySet[Block]:
        """Those that hold."""
        return Block.objects.filter(Q(ended_at=None))
