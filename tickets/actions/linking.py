"""Say what two tickets have to do with each other, and take it back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions.by import user_id_of
from tickets.actions.scope import locked_all
from tickets.models import Link

BY_HAND = (Link.Kind.RELATED, Link.Kind.DUPLICATE, Link.Kind.CAUSED_BY)


@transaction.atomic
def link_tickets(one_id: int, other_id: int, kind: str, *, actor: Actor) -> Link:
    """`one` is a duplicate of, is caused by or has to do with `other`. The same link again changes nothing."""
    if one_id == other_id:
        raise BadInput(_("A ticket cannot be linked to itself. Give the reference of the other one."), field="other")
    rows = locked_all([one_id, other_id], actor)
    check(actor, "ticket.merge")
    if kind not in BY_HAND:
        raise BadInput(_("Choose how the two belong together."), field="kind")
    if kind == Link.Kind.RELATED:  # says the same from both sides, so it is kept one way round
        one_id, other_id = sorted((one_id, other_id))
    at = clock.now()
    link, new = Link.objects.get_or_create(
        one_id=one_id, other_id=other_id, kind=kind, defaults={"by_id": user_id_of(actor), "at": at}
    )
    if new:
        for mine, theirs in ((one_id, other_id), (other_id, one_id)):
            record("ticket.linked", on=rows[mine], actor=actor, at=at, ref=rows[theirs].ref)
    return link


@transaction.atomic
def unlink(ticket_id: int, link_id: int, *, actor: Actor) -> None:
    """Take a link away. Gone already, nothing changes; what was split stays told."""
    link = Link.objects.filter(pk=link_id).exclude(kind=Link.Kind.SPLIT).first()
    check(actor, "ticket.merge")
    if link is None or ticket_id not in (link.one_id, link.other_id):
        return
    rows = locked_all([link.one_id, link.other_id], actor)
    gone, _rows = Link.objects.filter(pk=link.pk).delete()
    if gone:
        for mine, theirs in ((link.one_id, link.other_id), (link.other_id, link.one_id)):
            record("ticket.unlinked", on=rows[mine], actor=actor, ref=rows[theirs].ref)
