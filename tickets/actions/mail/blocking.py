"""Senders whose mail is put aside: block one, end a block, ask whether somebody is blocked. Called by the desk and `placing`."""

from __future__ import annotations

import re
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.actions.contacts import canonical_email
from customers.models import ContactPoint
from tickets.actions.by import user_id_of
from tickets.actions.mail import own, turns
from tickets.models import Arrival, Block, MailAccount

LONGEST_REASON = 200
_DOMAIN = re.compile(r"^@?((?!-)[a-z0-9-]{1,63}(?<!-)\.)+[a-z][a-z0-9-]{1,62}$")


@transaction.atomic
def block_sender(text: str, *, reason: str, actor: Actor) -> Block:
    """Put aside what this address, or everybody at this domain (`@spam.example`), sends from now on, and what waits of it.

    Nothing is deleted: it stands under “put aside” and can be placed by hand. The same again
    changes nothing. Raises `BadInput` for our own addresses, and for a domain at which customers are, and `DoneOtherwise`
    where the sender is blocked for another reason.
    """
    check(actor, "mail.block")
    sender, reason = canonical_sender(text), " ".join(reason.split())
    if not reason:
        raise BadInput(_("Say why, for whoever looks at it later."), field="reason", code="required")
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("The reason may have %(longest)s characters at most."), field="reason", longest=LONGEST_REASON)
    _refuse(sender)
    turns.take()  # so that no mail that is being placed at this moment slips through behind it
    at = clock.now()
    block, fresh = Block.objects.get_or_create(
        sender=sender, ended_at=None, defaults={"reason": reason, "by_id": user_id_of(actor) or 0, "at": at}
    )
    if fresh:
        waits = _sent_by(sender).filter(state=Arrival.State.QUARANTINED)
        aside = waits.update(
            state=Arrival.State.IGNORED, reason=Arrival.Reason.BLOCKED, settled_at=at, settled_by=user_id_of(actor)
        )
        record("block.added", on=block, actor=actor, at=at, aside=aside)
    elif block.reason != reason:
        raise DoneOtherwise("block.added", on=block)
    return block


@transaction.atomic
def end_block(block_id: int, *, actor: Actor) -> Block:
    """Listen to this sender again, from now on. What was put aside stays there. Ending twice changes nothing."""
    check(actor, "mail.block")
    block = Block.objects.select_for_update().filter(pk=block_id).first()
    if block is None:
        raise NotFound
    if block.ended_at is None:
        block.ended_at, block.ended_by_id = clock.now(), user_id_of(actor)
        block.save(update_fields=["ended_at", "ended_by"])
        record("block.ended", on=block, actor=actor)
    return block


def is_blocked(address: str) -> bool:
    """By itself, without what stands behind a plus, or by its domain or one above."""
    user, _at, host = address.partition("@")
    names = host.split(".")
    domains = ["@" + ".".join(names[start:]) for start in range(len(names) - 1)]
    return Block.standing().filter(sender__in=[address, f"{user.partition('+')[0]}@{host}", *domains]).exists()


def canonical_sender(text: str) -> str:
    """An address, or `@domain`. Raises `BadInput`."""
    plain = text.strip().casefold()
    if _DOMAIN.match(plain):
        return f"@{plain.lstrip('@')}"
    if (address := canonical_email(plain)) is not None:
        return address
    raise BadInput(
        _("“%(text)s” is neither an e-mail address nor a domain such as spam.example."), field="sender", text=text[:80]
    )


def _refuse(sender: str) -> None:
    if not sender.startswith("@"):
        if own.is_our_address(sender):
            raise BadInput(_("This is an address of ours. It cannot be blocked."), field="sender")
        return
    ours = [*MailAccount.objects.values_list("address", flat=True), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]]
    if any(_is_at(address.casefold(), sender) for address in ours):
        raise BadInput(_("Our own addresses are at this domain. It cannot be blocked."), field="sender")
    customers = ContactPoint.objects.filter(_at_domain(sender, "value"), kind=ContactPoint.Kind.EMAIL)
    if number := customers.values("person").distinct().count():
        raise BadInput(
            _("%(number)s customers have an address at %(domain)s. Block single addresses instead."), field="sender",
            number=number, domain=sender.lstrip("@"),
        )  # fmt: skip


def _is_at(address: str, domain: str) -> bool:
    return address.endswith((domain, f".{domain.lstrip('@')}"))


def _at_domain(domain: str, column: str) -> Q:
    return Q(**{f"{column}__endswith": domain}) | Q(**{f"{column}__endswith": f".{domain.lstrip('@')}"})


def _sent_by(sender: str) -> QuerySet[Arrival]:
    """As `is_blocked` says of each."""
    if sender.startswith("@"):
        of_them = _at_domain(sender, "sender")
    else:
        user, _at, host = sender.partition("@")
        of_them = Q(sender=sender) | Q(sender__startswith=f"{user}+", sender__endswith=f"@{host}")
    found: QuerySet[Arrival] = Arrival.objects.filter(of_them, channel=Arrival.Channel.EMAIL)
    return found
