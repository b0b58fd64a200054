"""The files of a mail: photos are taken over as we take all photos, everything else is named and left."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile

from aftersales.files.actions.attaching import MOST_PER_REQUEST, attach_all, read_upload
from aftersales.files.pictures import Picture
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from tickets.mail.letter import Letter, Part
from tickets.models import Message

_SMALLEST = 64  # pixels; smaller pictures are signatures' icons and counting pixels
_NAMED = 12  # refused files that are named one by one
Remark = list[Any]  # [code, {parameters}], as `Arrival.remarks` has it


def photos_of(letter: Letter) -> tuple[list[Picture], list[Remark]]:
    """What is taken over, re-encoded, and what is to be said about the rest. Takes seconds at worst: call it unlocked."""
    taken: list[Picture] = []
    refused: list[tuple[str, str]] = []
    for part in letter.parts:
        name = part.name[:80]
        if part.body is None:
            refused.append((name, "winmail" if "winmail" in name.casefold() else "not_readable"))
        elif len(taken) >= MOST_PER_REQUEST:
            refused.append((name, "too_many"))
        else:
            picture, why = _photo(part)
            if picture is None:
                refused.append((name, why))
            elif min(picture.width, picture.height) < _SMALLEST:
                continue
            else:
                taken.append(picture)
    remarks: list[Remark] = [["file_refused", {"name": name, "why": why}] for name, why in refused[:_NAMED]]
    more = len(refused) - _NAMED + letter.left_out if len(refused) > _NAMED else letter.left_out
    if more:
        remarks.append(["files_left_out", {"count": more}])
    return taken, remarks


def attach(photos: Sequence[Picture], *, on: Message, actor: Actor) -> list[Remark]:
    """Hang the photos on their message. One message never fails for its photos: what does not fit is said."""
    if not photos:
        return []
    try:
        attach_all(list(photos), on=on, actor=actor)
    except BadInput as refusal:
        return [["file_refused", {"name": photo.name, "why": refusal.code}] for photo in photos]
    return []


def _photo(part: Part) -> tuple[Picture | None, str]:
    body = part.body or b""
    upload = InMemoryUploadedFile(io.BytesIO(body), "photos", part.name, part.content_type, len(body), None)
    try:
        return read_upload(upload), ""
    except BadInput as refusal:
        return None, refusal.code
