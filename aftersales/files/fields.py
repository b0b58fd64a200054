"""A form field for several photos: what it cleans is pictures ready for `actions.attaching.attach_all`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import MOST_PER_REQUEST, read_upload
from aftersales.files.pictures import Picture
from aftersales.kernel.errors import BadInput


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Each file is judged and every fault told at once, so that the sender need not find them one by one."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        uploads: list[UploadedFile] = [each for each in (data or []) if each] if isinstance(data, list | tuple) else []
        if not uploads and isinstance(data, UploadedFile):
            uploads = [data]
        if not uploads:
            if self.required:
                raise forms.ValidationError(_("Please add at least one photo."), code="required")
            return []
        if len(uploads) > MOST_PER_REQUEST:
            told = _("%(count)s photos were chosen; %(most)s at once are the most.")
            raise forms.ValidationError(told, "too_many_files", {"count": len(uploads), "most": MOST_PER_REQUEST})
        pictures, faults = [], []
        for upload in uploads:
            try:
                pictures.append(read_upload(upload))
            except BadInput as refusal:
                faults.append(forms.ValidationError(str(refusal), refusal.code))
        if faults:
            raise forms.ValidationError(faults)
        return pictures
