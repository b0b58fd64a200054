"""A file that somebody asked for and takes away: made by a worker, handed out for a while, deleted. Evidence, people's copies."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.files import store
from aftersales.ledger.undone import if_undone

TO_BUILD = dt.timedelta(minutes=10)  # left to the worker that makes one; many clips take a while
Known = Callable[[list[str]], set[str]]


class Pack(models.Model):
    """One asked for. `counted` of `total` says how far it has come; the file goes at `expires_at` (UTC), the row stays.

    `language` is that of whoever asked.
    """

    class Status(models.TextChoices):
        BUILDING = "building", pgettext_lazy("evidence pack", "being made")
        DONE = "done", pgettext_lazy("evidence pack", "ready")
        EXPIRED = "expired", pgettext_lazy("evidence pack", "deleted")

    language = models.CharField(max_length=10)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.BUILDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    total = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    stored_name = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    done_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    class Meta:
        abstract = True

    def fill(
        self, write: Callable[[IO[bytes]], int], *, folder: str, known: Known, at: dt.datetime, kept: dt.timedelta
    ) -> None:
        """Have the file written (`write` returns how many files are in it), and set what is to be saved with the row.

        Nobody can take the file before its row commits; if that never happens, the file is removed again.
        """
        with tempfile.TemporaryFile() as body:
            self.counted = self.total = write(body)
            self.size = body.seek(0, io.SEEK_END)
            body.seek(0)
            self.sha256 = hashlib.file_digest(body, "sha256").hexdigest()
            self.stored_name = store.keep_other(body, folder=folder, suffix=".zip", now=at)
        if_undone(partial(_remove_if_unknown, self.stored_name, known))
        self.status, self.done_at, self.expires_at = self.Status.DONE, at, at + kept


def _remove_if_unknown(stored_name: str, known: Known) -> None:
    """A commit whose answer was lost on the way may have succeeded: then the file stays."""
    if not known([stored_name]):
        store.remove(stored_name)
