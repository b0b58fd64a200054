"""Take in a document or a short clip as it came, or say why not. Pure: bytes in, bytes out.

What it is, its content says; a name may only narrow it. On the list is what nothing runs from when it is saved, or what
can be looked into first: no archive, no macro, no old Office file, no page of markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from aftersales.files import contents
from aftersales.files.kinds import kind_of
from aftersales.files.pictures import clean_name
from aftersales.kernel.errors import BadInput

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP = "application/zip"
_MB = 1_048_576


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that is kept. `suffix` ends its names, ours and the shown one; `bytes_are` is what the row says of it."""

    suffix: str
    content_type: str
    bytes_are: str
    is_clip: bool = False


KINDS = {
    kind.suffix: kind
    for kind in (
        Kind(".pdf", "application/pdf", "application/pdf"),
        Kind(".docx", _OFFICE + "wordprocessingml.document", _ZIP),
        Kind(".xlsx", _OFFICE + "spreadsheetml.sheet", _ZIP),
        Kind(".pptx", _OFFICE + "presentationml.presentation", _ZIP),
        Kind(".txt", "text/plain", "text/plain"),
        Kind(".csv", "text/csv", "text/csv"),
        Kind(".mp4", "video/mp4", "video/mp4", is_clip=True),
        Kind(".mov", "video/quicktime", "video/quicktime", is_clip=True),
        Kind(".m4a", "audio/mp4", "audio/mp4", is_clip=True),
        Kind(".amr", "audio/amr", "audio/amr", is_clip=True),
    )
}
OTHER_SUFFIXES = (".log", ".3gp", ".m4v", ".m4b")  # of files of these kinds, as they come to us
# Plain text can be anything, a script too: only what calls itself text is taken for it.
_TEXTS = {".txt": ".txt", ".log": ".txt", ".csv": ".csv"}


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes as they came, and the sender's name for them, made harmless and ending as their kind does."""

    name: str
    body: bytes
    kind: Kind


@dataclass(frozen=True, slots=True)
class Most:
    """Sizes in bytes, from the settings."""

    of_document: int
    of_clip: int


def read(file: IO[bytes] | File[Any], *, name: str, most: Most, field: str = "attachments") -> Document:
    """Look at the content and keep it as it is. Raises `BadInput` naming the file and what to do about it."""
    shown = clean_name(name, fallback="file")
    raw = file.read(max(most.of_document, most.of_clip) + 1)
    if not raw:
        raise BadInput(
            _("“%(name)s” is empty. Please choose the file again."), code="file_empty", field=field, name=shown
        )
    if contents.is_packed(raw):
        _must_fit(raw, most.of_document, field, shown)
    try:
        suffix = contents.suffix_of(raw) or _text(raw, shown)
    except contents.Unwelcome as found:
        raise BadInput(_SENTENCES[found.code], code=found.code, field=field, name=shown) from None
    if suffix is None:
        raise BadInput(
            _(
                "“%(name)s” is not a kind of file we take (%(kind)s). Please send photos, PDF, DOCX, XLSX, PPTX, TXT or "
                "CSV, or a short MP4, MOV, M4A or AMR."
            ),
            code="file_not_taken",
            field=field,
            name=shown,
            kind=kind_of(raw),
        )
    kind = KINDS[suffix]
    _must_fit(raw, most.of_clip if kind.is_clip else most.of_document, field, shown)
    return Document(_ending(shown, kind), raw, kind)


def _must_fit(raw: bytes, limit: int, field: str, shown: str) -> None:
    if len(raw) > limit:
        raise BadInput(
            _("“%(name)s” is larger than %(most)s MB, the most for such a file. Please send a shorter or smaller one."),
            code="file_too_large",
            field=field,
            name=shown,
            most=limit // _MB,
        )


def _text(raw: bytes, shown: str) -> str | None:
    suffix = _TEXTS.get(PurePath(shown).suffix.casefold())
    return suffix if suffix is not None and contents.is_text(raw) else None


def _ending(shown: str, kind: Kind) -> str:
    """`invoice.pdf.exe` that is a PDF becomes `invoice.pdf.exe.pdf`: nothing is started by how it is called."""
    own = PurePath(shown).suffix.casefold()
    if own == kind.suffix or (kind.suffix == ".txt" and own in _TEXTS):
        return shown
    return shown[: 120 - len(kind.suffix)] + kind.suffix


_SENTENCES = {
    "file_archive": _(
        "“%(name)s” is an archive, which we do not unpack. Please send the files that are in it one by one."
    ),
    "file_old_office": _(
        "“%(name)s” is in an old Office format or locked with a password. Please save it as DOCX, XLSX, PPTX or PDF, "
        "without a password."
    ),
    "file_macros": _("“%(name)s” holds macros, small programs. Please save it without them, or as PDF."),
    "file_broken": _("“%(name)s” cannot be opened; it may have been cut off on the way. Please send it once more."),
}
