"""What the store of files holds of people (`aftersales.kernel.personal`). Imported by `FilesConfig.ready`."""

from __future__ import annotations

from aftersales.files.actions.removing import drop_files
from aftersales.files.models import Attachment
from aftersales.kernel.personal import Rows, about, holds


def _files(person_id: int) -> Rows:
    return Attachment.objects.filter(about(person_id, "subject"))


def _shown(person_id: int) -> Rows:
    """Not of notes among colleagues, and not what was hidden because it shows somebody else."""
    return Attachment.objects.filter(about(person_id, "subject", told=True), hidden_at=None)


holds(
    "files.Attachment",
    of=_files,
    derived=True,
    tells="ref name content_type size sha256 by_kind at",
    untold="subject_type stored_name",
    gone=True,
    undo=drop_files,
    told_if=_shown,
)
