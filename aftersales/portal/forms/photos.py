"""Several photos in one field. Whether each is one, `aftersales.files` finds out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """All files of the field; Django's own widget gives the last one."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class PhotosField(forms.Field):
    """The files that were sent, in their order; an empty list where none was."""

    widget = _Several

    def to_python(self, value: Any) -> list[UploadedFile]:
        return [each for each in value or [] if each]
