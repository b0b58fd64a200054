"""Answer a repeated request with the first answer. Called by the API's POST endpoints and by forms of the portal and the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.errors import Conflict
from aftersales.kernel.rowwrite import update_row
from aftersales.ledger.fingerprint import fingerprint
from aftersales.ledger.models import IdempotencyKey


class KeyUsedOtherwise(Conflict):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    sentence = _("This idempotency key was used for a different request. Use a new key.")


def once(
    *, principal: str, endpoint: str, key: str, request: Any, work: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Do `work` once per key and give its status and body again to whoever repeats it.

    The key row and the work commit together: a crash leaves neither. Of two at the same moment the second waits on
    the unique index, then reads the first one's answer. Raises `KeyUsedOtherwise` when the request differs.
    """
    identity = {"principal": principal, "endpoint": endpoint, "key": key}
    sha256 = fingerprint(request)
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(**identity, request_sha256=sha256, created_at=clock.when_written())
            row.status_code, row.response = work()
            update_row(row, ("status_code", "response"))
    except IntegrityError:
        known = IdempotencyKey.objects.filter(**identity).first()
        if known is None:
            raise  # not our key: the work itself broke a constraint
        return _answer(known, sha256)
    return row.status_code, row.response


def key_of(page_key: str, told: Any) -> str:
    """The key of what is told from a page that has a key of its own: the same words from the same page are one thing.

    Other words are another thing, not an error: somebody went back and wrote on.
    """
    return f"{page_key}:{fingerprint(told)[:32]}"


def _answer(known: IdempotencyKey, sha256: str) -> tuple[int, dict[str, Any]]:
    if known.request_sha256 != sha256:
        raise KeyUsedOtherwise(key=known.key)
    return known.status_code, known.response
