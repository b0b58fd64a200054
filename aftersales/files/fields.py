"""Form fields for several photos, or several files of any kind we take: cleaned they are ready for `attaching.attach_all`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import MOST_PER_REQUEST, Taken, read_file, read_upload
from aftersales.files.documents import KINDS, OTHER_SUFFIXES
from aftersales.kernel.errors import BadInput


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Each file is judged and every fault told at once, so that the sender need not find them one by one."""

    widget = PhotosInput
    missing = _("Please add at least one photo.")

    def read(self, upload: UploadedFile) -> Taken:
        """Judge one. Raises `BadInput`."""
        return read_upload(upload)

    def clean(self, data: Any, initial: Any = None) -> list[Taken]:
        uploads: list[UploadedFile] = [each for each in (data or []) if each] if isinstance(data, list | tuple) else []
        if not uploads and isinstance(data, UploadedFile):
            uploads = [data]
        if not uploads:
            if self.required:
                raise forms.ValidationError(self.missing, code="required")
            return []
        if len(uploads) > MOST_PER_REQUEST:
            told = _("%(count)s files were chosen; %(most)s at once are the most.")
            raise forms.ValidationError(told, "too_many_files", {"count": len(uploads), "most": MOST_PER_REQUEST})
        taken, faults = [], []
        for upload in uploads:
            try:
                taken.append(self.read(upload))
            except BadInput as refusal:
                faults.append(forms.ValidationError(str(refusal), refusal.code))
        if faults:
            raise forms.ValidationError(faults)
        return taken


class FilesField(PhotosField):
    """Photos, documents and short clips, as people send them in a conversation."""

    missing = _("Please add at least one file.")
    takes_any = True  # asked by templates/parts/file_drop.html, with what follows
    accept = ",".join(
        ["image/jpeg,image/png,image/webp", *KINDS, *OTHER_SUFFIXES, *(kind.content_type for kind in KINDS.values())]
    )

    @property
    def sizes(self) -> dict[str, int]:
        """The most bytes of each group, for the line that says so."""
        return {
            "photo": settings.UPLOAD_MAX_FILE_BYTES,
            "document": settings.UPLOAD_MAX_DOCUMENT_BYTES,
            "clip": settings.UPLOAD_MAX_CLIP_BYTES,
        }

    @property
    def most_bytes(self) -> int:
        """The largest file of any kind; what each kind may have is judged when it arrives."""
        return max(self.sizes.values())

    def read(self, upload: UploadedFile) -> Taken:
        return read_file(upload)
