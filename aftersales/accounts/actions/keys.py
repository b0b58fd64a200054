"""Make and revoke keys for programs. Called by the office."""

from __future__ import annotations

from django.db import transaction

from aftersales.accounts.models import ApiKey, User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record


@transaction.atomic
def make_key(*, name: str, role: str, owner: User, actor: Actor) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never shown again."""
    check(actor, "key.manage")
    secret = ApiKey.fresh()
    key = ApiKey.objects.create(name=name, role=role, prefix=secret[:10], sha256=ApiKey.hash(secret), created_by=owner)
    record("key.made", on=key, actor=actor, name=name, role=role)
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Actor) -> ApiKey:
    """End a key at once. Revoking twice changes nothing."""
    check(actor, "key.manage")
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
        record("key.revoked", on=key, actor=actor, name=key.name)
    return key
