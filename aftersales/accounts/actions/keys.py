"""Make, use and revoke keys for programs. Called by the office and by the API's sign-in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.actions.handover import hand_over
from aftersales.accounts.models import ApiKey, User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger.once import KeyUsedOtherwise, once
from aftersales.ledger.record import record

# A program asks many times a minute; when it did so last need not be known to the second.
USE_IS_NOTED_EVERY = dt.timedelta(minutes=10)


class FormUsedOtherwise(Conflict):
    """The same form came again with other words in it."""

    code = "form_used"
    sentence = _("This form has made something already. Open it anew to make another.")


@transaction.atomic
def make_key(*, name: str, role: str, owner: User, actor: Actor) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never shown again."""
    check(actor, "key.manage")
    secret = ApiKey.fresh()
    key = ApiKey.objects.create(name=name, role=role, prefix=secret[:10], sha256=ApiKey.hash(secret), created_by=owner)
    record("key.made", on=key, actor=actor, name=name, role=role)
    return key, secret


def make_key_once(*, form: str, name: str, role: str, owner: User, actor: Actor) -> ApiKey:
    """As `make_key`, for a form that may arrive twice: the same `form` gives the key it has made.

    The secret waits sealed for `take_secret`. Raises `FormUsedOtherwise` when the same form comes with another name or role.
    """
    check(actor, "key.manage")

    def work() -> tuple[int, dict[str, int]]:
        key, secret = make_key(name=name, role=role, owner=owner, actor=actor)
        hand_over(secret, on=key, to=owner)
        return 201, {"key": key.pk}

    try:
        _status, made = once(
            principal=str(actor), endpoint="office.key", key=form, request={"name": name, "role": role}, work=work
        )
    except KeyUsedOtherwise:
        raise FormUsedOtherwise from None
    return ApiKey.objects.get(pk=made["key"])


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


def use_key(secret: str) -> ApiKey | None:
    """The living key of a program, or None. Notes now and then that it is in use, so that a forgotten one shows."""
    key = ApiKey.objects.filter(sha256=ApiKey.hash(secret), revoked_at=None, created_by__is_active=True).first()
    if key is None:
        return None
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key
