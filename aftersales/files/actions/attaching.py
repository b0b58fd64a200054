"""Take files in, and move them when a draft becomes a return. Called by portal, desk and API through their actions."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.files import documents, pictures, store
from aftersales.files.documents import Document
from aftersales.files.models import Attachment
from aftersales.files.pictures import Limits, Picture
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from aftersales.ledger.subject import subject_of

MOST_PER_REQUEST = 6
Taken = Picture | Document


def read_upload(upload: UploadedFile, *, field: str = "photos") -> Picture:
    """Judge and encode one upload, before any row is locked. Raises `BadInput` that names the file and the remedy."""
    limits = Limits(
        most_bytes=settings.UPLOAD_MAX_FILE_BYTES,
        most_pixels=settings.UPLOAD_MAX_PIXELS,
        most_side=settings.UPLOAD_MAX_SIDE,
        stored_side=settings.UPLOAD_STORED_SIDE,
    )
    return pictures.read(upload, name=upload.name or "", size=upload.size or 0, limits=limits, field=field)


def read_file(upload: UploadedFile, *, field: str = "attachments") -> Taken:
    """The same for a field that takes documents and clips beside photos: a photo is encoded anew, others stay as they came."""
    head = upload.read(12)
    upload.seek(0)
    if pictures.is_picture(head):
        return read_upload(upload, field=field)
    most = documents.Most(of_document=settings.UPLOAD_MAX_DOCUMENT_BYTES, of_clip=settings.UPLOAD_MAX_CLIP_BYTES)
    return documents.read(upload, name=upload.name or "", most=most, field=field)


def attach_all(
    uploads: Sequence[UploadedFile | Taken], *, on: Model, actor: Actor, field: str = "photos"
) -> list[Attachment]:
    """Keep files with a row the caller found within the actor's scope: all of them or, with the reason, none.

    What comes as an upload is to be a photo; documents and clips have been through `read_file`.
    Raises `BadInput` for what is no photo, too large, too many (6 at once, 60 MB for one thing). The bytes are written
    first and taken away again when the rows cannot be; what an outer transaction undoes later, the daily job removes.
    """
    check(actor, "file.attach")
    if len(uploads) > MOST_PER_REQUEST:
        raise BadInput(
            _("%(count)s files were chosen; %(most)s at once are the most."),
            code="too_many_files",
            field=field,
            count=len(uploads),
            most=MOST_PER_REQUEST,
        )
    taken = [read_upload(each, field=field) if isinstance(each, UploadedFile) else each for each in uploads]
    now = clock.now()
    with _written(taken, now) as stored, transaction.atomic():
        _lock(on)
        _must_fit(sum(len(each.body) for each in taken), on=on, field=field)
        rows = [
            Attachment.objects.create(
                ref=new_ref("A"),
                name=each.name,
                stored_name=name,
                content_type=each.kind.bytes_are if isinstance(each, Document) else pictures.CONTENT_TYPE,
                sha256=hashlib.sha256(each.body).hexdigest(),
                size=len(each.body),
                width=each.width if isinstance(each, Picture) else 0,
                height=each.height if isinstance(each, Picture) else 0,
                by_kind=actor.kind,
                by_id=actor.id,
                at=now,
                **subject_of(on),
            )
            for each, name in zip(taken, stored, strict=True)
        ]
        if rows:
            record("file.attached", on=on, actor=actor, at=now, count=len(rows), files=[row.ref for row in rows])
    return rows


@transaction.atomic
def move_to(attachments: Iterable[Attachment], *, on: Model, actor: Actor, limited: bool = True) -> int:
    """Hand attachments over to another row, as when a draft is submitted. Returns how many moved; again moves none.

    Raises `BadInput` where they are too much for it, unless it is not `limited`: a draft may hold what no message will.
    """
    check(actor, "file.attach")
    _lock(on)
    subject = subject_of(on)
    pks = [attachment.pk for attachment in attachments]
    rows = Attachment.objects.filter(pk__in=pks).exclude(**subject)
    if limited:
        _must_fit(rows.aggregate(total=Sum("size"))["total"] or 0, on=on, field="files")
    moved = rows.update(**subject)
    if moved:
        refs = list(Attachment.objects.filter(pk__in=pks).values_list("ref", flat=True))
        record("file.attached", on=on, actor=actor, count=moved, files=refs)
    return moved


@contextlib.contextmanager
def _written(taken: Sequence[Taken], now: dt.datetime) -> Iterator[list[str]]:
    """The stored names of the files, which are gone again if the block fails."""
    stored: list[str] = []
    try:
        for each in taken:
            stored.append(store.keep(each, now=now))
        yield stored
    except BaseException:
        for name in stored:
            store.remove(name)
        raise


def _lock(on: Model) -> None:
    """Two requests at once must see each other's bytes in the sum."""
    type(on)._base_manager.select_for_update().filter(pk=on.pk).values_list("pk").first()


def _must_fit(more: int, *, on: Model, field: str) -> None:
    there = Attachment.objects.of(on).aggregate(total=Sum("size"))["total"] or 0
    if there + more > settings.UPLOAD_MAX_TICKET_BYTES:
        raise BadInput(
            _("With these files there would be more than %(most)s MB. Please leave some out."),
            code="too_much_in_all",
            field=field,
            most=settings.UPLOAD_MAX_TICKET_BYTES // 1_048_576,
        )
