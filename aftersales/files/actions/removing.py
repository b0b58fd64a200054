"""Take off a photo that was chosen by mistake (the portal), and all files of things that are to be forgotten."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record


@transaction.atomic
def take_away(ref: str, *, on: Model, actor: Actor) -> None:
    """Remove one photo of a row that the caller found within the actor's scope. One that is not there is no error.

    The bytes go once the row is gone for good; what has moved on to a return is no longer of `on` and stays.
    """
    check(actor, "file.attach")
    attachment = Attachment.objects.of(on).select_for_update().filter(ref=ref).first()
    if attachment is None:
        return
    attachment.delete()
    record("file.removed", on=on, actor=actor, file=ref)
    transaction.on_commit(partial(store.remove, attachment.stored_name))


def drop_files(rows: QuerySet[Any]) -> None:
    """In the caller's transaction, which deletes these attachments: the bytes go once that is for good."""
    for name in rows.order_by("pk").values_list("stored_name", flat=True):
        transaction.on_commit(partial(store.remove, name))


def remove_files_of(subject_type: str, subjects: QuerySet[Any]) -> None:
    """In the caller's transaction, which deletes these rows: their attachments go with them."""
    theirs = Attachment.objects.filter(
        subject_type=subject_type, subject_id__in=list(subjects.values_list("pk", flat=True))
    )
    drop_files(theirs)
    theirs.delete()
