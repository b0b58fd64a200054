"""Take off a photo that was chosen by mistake. Called by the portal while the request is not sent yet."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Model

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
