"""What somebody has begun to write, one for each person and kind: kept while they type, given back after an undo."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from aftersales.files.actions.attaching import move_to
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import prepared
from tickets.actions.conversation.texts import keepable
from tickets.actions.mail.copies import Chosen, chosen_of
from tickets.actions.phrases.bringing import Brought
from tickets.models import Draft, Message, Ticket


@transaction.atomic
def save_draft(
    ticket_id: int, *, text: str, internal: bool, actor: Actor, has_files: bool = False, cc: Chosen | None = None,
    brought: Brought | None = None,
) -> Draft | None:  # fmt: skip
    """Keep what somebody has typed so far. Empty text forgets it, unless files wait in it or are about to (`has_files`).

    `cc` are the addresses chosen with it, `brought` is what its phrase has brought; None leaves what is kept of them.
    None where nothing is kept.
    """
    ticket = Ticket.objects.visible_to(actor).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    check(actor, "ticket.note" if internal else "ticket.reply")
    if actor.kind != "staff" or actor.id is None:
        return None
    text = keepable(text)
    if not text.strip() and not has_files:
        known = draft_of(ticket, actor.id, internal=internal)
        if known is None or not Attachment.objects.of(known).exists():
            Draft.objects.filter(ticket=ticket, user_id=actor.id, internal=internal).delete()
            return None
    return _put(ticket, actor.id, internal=internal, text=text, at=clock.now(), cc=cc, brought=brought)


def draft_of(ticket: Ticket, user_id: int, *, internal: bool) -> Draft | None:
    """What this person has begun, locked in the caller's transaction."""
    found = _begun(internal, ticket=ticket.pk, user=user_id)
    return found[0] if found else None


@prepared
def _begun(internal: bool, *, ticket: int, user: int) -> QuerySet[Draft]:
    rows: QuerySet[Draft] = Draft.objects.select_for_update()
    return rows.filter(ticket_id=ticket, user_id=user, internal=internal)


def use_up(ticket: Ticket, message: Message, actor: Actor) -> None:
    """The draft has become this message: its files go with it. In the caller's transaction."""
    if message.author_id is None:
        return
    draft = draft_of(ticket, message.author_id, internal=message.internal)
    if draft is None:
        return
    if files := list(Attachment.objects.of(draft)):
        move_to(files, on=message, actor=actor)
    draft.delete()


def give_back(message: Message, brought: Brought, actor: Actor, at: dt.datetime) -> None:
    """The message becomes a draft again, before what was begun since, with its files and what its phrase had `brought`.

    In the caller's transaction.
    """
    assert message.author_id is not None
    ticket = message.ticket
    begun = draft_of(ticket, message.author_id, internal=message.internal)
    texts = [message.text, *([begun.text] if begun and begun.text.strip() else [])]
    text = keepable("\n\n".join(texts))
    cc = chosen_of(message)
    if begun:
        brought = brought.beside(Brought(begun.phrase, begun.steps))
    draft = _put(ticket, message.author_id, internal=message.internal, text=text, at=at, cc=cc, brought=brought)
    if files := list(Attachment.objects.of(message)):
        move_to(files, on=draft, actor=actor, limited=False)  # too many with those begun since: said when it is sent


def _put(
    ticket: Ticket, user_id: int, *, internal: bool, text: str, at: dt.datetime, cc: Chosen | None,
    brought: Brought | None,
) -> Draft:  # fmt: skip
    kept = {"text": text, "saved_at": at} | ({"cc": cc.as_json()} if cc is not None else {})
    kept |= brought._asdict() if brought is not None else {}
    draft, _made = Draft.objects.update_or_create(ticket=ticket, user_id=user_id, internal=internal, defaults=kept)
    return draft
