"""Django's storage of files, made to survive a power cut: what a row will name is on the disk before the row is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """The database flushes its log at each commit. Bytes that only the system's memory held would be missing beside it."""

    def _save(self, name: str, content: Any) -> str:
        stored: str = super()._save(name, content)  # type: ignore[misc]
        written = Path(self.path(stored))
        for each in (written, *written.parents):  # a new month is an entry in the folder above it
            _flush(each)
            if each == Path(self.location):
                break
        return stored


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
