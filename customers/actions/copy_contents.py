"""What stands in a person's copy: `data.json` for programs, `data.html` to read and print, their files beside it.

Which rows and columns is said in the registry (`aftersales.kernel.personal`). Called by `copying`.
"""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.db.models import Field, Model
from django.template.loader import render_to_string
from django.utils.translation import override

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.kernel import personal
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.money import Money
from customers.models import PersonCopy

_SHRINK = (".pdf", ".txt", ".csv")  # photos, clips and Office files are packed already


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing: what it is called, and each row as names and values in words."""

    title: str
    rows: list[list[tuple[str, str]]]


def write_copy(copy: PersonCopy, at: dt.datetime, out: IO[bytes]) -> int:
    """Write the ZIP, and return how many files are in it. A file that the disk has lost is named on the page and left out."""
    found = [(each, list(each.told(copy.person_id))) for each in personal.held() if each.tells]
    files = [row for each, rows in found if each.label == Attachment._meta.label for row in rows]
    lost: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for file in files:
            try:
                with store.read(file.stored_name, small=False) as body:
                    place = place_of(file)
                    packing = zipfile.ZIP_DEFLATED if place.endswith(_SHRINK) else zipfile.ZIP_STORED
                    into.writestr(place, body.read(), packing)
            except FileNotFoundError:
                lost.append(file.ref)
        data = {
            "person": copy.person.ref,
            "made_at": at.isoformat(),
            "data": {each.label: [_plain(row, each.tells) for row in rows] for each, rows in found if rows},
            "files": {file.ref: place_of(file) for file in files if file.ref not in lost},
        }
        into.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
        with override(copy.language):
            sections = [
                Section(str(each.model._meta.verbose_name_plural), [_in_words(row, each.tells) for row in rows])
                for each, rows in found
                if rows
            ]
            kept = [file for file in files if file.ref not in lost]
            page = {
                "copy": copy,
                "sections": sections,
                "photos": [(place_of(file), file) for file in kept if file.is_picture],
                "lost": lost,
                "now": at,
            }
            into.writestr("data.html", render_to_string("customers/copy.html", page))
    return 2 + len(kept)


def place_of(file: Attachment) -> str:
    """Where it lies in the ZIP, under its reference: what a sender called it may be anything."""
    return f"photos/{file.ref}.jpg" if file.is_picture else f"files/{file.ref}{PurePath(file.stored_name).suffix}"


def _plain(row: Model, columns: tuple[str, ...]) -> dict[str, Any]:
    """As the columns hold it: codes, minor units, UTC. A row of ours is named by its words."""
    told = {}
    for name in columns:
        value = getattr(row, name)
        told[name] = (
            value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, Model) else value
        )
    return told


def _in_words(row: Model, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """As the person reads it, what is empty left out."""
    told = []
    for name in columns:
        field = row._meta.get_field(name)
        assert isinstance(field, Field)
        value = getattr(row, name)
        if value not in (None, "", [], {}):
            told.append((str(field.verbose_name), _words(row, field, value)))
    return told


def _words(row: Model, field: Field[Any, Any], value: Any) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, dt.datetime):
        return value.astimezone(shop_zone()).isoformat(sep=" ", timespec="minutes")
    if field.name.endswith("_minor"):
        return str(Money(value, _currency(row)))
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _currency(row: Model) -> str:
    """Of an amount, from its row or what that belongs to."""
    places = [row, *(getattr(row, name, None) for name in ("order", "refund", "of"))]
    return next((told for place in places if (told := getattr(place, "currency", ""))), "CNY")
