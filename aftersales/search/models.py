"""The index: one row for each thing that can be found, what changed since, and how far a rebuild has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.search.fields import TokensField


class Entry(models.Model):
    """One thing that can be found, by kind and primary key. All of it can be made again from the thing itself.

    `at` (UTC) orders what is found. `team` is the team that has the thing, or null. `body` is what may be shown of it:
    contacts of people are in `tokens` only, as numbers that cannot be read back.
    """

    kind = models.CharField(max_length=12)
    key = models.BigIntegerField()
    at = models.DateTimeField()
    team = models.BigIntegerField(null=True)
    tokens = TokensField()
    body = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_entry_per_thing")]
        # Common words: the newest things of a kind are looked at one by one, until enough of them answer.
        indexes = [models.Index(fields=["kind", "-at", "-id"], name="entry_newest")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Touched(models.Model):
    """A thing that changed and whose entry has not been made again yet. Written by triggers, see `watch`."""

    kind = models.CharField(max_length=12)
    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("thing to index")
        verbose_name_plural = _("things to index")

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Rebuild(models.Model):
    """How far a rebuild of one kind has come: gone on with after a crash, gone when it is done."""

    kind = models.CharField(max_length=12, primary_key=True)
    last_key = models.BigIntegerField(default=0)
    anew = models.BooleanField(default=False)  # the whole index was emptied for it
    since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rebuild of the search index")
        verbose_name_plural = _("rebuilds of the search index")

    def __str__(self) -> str:
        return self.kind
