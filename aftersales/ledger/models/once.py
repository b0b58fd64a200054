"""Doing it twice is doing it once: keys of requests already answered, and messages already received."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """A request that was answered. Key, hash of the request and work commit together: no key is half done."""

    principal = models.CharField(max_length=80)
    endpoint = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    request_sha256 = models.CharField(max_length=64)
    response = models.JSONField(default=dict)
    status_code = models.PositiveSmallIntegerField(default=200)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["principal", "endpoint", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.principal} {self.endpoint} {self.key}"


class Inbox(models.Model):
    """A message from outside, kept before it is understood. The same message twice is one row."""

    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("inbox message")
        verbose_name_plural = _("inbox")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_row_per_message")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
