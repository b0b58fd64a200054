"""The conversation of a ticket as its page shows it: messages with their photos, and what somebody has begun to write."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext

from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from tickets.models import Draft, Message, Ticket

MOST = 200  # messages on one page; the newest ones

_KINDS = {Message.By.CUSTOMER: "theirs", Message.By.STAFF: "ours", Message.By.SYSTEM: "system"}


def thread_of(ticket: Ticket, actor: Actor) -> list[dict[str, Any]]:
    """Oldest first, each as `parts/message.html` takes it."""
    newest = ticket.messages.select_related("author").order_by("-at", "-id")[:MOST]
    messages = list(reversed(newest))
    photos = _photos(messages, actor)
    return [
        {
            "pk": message.pk,
            "kind": "note" if message.internal else _KINDS[Message.By(message.by)],
            "author": _author(message, ticket),
            "text": message.text,
            "at": message.at,
            "photos": photos[message.pk],
        }
        for message in messages
    ]


def drafts_of(ticket: Ticket, actor: Actor) -> dict[bool, Draft]:
    """What this person has begun: under False the reply, under True the note."""
    return {draft.internal: draft for draft in Draft.objects.filter(ticket=ticket, user=actor.id)}


def photos_on(subject: Any, actor: Actor) -> list[Attachment]:
    """Photos that belong to one row."""
    return list(Attachment.objects.of(subject).shown_to(actor).filter(hidden_at=None))


def _photos(messages: list[Message], actor: Actor) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = Attachment.objects.shown_to(actor).filter(
        subject_type="tickets.message", subject_id__in=[message.pk for message in messages], hidden_at=None
    )
    for photo in rows:
        found[photo.subject_id].append(photo)
    return found


def _author(message: Message, ticket: Ticket) -> str:
    if message.by == Message.By.CUSTOMER:
        return str(ticket.person)
    return str(message.author) if isinstance(message.author, get_user_model()) else gettext("The shop")
