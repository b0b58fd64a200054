"""Name what a file really is by its first bytes, for the sentence that refuses it. Nothing is accepted by this."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_BY_START = (
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"PK\x03\x04", "ZIP"),
    (b"Rar!", "RAR"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def kind_of(raw: bytes) -> str | Promise:
    """`GIF`, `HEIC`, `SVG`, `HTML`, `PDF` and so on, or “unknown kind”."""
    for start, kind in _BY_START:
        if raw.startswith(start):
            return kind
    if raw[4:8] == b"ftyp":
        return "HEIC" if raw[8:12] in _HEIC_BRANDS else _("a film")
    head = raw[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "SVG"
    if head.startswith((b"<!doctype", b"<html", b"<script", b"<?xml", b"<")):
        return "HTML"
    return _("unknown kind")
