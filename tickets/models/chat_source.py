"""A chat tool (Qianniu, WeChat service account or a bridge to one) that hands messages over by signed calls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.accounts import sealing

PURPOSE = "chat source secret"


class ChatSource(models.Model):
    """`platform` is that of the orders whose buyers write there. Both directions are signed with one secret, kept sealed."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    platform = models.CharField(_("platform"), max_length=20)
    reply_url = models.URLField(
        _("replies are sent to"),
        max_length=300,
        blank=True,
        help_text=_(
            "Called by https with each reply, signed as messages to us are. Left empty, replies stay on the page."
        ),
    )
    sealed_secret = models.TextField(blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("chat source")
        verbose_name_plural = _("chat sources")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """In clear, to check and to sign with. "" where none was given: then nothing is accepted and nothing sent."""
        return sealing.unseal(self.sealed_secret, purpose=PURPOSE) if self.sealed_secret else ""
