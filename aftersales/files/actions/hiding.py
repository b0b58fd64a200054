"""Hide a photo that shows somebody else's data or is abusive, and show it again. Called by the desk."""

from __future__ import annotations

from django.db import transaction

from aftersales.files import access
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record


@transaction.atomic
def hide(ref: str, *, why: str, actor: Actor) -> Attachment:
    """Take a photo out of sight: customers do not see it any more, staff only when they ask. Hiding twice is once."""
    attachment = _locked(ref, actor)
    check(actor, "file.hide")
    if attachment.hidden_at is None:
        attachment.hidden_at = clock.now()
        attachment.save(update_fields=["hidden_at"])
        record("file.hidden", on=access.history_of(attachment), actor=actor, file=attachment.ref, why=why[:200])
    return attachment


@transaction.atomic
def show(ref: str, *, actor: Actor) -> Attachment:
    """Bring a hidden photo back. One that is not hidden stays as it is."""
    attachment = _locked(ref, actor)
    check(actor, "file.hide")
    if attachment.hidden_at is not None:
        attachment.hidden_at = None
        attachment.save(update_fields=["hidden_at"])
        record("file.shown", on=access.history_of(attachment), actor=actor, file=attachment.ref)
    return attachment


def _locked(ref: str, actor: Actor) -> Attachment:
    attachment: Attachment | None = Attachment.objects.select_for_update().filter(ref=ref).first()
    if attachment is None or not access.may_open(actor, attachment):
        raise NotFound
    return attachment
