"""Where the bytes lie: Django's default storage, under names that nobody chose and that no web server serves."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from aftersales.files.documents import Document
from aftersales.files.pictures import Picture

_THUMB = ".thumb"


def keep(taken: Picture | Document, *, now: dt.datetime) -> str:
    """Write it, a picture in both sizes, and return the stored name. Written before the row commits, so that no row
    lacks its file.
    """
    suffix = taken.kind.suffix if isinstance(taken, Document) else ".jpg"
    stored = default_storage.save(f"{now:%Y/%m}/{secrets.token_hex(16)}{suffix}", ContentFile(taken.body))
    if isinstance(taken, Picture):
        default_storage.save(stored + _THUMB, ContentFile(taken.thumb))
    return stored


def keep_other(file: IO[bytes], *, folder: str, suffix: str, now: dt.datetime) -> str:
    """Write one file that is no attachment, in a folder of `owners`, and return the stored name."""
    return default_storage.save(f"{folder}/{now:%Y/%m}/{secrets.token_hex(16)}{suffix}", File(file))


def remove(stored: str) -> None:
    """Take both sizes away. One that is not there is no error."""
    default_storage.delete(stored)
    default_storage.delete(stored + _THUMB)


def read(stored: str, *, small: bool) -> IO[bytes]:
    """Open one size for reading. Raises `FileNotFoundError` when the disk does not have it."""
    return default_storage.open(stored + _THUMB if small else stored)


def written_in(month: dt.date, *, below: str = "") -> Iterator[tuple[str, dt.datetime]]:
    """Names and times of what was written in one month, thumbnails not counted. `below`: a folder of `owners`."""
    folder = f"{below}/{month:%Y/%m}".lstrip("/")
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if not name.endswith(_THUMB):
            path = f"{folder}/{name}"
            yield path, default_storage.get_modified_time(path)
