"""The text of packs that decided a case before there were versions, so that their verdicts can be explained for ever."""

from __future__ import annotations

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.rules.pack import Pack, read_pack


class KeptPack(models.Model):
    """Written when a pack without versions decides for the first time, and never changed: the hash is over `files`."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("rule pack"), max_length=20)
    version = models.CharField(_("version"), max_length=20)
    files = models.JSONField(_("text"))
    kept_at = models.DateTimeField(_("first used at"))

    class Meta:
        verbose_name = _("kept rule pack")
        verbose_name_plural = _("kept rule packs")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@lru_cache(maxsize=16)
def read_kept(sha256: str) -> Pack:
    """A pack from its kept text. Raises `KeptPack.DoesNotExist`, which is not remembered: it may be kept later."""
    return read_pack(KeptPack.objects.get(sha256=sha256).files, kept=True)
