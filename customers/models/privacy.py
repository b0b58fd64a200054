"""What a person asked for about their own data: a copy of it, and that it be erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.files.packs import Pack
from customers.models.person import Person
from customers.queries import PersonalQuerySet


class PersonCopy(Pack):
    """A ZIP with everything that is held of a person, for them to read and for programs (PIPL art. 45)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="copies", verbose_name=_("customer"))

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of somebody's data")
        verbose_name_plural = _("copies of people's data")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(status="building"), name="one_copy_of_a_person_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person.ref} {self.at:%Y-%m-%d}"


class Erasure(models.Model):
    """That a person was erased: when, by whom, on which ground (PIPL art. 47). Once for each, and for good."""

    class Ground(models.TextChoices):
        ASKED = "asked", pgettext_lazy("erasure", "they asked for it")
        CONSENT = "consent", pgettext_lazy("erasure", "they took back their consent")
        PURPOSE = "purpose", pgettext_lazy("erasure", "the purpose is met, or the time is over")
        UNLAWFUL = "unlawful", pgettext_lazy("erasure", "the data should not have been kept")

    person = models.OneToOneField(Person, models.PROTECT, related_name="erasure", verbose_name=_("customer"))
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.person.ref} {self.at:%Y-%m-%d}"


class ErasedKey(models.Model):
    """By what a later import would know the person again: the keyed hash of their number at a source, never the number."""

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="keys", verbose_name=_("erasure"))
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("key of somebody erased")
        verbose_name_plural = _("keys of people erased")

    def __str__(self) -> str:
        return self.sha256[:12]
