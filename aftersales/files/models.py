"""One stored photo, document or clip, and the row it belongs to."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.files import links
from aftersales.files.documents import KINDS
from aftersales.files.queries import AttachmentQuerySet
from aftersales.ledger.subject import resolve


class Attachment(models.Model):
    """A photo as we encoded it, or a document or clip as it came, which has no width and no height.

    Sizes in bytes and pixels; `at` is UTC; `name` is what the sender called it, text only; `content_type` is what the
    bytes are, `served_as` what is said of them when they go out.
    `full`, `thumb` and `alt` are what `templates/parts/photos.html` shows, so a set of attachments can be handed to it.
    """

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=120)
    stored_name = models.CharField(max_length=80, unique=True)
    content_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("at"))
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("id",)
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="attachment_of_subject")]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"

    @property
    def subject(self) -> Any:
        """The row it belongs to, or None when it is gone."""
        return resolve(self.subject_type, self.subject_id)

    @property
    def is_picture(self) -> bool:
        """Whether it may be shown in a page; everything else is saved only."""
        return self.width > 0

    @property
    def served_as(self) -> str:
        """The content type of its kind, an Office file's own among them."""
        kind = KINDS.get(PurePath(self.stored_name).suffix)
        return kind.content_type if kind else self.content_type

    @property
    def saved_as(self) -> str:
        """What the file is called where it is saved."""
        return f"{self.ref}.jpg" if self.is_picture else self.name

    @property
    def full(self) -> str:
        """The address of the whole file, good for an hour or two and only for who may see it."""
        return links.address(self.ref, links.FULL, settings.LINK_KEY)

    @property
    def thumb(self) -> str:
        """The address of the small picture."""
        return links.address(self.ref, links.THUMB, settings.LINK_KEY)

    @property
    def alt(self) -> str:
        """What a screen reader says; empty means `Photo 1` and so on."""
        return ""
