"""What the demo would have sent: mails and SMS, shown on the mailbox page instead."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Posted(models.Model):
    """One message in full, codes included. Written only where `settings.MAILBOX` is on, which production refuses."""

    kind = models.CharField(max_length=8)  # email | sms
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    message_id = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("posted message")
        verbose_name_plural = _("posted messages")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.to} {self.subject}"
