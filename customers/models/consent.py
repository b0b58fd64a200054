"""What a person agreed to beyond the order itself, purpose by purpose, with the proof of the yes and of the no."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.person import Person


class Purpose(models.TextChoices):
    """What the shop may ask a yes for. Closed: a message or call of the shop's own accord belongs to one of these."""

    NEWS = "news", _("News and offers")
    OCCASIONS = "occasions", _("Greetings and thanks")
    GOODS = "goods", _("Reminders about what was bought")
    VISITS = "visits", _("Follow-up calls and visits")
    AT_HOME = "at_home", _("Visits at home")
    SMS = "sms", _("SMS of our own accord")
    QUOTED = "quoted", _("Being quoted")


class Consent(models.Model):
    """One yes to one purpose. Withdrawn is a date, not a deletion: the row is the proof of the time it stood (R-118).

    `proof` says where the yes was given, `withdrawal` where it was taken back; both as written then.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=300)
    withdrawal = models.CharField(_("proof of the withdrawal"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at=None), name="one_standing_consent_per_purpose"
            )
        ]
        indexes = [
            # Who may be written to for a purpose, however many once agreed.
            models.Index(fields=["purpose", "person"], condition=Q(withdrawn_at=None), name="consent_standing")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"
