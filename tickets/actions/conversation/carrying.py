"""What was begun on a ticket that is merged goes on where the work does: by the merge, and from a page from before it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from aftersales.accounts.models import User
from aftersales.accounts.teams import who_see
from aftersales.files.actions.attaching import move_to
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from tickets.actions.conversation.drafts import draft_of
from tickets.actions.conversation.texts import keepable
from tickets.actions.phrases.bringing import Brought
from tickets.models import Draft, Ticket


def carry_over(source: Ticket, into: Ticket, *, actor: Actor) -> None:
    """Everybody's who sees where it goes; the others' stay where they can read them. As part of the merge, in the caller's
    transaction, with both tickets locked."""
    seeing = who_see(User.objects.all(), into.team)
    for draft in Draft.objects.select_for_update().filter(ticket=source, user__in=seeing).order_by("pk"):
        _carry(draft, into, actor)


@transaction.atomic
def go_on_there(ticket_id: int, *, internal: bool, actor: Actor) -> None:
    """What this person has begun on a merged ticket, where they see the one it was merged into. Again, nothing changes."""
    ticket = Ticket.objects.visible_to(actor).filter(pk=ticket_id).first()
    check(actor, "ticket.note" if internal else "ticket.reply")
    into = Ticket.objects.visible_to(actor).filter(pk=ticket.merged_into_id).first() if ticket else None
    if ticket is None or into is None or actor.id is None:
        return
    if (draft := draft_of(ticket, actor.id, internal=internal)) is not None:
        _carry(draft, into, actor)


def _carry(draft: Draft, into: Ticket, actor: Actor) -> None:
    """To this ticket, behind what its author has begun there already, files and all."""
    kept = {each: getattr(draft, each) for each in ("text", "cc", "phrase", "steps", "saved_at")}
    there, is_new = Draft.objects.select_for_update().get_or_create(
        ticket=into, user_id=draft.user_id, internal=draft.internal, defaults=kept
    )
    if not is_new:
        there.text = keepable(_joined(there.text, draft.text))
        there.cc = _either(there.cc, draft.cc)
        there.phrase, there.steps = Brought(there.phrase, there.steps).beside(Brought(draft.phrase, draft.steps))
        there.saved_at = max(there.saved_at, draft.saved_at)
        there.save(update_fields=list(kept))
    if files := list(Attachment.objects.of(draft)):
        move_to(files, on=there, actor=actor, limited=False)  # too many for one message is said when it is sent
    draft.delete()


def _joined(there: str, more: str) -> str:
    """Once, where one goes on with the other: whoever typed on after the merge has the beginning in both places."""
    if more.startswith(there):
        return more
    return there if there.endswith(more) else f"{there}\n\n{more}"


def _either(there: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    if not there or not more:
        return there or more
    typed = [each["typed"] for each in (there, more) if each["typed"]]
    return {"ticked": list(dict.fromkeys(there["ticked"] + more["ticked"])), "typed": ", ".join(typed)}
