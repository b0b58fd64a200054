"""Documents and clips made on the spot: good ones of each kind, and those that only look like one."""

from __future__ import annotations

import io
import struct
import zipfile

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_LISTED = b"wordprocessingml.document.main+xml"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def office(main: str = "wordprocessingml.document.main+xml", extra: dict[str, bytes] | None = None) -> bytes:
    """A ZIP that lists its contents as Office files do."""
    out = io.BytesIO()
    listed = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("[Content_Types].xml", listed)
        for name, body in (extra or {}).items():
            into.writestr(name, body)
    return out.getvalue()


def liar(packing: int) -> bytes:
    """A list of contents of 50 MB that says of itself it has a hundred bytes."""
    out = io.BytesIO()
    size = 50_000_000
    with zipfile.ZipFile(out, "w", packing) as into:
        into.writestr("[Content_Types].xml", _LISTED.ljust(size))
    return out.getvalue().replace(struct.pack("<L", size), struct.pack("<L", 100))


def packed(name: str = "report.html", body: bytes = HTML) -> bytes:
    """An ordinary ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        into.writestr(name, body)
    return out.getvalue()


def clip(brand: bytes = b"isom", boxes: tuple[bytes, ...] = (b"moov", b"mdat"), tail: bytes = b"") -> bytes:
    """Boxes as MP4, MOV and M4A have them."""

    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), name) + body

    return box(b"ftyp", brand + b"\0\0\2\0") + b"".join(box(name, b"\0" * 40) for name in boxes) + tail


TAKEN = {
    "发票.pdf": (PDF, "application/pdf"),
    "检测报告.docx": (office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "清单.xlsx": (
        office("spreadsheetml.sheet.main+xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "说明.pptx": (
        office("presentationml.presentation.main+xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "记录.txt": ("第一行\r\n第二行".encode("gb18030"), "text/plain"),
    "device.log": (b"12:00 started\n", "text/plain"),
    "订单.csv": ("\ufeff订单,数量\n1,2\n".encode(), "text/csv"),
    "开箱.mp4": (clip(b"mp42"), "video/mp4"),
    "shared.mp4": (clip(b"iso3"), "video/mp4"),
    "apple.mp4": (clip(b"hvc1"), "video/mp4"),
    "VID_0001.MOV": (clip(b"qt  "), "video/quicktime"),
    "语音.m4a": (clip(b"M4A "), "audio/mp4"),
    "语音.amr": (b"#!AMR\n" + b"\x3c" * 32, "audio/amr"),
}
REFUSED = {
    "empty.pdf": (b"", "file_empty"),
    "page.pdf": (HTML, "file_not_taken"),
    "page.txt": (HTML, "file_not_taken"),
    "drawing.csv": (b"\n <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_not_taken"),
    "run.bat": (b"@echo off\r\ndel *.*\r\n", "file_not_taken"),
    "notes.rtf": (rb"{\rtf1 hello}", "file_not_taken"),
    "program.txt": (b"MZ\x90\x00\x03\x00", "file_not_taken"),
    "program.pdf": (b"MZ\x90\x00\x03\x00" + PDF, "file_not_taken"),
    "half.pdf": (PDF[:30], "file_broken"),
    "with-a-page-behind.pdf": (PDF + HTML * 4, "file_broken"),
    "files.zip": (packed(), "file_archive"),
    "files.docx": (packed("word/document.xml"), "file_archive"),
    "files.rar": (b"Rar!\x1a\x07\x01\x00" + b"\0" * 40, "file_archive"),
    "files.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "file_archive"),
    "half.xlsx": (office()[:60], "file_broken"),
    "macros.docx": (office(extra={"word/vbaProject.bin": b"x"}), "file_macros"),
    "bomb.docx": (office(extra={f"word/{n}.xml": b"" for n in range(4_001)}), "file_archive"),
    "bzip2-liar.docx": (liar(zipfile.ZIP_BZIP2), "file_archive"),
    "deflate-liar.docx": (liar(zipfile.ZIP_DEFLATED), "file_broken"),
    "rar-with-one-behind.docx": (b"Rar!\x1a\x07\x01\x00" + office(), "file_archive"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "file_old_office"),
    "half.mp4": (clip()[:-10], "file_broken"),
    "no-tracks.mp4": (clip(boxes=(b"mdat",)), "file_broken"),
    "with-a-page-behind.mp4": (clip(tail=HTML), "file_broken"),
    "moving.gif": (b"GIF89a" + b"\0" * 40, "file_not_taken"),
    "photo.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "file_heic"),
    "broken.jpg": (b"\xff\xd8\xff\xe0 no picture", "file_broken"),
}
