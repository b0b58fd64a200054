"""Photos of a return, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.api.serializers.shape import Strict
from aftersales.files.models import Attachment


class PhotosBody(Strict):
    """Multipart: the field `photos`, once for each photo, six at most."""

    photos = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class AttachmentAnswer(serializers.ModelSerializer[Attachment]):
    full = serializers.CharField(read_only=True, help_text="Address of the photo, good for an hour or two.")
    thumb = serializers.CharField(read_only=True, help_text="Address of the small picture.")

    class Meta:
        model = Attachment
        fields = ("ref", "name", "content_type", "size", "width", "height", "at", "full", "thumb")
