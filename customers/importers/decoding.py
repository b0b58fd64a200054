"""Open what platforms export: CSV in whatever encoding, gzip, XLSX. Gives rows of cells; knows nothing of orders."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from customers.importers.problems import BadFile

Cells = list[object]
_CHUNK = 1 << 20
_MOST_UNPACKED = 2 << 30  # bytes; a workbook that unpacks to more is a bomb, not an export
_ENDINGS = (".csv", ".csv.gz", ".xlsx", ".txt", ".tsv")


def files_of(paths: list[Path]) -> list[Path]:
    """The files behind the paths: a folder stands for its `.csv`, `.csv.gz`, `.tsv` and `.xlsx` files, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.name.lower().endswith(_ENDINGS))
            found += [each for each in inside if not each.name.startswith((".", "~$"))]
        elif path.exists():
            found.append(path)
        else:
            raise BadFile(_("There is no file %(file)s."), code="file_missing", file=str(path))
    if not found:
        raise BadFile(
            _("There is no .csv, .csv.gz or .xlsx file in %(file)s."),
            code="file_missing",
            file=", ".join(map(str, paths)),
        )
    return found


def rows_of(path: Path) -> Iterator[tuple[int, Cells]]:
    """Line number (from 1, as an editor or spreadsheet counts) and cells of each row that is not blank.

    The content decides what a file is, not its name. Raises `BadFile`.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start.strip():
        raise BadFile(_("%(file)s is empty."), code="file_empty", file=path.name)
    if start.startswith(b"PK\x03\x04"):
        return _workbook_rows(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(
            _("%(file)s is an old .xls workbook. Open it and save it as .xlsx or CSV."), code="file_xls", file=path.name
        )
    return _text_rows(path, packed=start.startswith(b"\x1f\x8b"))


def _open(path: Path, packed: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _skip_mark(file: IO[bytes], encoding: str) -> None:
    """Some exporters write the mark of UTF-8 before whatever text: GB18030 begins after it."""
    if encoding == "gb18030" and file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)


def _text(path: Path, packed: bool, encoding: str) -> io.TextIOWrapper:
    file = _open(path, packed)
    _skip_mark(file, encoding)
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def encoding_of(path: Path, packed: bool) -> str:
    """UTF-8 where every byte fits, else GB18030 (of which GBK is a part), read to the end: a wrong guess would garble.

    A mark of UTF-8 promises nothing and is never a part of the text.

    Raises `BadFile`: `encoding_unknown` with the line of the first byte that fits neither, or `file_damaged`.
    """
    try:
        with _open(path, packed) as file:
            start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        lines = []
        for encoding in ("utf-8-sig", "gb18030"):
            bad_line = _first_bad_line(path, packed, encoding)
            if bad_line is None:
                return encoding
            lines.append(bad_line)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(
            _("%(file)s is damaged and cannot be unpacked. Export or copy it again."),
            code="file_damaged",
            file=path.name,
        ) from error
    raise BadFile(
        _("%(file)s is neither UTF-8 nor GBK text (line %(line)s). Export it again, or save it as UTF-8 CSV."),
        code="encoding_unknown",
        file=path.name,
        line=max(lines),
    )


def _first_bad_line(path: Path, packed: bool, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with _open(path, packed) as file:
        _skip_mark(file, encoding)
        while True:
            chunk = file.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + chunk[: error.start].count(b"\n")
            if not chunk:
                return None
            line += chunk.count(b"\n")


def _text_rows(path: Path, packed: bool) -> Iterator[tuple[int, Cells]]:
    encoding = encoding_of(path, packed)
    with _text(path, packed, encoding) as text:
        first = text.readline()
    delimiter = max(",\t;", key=first.count)
    with _text(path, packed, encoding) as text:
        reader = csv.reader(text, delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, list(cells)
                line = reader.line_num + 1
        except csv.Error as error:
            raise BadFile(
                _(
                    "%(file)s cannot be read from line %(line)s on: a quotation mark is not closed, or a cell is too long."
                ),
                code="file_damaged",
                file=path.name,
                line=line,
            ) from error


def _workbook_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """The rows of the first sheet that has any. Numbers stay numbers, so that a too long one can be seen and refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise BadFile(_("%(file)s is too large."), code="file_too_large", file=path.name)
        # Opened here, because openpyxl judges a path by its ending.
        with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some exporters write a wrong size: trust the rows
                found = False
                for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                    if any(cell is not None and str(cell).strip() for cell in cells):
                        found = True
                        yield line, list(cells)
                if found:
                    return
    except (zipfile.BadZipFile, ParseError, InvalidFileException, KeyError, OSError, EOFError, zlib.error) as error:
        raise BadFile(
            _("%(file)s cannot be opened as a workbook. Open it and save it as .xlsx or CSV."),
            code="file_damaged",
            file=path.name,
        ) from error
