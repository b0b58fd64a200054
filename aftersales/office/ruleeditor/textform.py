"""The text form of a draft: the folder as a ZIP, one table as a sheet, and both back again, whole or not at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.office.ruleeditor import drafts
from aftersales.office.ruleeditor.drafts import Draft
from aftersales.office.ruleeditor.packwords import packwords
from returns.rules.canonical import write_body
from returns.rules.editing.examples import read_examples
from returns.rules.editing.rows import read_table
from returns.rules.pack import read_pack
from returns.rules.text import PackError

MOST_BYTES = 2_000_000  # of everything together, unpacked
SUFFIXES = (".toml", ".csv", ".jsonl")
_SAYS, _SAYS_IN_SHEETS = "->", "→ "  # a sheet would take a name that begins with - for a formula


def page(request: HttpRequest, version: int) -> HttpResponse:
    """Down and up. An upload that is refused changes nothing and says which file, line and column, and what to do."""
    draft = drafts.find(request, version)
    if request.method != "POST":
        return _page(request, draft)
    drafts.must_change(request, draft)
    revision = int(request.POST.get("revision", "")) if request.POST.get("revision", "").isdecimal() else 0
    try:
        drafts.keep(request, draft, taken(draft.files, request.FILES.getlist("files")), revision)
    except PackError as error:
        return _page(request, draft, status=422, refused=error, error=packwords(error))
    except Refusal as refusal:
        return _page(request, draft, status=refusal.status, error=str(refusal))
    messages.success(request, _("The files were read and saved."))
    return redirect("admin:rule_draft_table", draft.id, draft.tables[0])


def as_zip(request: HttpRequest, version: int) -> HttpResponse:
    """Every file of the draft, byte for byte."""
    draft = drafts.find(request, version)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(draft.files.items()):
            archive.writestr(zipfile.ZipInfo(name), text)
    return _download(packed.getvalue(), "application/zip", f"{draft.version.rule_set}-{draft.version.number}.zip")


def as_csv(request: HttpRequest, version: int, table: str) -> HttpResponse:
    """One table for a spreadsheet: nothing in it begins like a formula."""
    draft = drafts.find(request, version, table)
    text = for_sheets(draft.files[f"{table}.csv"])
    return _download(text.encode("utf-8-sig"), "text/csv; charset=utf-8", f"{draft.version.rule_set}-{table}.csv")


def for_sheets(body: str) -> str:
    """A table's rows as a spreadsheet may open them: `=3` as `3..3`, `->payer` as `→ payer`; anything else that would
    be computed gets a ' in front. `from_sheets` is the way back."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [_harmless(cell) for cell in row] for row in csv.reader(io.StringIO(body))
    )
    return out.getvalue()


def from_sheets(body: str) -> str:
    """The heads of outcomes as the text form has them; cells are read either way."""
    head, newline, rest = body.partition("\n")
    return head.replace(_SAYS_IN_SHEETS, _SAYS) + newline + rest


def _harmless(cell: str) -> str:
    if cell.startswith(_SAYS):
        return _SAYS_IN_SHEETS + cell.removeprefix(_SAYS)
    if cell[:1] == "=" and cell[1:].lstrip("-").isdecimal():
        return f"{cell[1:]}..{cell[1:]}"
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") and cell != "-" else cell


def taken(files: Mapping[str, str], uploads: Sequence[UploadedFile]) -> dict[str, str]:
    """The text with what was uploaded in place of what was there: a ZIP is the whole folder, single files replace their
    own. Raises PackError naming file, line and column unless the pack is whole then."""
    given: dict[str, bytes] = {}
    whole = False
    room = MOST_BYTES
    for upload in uploads:
        name = upload.name or ""
        if (upload.size or 0) > room:
            raise PackError(name, f"is too large: {MOST_BYTES // 1_000_000} MB is the most, all files together")
        content = upload.read()
        unpacked = (
            _unpacked(name, content, room) if name.lower().endswith(".zip") else {PurePosixPath(name).name: content}
        )
        whole = whole or name.lower().endswith(".zip")
        for inner, each in unpacked.items():
            if inner in given:
                raise PackError(inner, "comes twice; leave one of them out")
            given[inner] = each
            room -= len(each)
    if not given:
        raise PackError("upload", f"has no file of a pack; choose a ZIP or files ending in {', '.join(SUFFIXES)}")
    after = {} if whole else dict(files)
    for name, content in given.items():
        if not name.endswith(SUFFIXES):
            raise PackError(name, f"is not a file of a pack; those end in {', '.join(SUFFIXES)}")
        if not whole and name not in files:
            raise PackError(name, f"is not a file of this pack; it has {', '.join(sorted(files))}")
        after[name] = _text(name, content)
    if "examples.jsonl" in files:
        after.setdefault("examples.jsonl", files["examples.jsonl"])
    return _whole(after)


def _whole(files: dict[str, str]) -> dict[str, str]:
    """The pack read as a whole, its tables in canonical order, so that the next edit is one changed line."""
    pack = read_pack(files)
    read_examples(files)
    return {**files, **{f"{name}.csv": write_body(read_table(files, name)) for name in pack.tables}}


def _unpacked(name: str, content: bytes, room: int) -> dict[str, bytes]:
    """The files of a ZIP by their last name; sizes are believed only as far as they are read."""
    out: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                inner = PurePosixPath(info.filename).name
                if info.is_dir() or inner.startswith(".") or "__MACOSX" in info.filename:
                    continue
                with archive.open(info) as opened:
                    read = opened.read(room + 1)
                room -= len(read)
                if room < 0:
                    raise PackError(name, f"is too large unpacked: {MOST_BYTES // 1_000_000} MB is the most")
                if inner in out:
                    raise PackError(inner, "stands twice in the ZIP; leave one of them out")
                out[inner] = read
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise PackError(name, "cannot be opened as a ZIP; make it anew without a password") from None
    return out


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PackError(name, "is not UTF-8; save it as UTF-8") from None
    return from_sheets(text) if name.endswith(".csv") else text


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _page(request: HttpRequest, draft: Draft, *, status: int = 200, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": _("As files"), "draft": draft}
    may = drafts.may_change(actor_of(request), draft)
    return TemplateResponse(
        request, "office/rules/editor/text.html", {**frame, "may_change": may, **context}, status=status
    )
