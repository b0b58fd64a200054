"""The words of one kind of notice, on one channel in one language, as a manager wrote them. Version 0 is the code's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TemplateVersionQuerySet(models.QuerySet[Any]):
    def of(self, template: str, channel: str, locale: str) -> TemplateVersionQuerySet:
        """The versions of one text, the newest first; a draft before all."""
        rows = self.filter(template=template, channel=channel, locale=locale)
        return rows.order_by(models.F("number").desc(nulls_first=True))

    def holding(self, template: str, channel: str, locale: str) -> TemplateVersion | None:
        """The published version whose words hold now; None where the code's do."""
        newest: TemplateVersion | None = self.of(template, channel, locale).published().first()
        return None if newest is None or newest.is_codes else newest

    def published(self) -> TemplateVersionQuerySet:
        return self.exclude(number=None)


class TemplateVersion(models.Model):
    """A draft has no number; a published one is never changed. Empty `text`: the words of the code hold again.

    `provider_code` is the number under which the SMS carrier has registered this very text.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")

    template = models.CharField(_("template"), max_length=60)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("version"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=2000, blank=True)
    provider_code = models.CharField(_("template number at the carrier"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("saved by")
    )
    tested_at = models.DateTimeField(_("tested at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("template version")
        verbose_name_plural = _("template versions")
        ordering = ("template", "channel", "locale", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "channel", "locale", "number"], name="one_template_version_per_number"
            ),
            models.UniqueConstraint(
                fields=["template", "channel", "locale"], condition=Q(number=None), name="one_draft_per_template"
            ),
            models.CheckConstraint(
                condition=Q(number=None, published_at=None) | Q(number__isnull=False, published_at__isnull=False),
                name="published_templates_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.locale} {self.number or '–'}"

    @property
    def is_codes(self) -> bool:
        """Whether this version says: the words of the code."""
        return not self.text
