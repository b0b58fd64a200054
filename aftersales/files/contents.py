"""Tell by its bytes what a file is, of the kinds that are taken in. Pure; reads structure, never renders or unpacks.

A mark at the start is not believed by itself: a PDF must end as one, a clip must be boxes to its last byte, an Office
file must say in its own list of contents which it is.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib

_MOST_ENTRIES, _MOST_UNPACKED = 4_000, 300 * 1_048_576  # of an Office file; more is a bomb
_ENTRY = b"PK\x01\x02"  # begins each entry of its directory
_MOST_LISTED = 1_048_576  # bytes of its list of contents
_MOST_BOXES = 4_000
_TAIL = 64  # bytes some programs leave behind the end of a PDF
_OFFICE = (
    (b"wordprocessingml.document.main+xml", ".docx"),
    (b"spreadsheetml.sheet.main+xml", ".xlsx"),
    (b"presentationml.presentation.main+xml", ".pptx"),
    (b"presentationml.slideshow.main+xml", ".pptx"),
)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")  # an Office file, or a ZIP
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BRANDS = {b"qt  ": ".mov", b"M4A ": ".m4a", b"M4B ": ".m4a"}
_VIDEO_BRANDS = (b"iso", b"mp41", b"mp42", b"avc1", b"hvc1", b"XAVC", b"M4V ", b"MSNV", b"dash", b"3gp")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Unwelcome(Exception):
    """A kind we know and do not take, or a broken one. `code` is that of the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def suffix_of(raw: bytes) -> str | None:
    """`.pdf`, `.docx`, `.mp4` and so on; None for what is none of them. Text is asked for apart. Raises `Unwelcome`."""
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith(_OLE):
        raise Unwelcome("file_old_office")
    if raw.startswith(_ARCHIVES):
        raise Unwelcome("file_archive")
    if is_packed(raw):
        return _office(raw)
    if raw.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return ".amr"
    if raw[4:8] == b"ftyp":
        return _clip(raw)
    return None


def is_packed(raw: bytes) -> bool:
    """Whether its list of entries has to be read to tell what it is: its size is looked at before."""
    return raw.startswith(_PACKED)


def is_text(raw: bytes) -> bool:
    """Words and nothing else: UTF-8, UTF-16 with its mark, or GB 18030, without control characters or markup at the start."""
    text = _decoded(raw)
    if text is None or text.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    return _CONTROL.search(text) is None


def _decoded(raw: bytes) -> str | None:
    codings = ("utf-16",) if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8", "gb18030")
    for coding in codings:
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return None


def _pdf(raw: bytes) -> str:
    _body, mark, tail = raw.rpartition(b"%%EOF")
    if not mark or len(tail.strip(b"\0\t\r\n ")) > _TAIL:
        raise Unwelcome("file_broken")
    return ".pdf"


def _office(raw: bytes) -> str:
    """What the list of contents says it is. Nothing else in it is unpacked, and of that no more than it may have.

    Sizes that an archive tells of itself are not believed: entries are counted before they are read, and of packings only
    the two that Office writes are undone, which give out no more than is asked for.
    """
    if raw.count(_ENTRY) > _MOST_ENTRIES:
        raise Unwelcome("file_archive")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            listed = archive.getinfo("[Content_Types].xml")
            if (
                sum(entry.file_size for entry in entries) > _MOST_UNPACKED
                or listed.file_size > _MOST_LISTED
                or listed.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            ):
                raise Unwelcome("file_archive")
            with archive.open(listed) as part:
                told = part.read(_MOST_LISTED)
    except (KeyError, NotImplementedError, RuntimeError):  # no Office file; an unknown packing; a password
        raise Unwelcome("file_archive") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error):
        raise Unwelcome("file_broken") from None
    if b"macroEnabled" in told or any(entry.filename.casefold().endswith("vbaproject.bin") for entry in entries):
        raise Unwelcome("file_macros")
    for mark, suffix in _OFFICE:
        if mark in told:
            return suffix
    raise Unwelcome("file_archive")


def _clip(raw: bytes) -> str | None:
    """By its brand, once its boxes have been counted to the last byte and the one that describes the tracks was met."""
    brand = raw[8:12]
    suffix = _BRANDS.get(brand) or (".mp4" if brand.startswith(_VIDEO_BRANDS) else None)
    if suffix is None:
        return None
    at, described = 0, False
    for _box in range(_MOST_BOXES):
        if at == len(raw):
            break
        if len(raw) - at < 8:
            raise Unwelcome("file_broken")
        size, name = struct.unpack_from(">I4s", raw, at)
        if size == 1 and len(raw) - at >= 16:
            (size,) = struct.unpack_from(">Q", raw, at + 8)
        elif size == 0:
            size = len(raw) - at
        if size < 8 or size > len(raw) - at:
            raise Unwelcome("file_broken")
        described = described or name == b"moov"
        at += size
    if at != len(raw) or not described:
        raise Unwelcome("file_broken")
    return suffix
