"""Keep a half-filled request on the server: begin it and change it, one step of the form at a time. Called by the portal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from aftersales.files.actions.removing import remove_files_of
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from customers.models import Order
from returns.models import ReturnDraft


@transaction.atomic
def begin_draft(order_id: int, *, actor: Actor) -> ReturnDraft:
    """The open draft of an order, begun now where there is none. Two at the same moment get the same one."""
    order = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    check(actor, "return.submit")
    now = clock.now()
    # The unique constraint on open drafts settles the race; get_or_create then reads what the other one wrote.
    draft, _ = ReturnDraft.objects.get_or_create(
        order=order, submitted=None, defaults={"key": secrets.token_hex(16), "started_at": now, "saved_at": now}
    )
    return draft


@transaction.atomic
def change_draft(draft_id: int, change: Callable[[dict[str, Any]], dict[str, Any]], *, actor: Actor) -> ReturnDraft:
    """Let one step of the form change what is kept. A draft that was submitted meanwhile stays as it was sent.

    `change` gets the data as it is now, under the lock, so that the page and its autosave cannot overwrite each
    other's answers.
    """
    draft: ReturnDraft | None = ReturnDraft.objects.visible_to(actor).select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    check(actor, "return.submit")
    if draft.submitted_id is not None:
        return draft
    draft.data = change(draft.data)
    draft.saved_at = clock.now()
    draft.save(update_fields=["data", "saved_at"])
    return draft


def forget_drafts(rows: QuerySet[Any]) -> None:
    """In the transaction that deletes them: what was photographed for them goes, too. Called by `returns.personal`."""
    remove_files_of("returns.returndraft", rows)
