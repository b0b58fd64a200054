"""The office's page of attachments: what was sent, to which thing it belongs and who may look. Hiding is the desk's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.files import access
from aftersales.files.models import Attachment
from aftersales.kernel.admin import OfficePage, actor_of, column, moment
from aftersales.ledger.admin import subject

BY = {"staff": _("staff"), "customer": _("the customer"), "api": _("a program"), "system": _("the system")}


@admin.register(Attachment)
class AttachmentPage(OfficePage):
    view_verb = "file.view"
    list_display = ("ref", "name", subject, "sender", "dimensions", moment("at", _("at")), "seen_by")
    list_filter = (("hidden_at", admin.EmptyFieldListFilter), "by_kind")
    search_fields = ("=ref",)
    search_help_text = _("Reference of the file")
    open_lookups = frozenset({"subject_type", "subject_id"})
    ordering = ("-id",)
    fields: ClassVar[Any] = (
        "ref", "picture", "name", subject, "sender", "dimensions", "at", "seen_by", "hidden_at", "hash_of_file",
    )  # fmt: skip
    readonly_fields = fields

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Attachment | None:
        """The photo, knowing whether this reader may open it: its page shows it then."""
        found: Attachment | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.opens = access.may_open(actor_of(request), found)  # type: ignore[attr-defined]
        return found

    @column(_("file"))
    def picture(self, photo: Attachment) -> SafeString | str:
        if not getattr(photo, "opens", False):
            return "–"
        if not photo.is_picture:
            return format_html('<a href="{}">{}</a>', photo.full, photo.name)
        return format_html('<a href="{}"><img src="{}" alt="{}" width="240"></a>', photo.full, photo.thumb, photo.name)

    @column(pgettext_lazy("of a photo", "sent by"), order="by_kind")
    def sender(self, photo: Attachment) -> str:
        return str(BY.get(photo.by_kind, photo.by_kind))

    @column(_("size"), order="size")
    def dimensions(self, photo: Attachment) -> str:
        if not photo.is_picture:
            return filesizeformat(photo.size)
        return f"{photo.width:,} × {photo.height:,} · {filesizeformat(photo.size)}"

    @column(_("seen by"), order="hidden_at")
    def seen_by(self, photo: Attachment) -> SafeString | str:
        if not access.is_open(photo.subject_type):
            return str(_("nobody"))
        if photo.hidden_at is not None:
            return format_html('<span class="badge badge--warn">{}</span>', _("hidden: staff only"))
        return str(_("the customer of the order, and staff"))

    @column(_("hash of the file"))
    def hash_of_file(self, photo: Attachment) -> str:
        return photo.sha256
