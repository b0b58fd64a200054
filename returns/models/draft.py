"""A return form half filled. It survives a reload, a lost connection and a dead battery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Order
from returns.models.request import Return
from returns.queries import ReturnDraftQuerySet


class ReturnDraft(models.Model):
    """`data` is `{"lines": {order_line_id: {quantity, group, reason, story, wanted_sku}}, "kind": …}`; only the form reads it."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="return_drafts", verbose_name=_("order"))
    key = models.CharField(max_length=32, unique=True)  # also the idempotency key of the submit
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("saved at"))
    submitted = models.OneToOneField(
        Return, models.SET_NULL, null=True, blank=True, related_name="draft", verbose_name=_("became")
    )

    objects = ReturnDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("return draft")
        verbose_name_plural = _("return drafts")
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(submitted=None), name="one_open_draft_per_order")
        ]

    def __str__(self) -> str:
        return str(self.order)
