"""Add and end webhooks. Called by the office; `listeners` announces events to them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.actions.handover import hand_over
from aftersales.accounts.actions.keys import FormUsedOtherwise
from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.once import KeyUsedOtherwise, once
from aftersales.ledger.record import record
from aftersales.notices import outbound
from aftersales.notices.channels.webhook import secret_of
from aftersales.notices.listeners import ANNOUNCED
from aftersales.notices.models import Webhook


def add_webhook(
    *, form: str, url: str, events: Iterable[str], owner: User, actor: Actor, kind: str = Webhook.Kind.PROGRAM
) -> Webhook:  # fmt: skip
    """Let another program, or a group chat, hear these events. The same `form` again gives the webhook it has added.

    The secret of a program waits sealed for `take_secret`. Raises `FormUsedOtherwise` when the same form comes with other
    words, and `BadInput` for an address that must not be called (reliability F33), before anything is written: the address
    is looked up outside the transaction, and again at each sending.
    """
    check(actor, "key.manage")
    wanted = _judged(url, events)

    def work() -> tuple[int, dict[str, int]]:
        webhook = _add(url, wanted, actor, kind)
        if kind == Webhook.Kind.PROGRAM:
            hand_over(secret_of(webhook), on=webhook, to=owner)
        return 201, {"webhook": webhook.pk}

    try:
        _status, made = once(
            principal=str(actor),
            endpoint="office.webhook",
            key=form,
            request={"url": url, "events": wanted, "kind": kind},
            work=work,
        )
    except KeyUsedOtherwise:
        raise FormUsedOtherwise from None
    return Webhook.objects.get(pk=made["webhook"])


def _judged(url: str, events: Iterable[str]) -> list[str]:
    """The events in order, once it is certain that the address may be called. Asks the network, so in no transaction."""
    wanted = sorted(set(events))
    if not wanted or not set(wanted) <= set(ANNOUNCED):
        raise BadInput(_("Choose at least one of the events offered."), field="events")
    try:
        outbound.look_up(url)
    except outbound.Refused as refusal:
        raise BadInput(
            _("This address cannot be called: %(why)s"), field="url", code="webhook_refused", why=str(refusal)
        ) from None
    except outbound.NotReached:
        raise BadInput(
            _("This address is not known in the network now. Check it, or try again later."),
            field="url",
            code="webhook_not_found",
        ) from None
    return wanted


def _add(url: str, wanted: list[str], actor: Actor, kind: str) -> Webhook:
    webhook = Webhook.objects.create(ref=new_ref("W"), url=url, kind=kind, events=wanted, added_at=clock.now())
    record("webhook.added", on=webhook, actor=actor, host=urlsplit(url).hostname, events=wanted)
    return webhook


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
