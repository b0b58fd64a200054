"""Files of an import between the trial run and the real one: kept apart from the web, named by chance, gone after a day."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

KEPT_SECONDS = 24 * 60 * 60
_TOKEN = re.compile(r"[0-9a-f]{32}")
_STRANGE = re.compile(r"[^\w.\- ]+", re.UNICODE)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def keep(files: Iterable[UploadedFile]) -> str:
    """Write the files down and return the token they are found under. Throws away what was left from before."""
    _clear_old()
    token = secrets.token_hex(16)
    folder = _root() / token
    folder.mkdir(mode=0o700, parents=True)
    for number, file in enumerate(files):
        # The name matters to the reader (.csv.gz, .xlsx) and to the report; the number keeps two of the same name apart.
        name = _STRANGE.sub("_", Path(file.name or "").name)[-80:].lstrip(".") or "file"
        place = folder / (name if not (folder / name).exists() else f"{number}-{name}")
        with open(place, "wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    return token


def found(token: str) -> list[Path]:
    """The files kept under a token, none when it is unknown or too old."""
    if not _TOKEN.fullmatch(token):
        return []
    folder = _root() / token
    return sorted(folder.iterdir()) if folder.is_dir() else []


def forget(token: str) -> None:
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_root() / token, ignore_errors=True)


def _clear_old() -> None:
    oldest = time.time() - KEPT_SECONDS
    for folder in _root().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
