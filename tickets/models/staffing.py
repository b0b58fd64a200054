"""Who can do what, and who is not here: what the automatic assignment of a queue goes by."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Category
from tickets.models.ticket import Ticket
from tickets.queries import AbsenceQuerySet


class Skill(models.Model):
    """A member of staff is good at a kind of ticket, a language or a category of goods."""

    class About(models.TextChoices):
        KIND = "kind", _("kind of ticket")
        LANGUAGE = "language", _("language")
        CATEGORY = "category", _("category of goods")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills", verbose_name=_("member of staff")
    )
    about = models.CharField(_("about"), max_length=8, choices=About)
    value = models.CharField(
        _("value"), max_length=60,
        help_text=_("A kind (question, repair …), a language (zh-hans, en) or the code of a category."),
    )  # fmt: skip
    counts = models.BooleanField(_("counts"), default=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("user", "about", "value")
        constraints = [models.UniqueConstraint(fields=["user", "about", "value"], name="one_skill_each")]

    def __str__(self) -> str:
        return f"{self.user}: {self.value}"

    def clean(self) -> None:
        """A word nobody knows would never match, silently."""
        known = {
            self.About.KIND: Ticket.Kind.values,
            self.About.LANGUAGE: [code for code, _words in settings.LANGUAGES],
        }.get(self.About(self.about)) if self.about in self.About.values else None  # fmt: skip
        if known is None and self.about == self.About.CATEGORY:
            known = list(Category.objects.filter(code=self.value).values_list("code", flat=True))
        if known is not None and self.value not in known:
            raise ValidationError({"value": _("“%(text)s” is not known there.") % {"text": self.value}})


class Absence(models.Model):
    """A member of staff is off duty from `since` until `until` (UTC), or until they come back.

    One that runs and some that are planned; two of one person never overlap, which the actions see to.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("member of staff")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="absences_end_after_they_begin",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
