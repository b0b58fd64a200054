"""Words of a customer that the shop may use about itself, for as long as they agree to being quoted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.person import Person
from customers.queries import TestimonialQuerySet


class Testimonial(models.Model):
    """`text` as it was said, `shown_as` as the customer wants to be named. It stands until `ended_at`.

    `place` is where it was published; what ended after that must be taken down there by hand. `text` is empty once they do
    not agree any more.
    """

    class State(models.TextChoices):
        KEPT = "kept", pgettext_lazy("testimonial", "may be published")
        PUBLISHED = "published", pgettext_lazy("testimonial", "published")
        ENDED = "ended", pgettext_lazy("testimonial", "not to be used")

    person = models.ForeignKey(Person, models.CASCADE, related_name="testimonials", verbose_name=_("customer"))
    text = models.CharField(_("the customer's words"), max_length=1000)
    shown_as = models.CharField(_("named as"), max_length=60)
    source = models.CharField(_("where they said it"), max_length=300)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.KEPT)
    given_at = models.DateTimeField(_("written down at"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written down by")
    )
    place = models.CharField(_("published where"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = TestimonialQuerySet.as_manager()

    class Meta:
        verbose_name = _("testimonial")
        verbose_name_plural = _("testimonials")
        ordering = ("-given_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="testimonial_ended_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["state", "-given_at", "-id"], name="testimonial_by_state")]

    def __str__(self) -> str:
        return self.text[:60] or "–"
