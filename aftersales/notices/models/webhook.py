"""An address of another program that wants to hear events."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _


class Webhook(models.Model):
    """`events` are names such as `return.approved`. The secret is not kept: it follows from LINK_KEY and `ref`.

    A robot of a group chat gets a line of text instead of a signed call; its own key stands in the address.
    """

    class Kind(models.TextChoices):
        PROGRAM = "program", _("a program (signed call)")
        ROBOT = "robot", _("a robot in a group chat (WeCom, DingTalk)")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    url = models.URLField(_("address"), max_length=300)
    kind = models.CharField(_("receiver is"), max_length=8, choices=Kind, default=Kind.PROGRAM)
    events = models.JSONField(_("events"), default=list)
    added_at = models.DateTimeField(_("added at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        """Without the path: what stands behind a question mark there is often a password."""
        return f"{self.ref} {urlsplit(self.url).hostname or ''}".strip()
