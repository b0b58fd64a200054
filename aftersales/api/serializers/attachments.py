"""Attachments of a return, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from aftersales.api.serializers.shape import Strict
from aftersales.files.actions.attaching import MOST_PER_REQUEST
from aftersales.files.models import Attachment


def files_field(help_text: str | None = None) -> serializers.ListField:
    """Several files of a multipart body. How many they are is told before anybody reads one."""
    return serializers.ListField(
        child=serializers.FileField(), required=False, default=list, max_length=MOST_PER_REQUEST, help_text=help_text
    )


class FilesBody(Strict):
    """Multipart: the field `files`, or `photos` where nothing else is meant, once for each file, six at most."""

    photos = files_field()
    files = files_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["photos"] and not attrs["files"]:
            raise serializers.ValidationError({"files": [_("Please add at least one file.")]}, code="required")
        count = len(attrs["photos"]) + len(attrs["files"])
        if count > MOST_PER_REQUEST:
            told = _("%(count)s files were chosen; %(most)s at once are the most.")
            refusal = told % {"count": count, "most": MOST_PER_REQUEST}
            raise serializers.ValidationError({"files": [refusal]}, code="too_many_files")
        return attrs


class AttachmentAnswer(serializers.ModelSerializer[Attachment]):
    full = serializers.CharField(read_only=True, help_text="Address of the whole file, good for an hour or two.")
    content_type = serializers.CharField(source="served_as", read_only=True)
    thumb = serializers.SerializerMethodField(help_text="Address of the small picture; null for what is no photo.")

    class Meta:
        model = Attachment
        fields = ("ref", "name", "content_type", "size", "width", "height", "at", "full", "thumb")

    def get_thumb(self, attachment: Attachment) -> str | None:
        return attachment.thumb if attachment.is_picture else None
