"""How a reply leaves through the chat tool the customer wrote in. Reads only; the outbox sends it."""

from __future__ import annotations

from typing import Any

from aftersales.files.models import Attachment
from aftersales.ledger.models import Event
from tickets.models import Arrival, Message, Ticket


def way_of(ticket: Ticket) -> Arrival | None:
    """The newest chat message, if the customer wrote last by chat and the tool takes replies."""
    said = Message.objects.in_conversation(ticket.pk)
    theirs = said.filter(by=Message.By.CUSTOMER).order_by("-at", "-pk").first()
    if theirs is None or theirs.channel != Message.Channel.CHAT:
        return None
    newest: Arrival | None = (
        Arrival.objects.in_conversation(ticket.pk)
        .filter(channel=Arrival.Channel.CHAT)
        .select_related("chat")
        .order_by("-pk")
        .first()
    )
    if newest is None or newest.chat is None or newest.chat.ended_at or not newest.chat.reply_url:
        return None
    return newest


def answer(ticket: Ticket, event: Event) -> dict[str, Any] | None:
    """What the channel `chat` sends, or None where it goes another way."""
    newest = way_of(ticket)
    message = Message.objects.filter(pk=event.data.get("message", 0)).first() if newest is not None else None
    if message is None or newest is None or newest.chat is None:
        return None
    body = {
        "id": message.pk, "ticket": ticket.ref, "buyer": newest.sender, "answers": newest.external_id,
        "text": message.text, "at": message.at.isoformat(),
    }  # fmt: skip
    files = Attachment.objects.of(message).filter(hidden_at=None).values_list("ref", flat=True)
    return {"source": newest.chat.pk, "body": body, "files": list(files)}
