"""Models whose states pages say in words, a dozen times each: tickets and their clocks, returns, refunds, orders, parcels."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str


class Worded(models.Model):
    """`get_FIELD_display` that looks the value up. Django's own first makes all choices hashable, which translates each label."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:
        value = getattr(self, field.attname)
        words: str = force_str(_labels(field).get(value, value), strings_only=True)  # None stays None, as in Django
        return words


@cache
def _labels(field: models.Field[Any, Any]) -> dict[Any, Any]:
    return dict(field.flatchoices)
