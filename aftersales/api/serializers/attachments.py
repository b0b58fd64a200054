"""Attachments of a return, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from aftersales.api.serializers.shape import Strict
from aftersales.files.models import Attachment


class FilesBody(Strict):
    """Multipart: the field `files`, or `photos` where nothing else is meant, once for each file, six at most."""

    photos = serializers.ListField(child=serializers.FileField(), required=False, default=list)
    files = serializers.ListField(child=serializers.FileField(), required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["photos"] and not attrs["files"]:
            raise serializers.ValidationError({"files": [_("Please add at least one file.")]}, code="required")
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
