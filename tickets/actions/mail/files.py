"""The files of a mail or a chat message: what we take from anybody is taken over, everything else is named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile

from aftersales.files.actions.attaching import MOST_PER_REQUEST, Taken, attach_all, read_file
from aftersales.files.pictures import Picture, clean_name
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from tickets.mail.letter import Letter, Part
from tickets.models import Arrival, Message

_SMALLEST = 64  # pixels; smaller pictures are signatures' icons and counting pixels
_NAMED = 12  # refused files that are named one by one
Remark = list[Any]  # [code, {parameters}], as `Arrival.remarks` has it


def files_of(letter: Letter) -> tuple[list[Taken], list[Remark]]:
    """What of a mail is taken over, and what is said about the rest; see `take`."""
    return take(letter.parts, left_out=letter.left_out, icons=False)


def take(parts: Sequence[Part], *, left_out: int = 0, icons: bool = True) -> tuple[list[Taken], list[Remark]]:
    """Pictures re-encoded, the rest as it came; `left_out` were not even read. Takes seconds at worst: call it unlocked.

    Without `icons` tiny pictures are passed over and not remarked; the original of a mail has them all the same.
    """
    taken: list[Taken] = []
    refused: list[tuple[str, str]] = []
    for part in parts:
        name = part.name[:80]
        if part.body is None:
            refused.append((name, "winmail" if "winmail" in name.casefold() else "not_readable"))
        elif len(taken) >= MOST_PER_REQUEST:
            refused.append((name, "too_many"))
        else:
            file, why = _read(part)
            if file is None:
                refused.append((name, why))
            elif not icons and isinstance(file, Picture) and min(file.width, file.height) < _SMALLEST:
                continue
            else:
                taken.append(file)
    remarks: list[Remark] = [["file_refused", {"name": name, "why": why}] for name, why in refused[:_NAMED]]
    more = max(len(refused) - _NAMED, 0) + left_out
    if more:
        remarks.append(["files_left_out", {"count": more}])
    return taken, remarks


def attach(taken: Sequence[Taken], *, on: Message | Arrival, actor: Actor) -> list[Remark]:
    """Hang the files on their message, or on the arrival until it has one. It never fails for them: what does not fit is said."""
    if not taken:
        return []
    try:
        attach_all(list(taken), on=on, actor=actor)
    except BadInput as refusal:
        return [["file_refused", {"name": each.name, "why": refusal.code}] for each in taken]
    return []


def _read(part: Part) -> tuple[Taken | None, str]:
    body = part.body or b""
    # Django refuses names such as "..": a mail that calls a file so is still read.
    name = clean_name(part.name, fallback="file")
    upload = InMemoryUploadedFile(io.BytesIO(body), "attachments", name, part.content_type, len(body), None)
    try:
        return read_file(upload), ""
    except BadInput as refusal:
        return None, refusal.code
