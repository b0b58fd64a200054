"""The ticket that a review has led to: one for each review, which the database holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Review
from tickets.models.ticket import Ticket


class ReviewTicket(models.Model):
    """A bad review's ticket is opened by the event of its coming in, a praise's by somebody who presses the button."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="work", verbose_name=_("review"))
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="review_work", verbose_name=_("ticket"))

    class Meta:
        verbose_name = _("ticket of a review")
        verbose_name_plural = _("tickets of reviews")

    def __str__(self) -> str:
        return f"{self.review_id}: {self.ticket_id}"
