"""Chat sources: the secret both sides sign with, and ending one. Called by the office."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts import sealing
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.models import ChatSource
from tickets.models.chat_source import PURPOSE

SHORTEST = 32  # characters of a secret


@transaction.atomic
def set_secret(source_id: int, secret: str, *, actor: Actor) -> ChatSource:
    """Give the secret. The same again changes nothing. Raises `BadInput` for one that is short."""
    check(actor, "key.manage")
    source = _locked(source_id)
    if len(secret) < SHORTEST:
        raise BadInput(_("A secret has at least %(shortest)s characters."), field="new_secret", shortest=SHORTEST)
    if source.secret != secret:
        source.sealed_secret = sealing.seal(secret, purpose=PURPOSE)
        source.save(update_fields=["sealed_secret"])
        record("chat.secret_changed", on=source, actor=actor, source=source.key)
    return source


@transaction.atomic
def end_source(source_id: int, *, actor: Actor) -> ChatSource:
    """Take and send nothing more. Ending twice changes nothing."""
    check(actor, "key.manage")
    source = _locked(source_id)
    if source.ended_at is None:
        source.ended_at = clock.now()
        source.save(update_fields=["ended_at"])
        record("chat.ended", on=source, actor=actor, source=source.key)
    return source


def _locked(source_id: int) -> ChatSource:
    source = ChatSource.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise NotFound
    return source
