"""Add and end webhooks. Called by the office; `listeners` announces events to them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from aftersales.notices import outbound
from aftersales.notices.channels.webhook import secret_of
from aftersales.notices.listeners import ANNOUNCED
from aftersales.notices.models import Webhook


def add_webhook(url: str, *, events: Iterable[str], actor: Actor) -> tuple[Webhook, str]:
    """Let another program hear these events; returns the row and its secret, shown once.

    Raises `BadInput` for an address that must not be called (reliability F33), before anything is written: the address
    is looked up outside the transaction, and again at each sending.
    """
    check(actor, "key.manage")
    wanted = sorted(set(events))
    if not wanted or not set(wanted) <= set(ANNOUNCED):
        raise BadInput(_("Choose at least one of the events offered."), field="events")
    try:
        outbound.look_up(url)
    except outbound.Refused as refusal:
        raise BadInput(
            _("This address cannot be called: %(why)s"), field="url", code="webhook_refused", why=str(refusal)
        ) from None
    with transaction.atomic():
        webhook = Webhook.objects.create(ref=new_ref("W"), url=url, events=wanted, added_at=clock.now())
        record("webhook.added", on=webhook, actor=actor, host=urlsplit(url).hostname, events=wanted)
    return webhook, secret_of(webhook)


@transaction.atomic
def end_webhook(ref: str, *, actor: Actor) -> Webhook:
    """Stop telling it anything, what is on its way included. Ending twice changes nothing."""
    check(actor, "key.manage")
    webhook: Webhook | None = Webhook.objects.select_for_update().filter(ref=ref).first()
    if webhook is None:
        raise NotFound
    if webhook.ended_at is None:
        webhook.ended_at = clock.now()
        webhook.save(update_fields=["ended_at"])
        record("webhook.ended", on=webhook, actor=actor, host=urlsplit(webhook.url).hostname)
    return webhook
