"""The facts of decided cases in a few bytes each, for back-tests: a million of them are read in a second or two."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.request import ReturnLine
from returns.rules.coding import Coding, read_coding


class FactCoding(models.Model):
    """The vocabulary that codes were made under: which fact stands where, and what its numbers mean. Never changed."""

    sha256 = models.CharField(max_length=64, unique=True)
    layout = models.JSONField()

    class Meta:
        verbose_name = _("coding of facts")
        verbose_name_plural = _("codings of facts")

    def __str__(self) -> str:
        return self.sha256[:12]


class CodedCase(models.Model):
    """What the standing verdict of a line was decided on. A copy for fast reading: `Verdict.facts` is the record.

    Narrow on purpose, without indexes of its own: a back-test reads it from one end to the other.
    """

    line = models.OneToOneField(ReturnLine, models.CASCADE, primary_key=True, related_name="coded")
    coding = models.ForeignKey(FactCoding, models.PROTECT, db_index=False, related_name="+")
    pack = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    decided_on = models.DateField()  # where the shop is
    facts = models.BinaryField()

    class Meta:
        verbose_name = _("coded case")
        verbose_name_plural = _("coded cases")

    def __str__(self) -> str:
        return f"{self.line_id}"


@lru_cache(maxsize=64)
def coding_of(pk: int) -> Coding:
    """A coding that was kept; it never changes."""
    return read_coding(FactCoding.objects.get(pk=pk).layout)
