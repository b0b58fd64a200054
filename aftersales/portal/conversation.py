"""The messages of a ticket as its customer sees them, and sending one exactly once. Used by status pages and questions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aftersales.files.actions.attaching import Taken
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor
from aftersales.kernel.templatetags.shop import shop_name
from aftersales.ledger.once import key_of, once
from tickets.actions import customer_page
from tickets.actions.conversation import attach_files, receive_message
from tickets.actions.mail import threading
from tickets.actions.questions import ask_question
from tickets.models import Message, Ticket


def shown(ticket: Ticket) -> list[dict[str, Any]]:
    """Turns for portal/conversation.html, oldest first. Notes and what can still be undone are left out in the query itself."""
    messages = list(ticket.messages.public().order_by("at", "id"))
    files: dict[int, list[Attachment]] = defaultdict(list)
    of_these = Attachment.objects.filter(subject_type="tickets.message", subject_id__in=[each.pk for each in messages])
    for each in of_these.filter(hidden_at=None) if messages else ():
        files[each.subject_id].append(each)
    return [_turn(message, files[message.pk]) for message in messages]


def _turn(message: Message, files: list[Attachment]) -> dict[str, Any]:
    by_customer = message.by == Message.By.CUSTOMER
    return {
        "kind": "ours" if by_customer else "theirs",  # on this side of the desk the customer is “we”
        "author": _("You") if by_customer else shop_name(),
        "text": message.text,
        "at": message.at,
        "files": files,
    }


@dataclass(frozen=True, slots=True)
class GoesOn:
    """Where a merged conversation goes on: the reference there, and the address of its page, "" where it has none.

    `is_open` says that the order of that page is open now; without it the address leads to the proof first.
    """

    ref: str
    address: str
    is_open: bool


def goes_on(ticket: Ticket, actor: Actor) -> GoesOn | None:
    """What became of a conversation that was merged into another, a request or a complaint; None for one that was not."""
    into = threading.standing(ticket)
    if into == ticket:
        return None
    is_open = Ticket.objects.visible_to(actor).filter(pk=into.pk).exists()
    return GoesOn(customer_page.ref_of(into), customer_page.path_of(into), is_open)


def send(ticket: Ticket, text: str, files: Sequence[Taken], *, page_key: str, actor: Actor) -> None:
    """Write to the shop. The same words and files from the same page are one message, however often they arrive."""

    def work() -> tuple[int, dict[str, Any]]:
        message = receive_message(ticket.pk, text=text, actor=actor)
        attach_files(message, files, actor=actor)
        return 201, {"message": message.pk}

    _once(f"ticket:{ticket.pk}", text, files, page_key, work)


def ask(order_id: int, text: str, files: Sequence[Taken], *, page_key: str, actor: Actor) -> str:
    """Open a question and give its reference; the same question from the same page is one ticket."""

    def work() -> tuple[int, dict[str, Any]]:
        ticket = ask_question(order_id, text=text, actor=actor)
        attach_files(ticket.messages.get(), files, actor=actor)
        return 201, {"ref": ticket.ref}

    return str(_once(f"order:{order_id}", text, files, page_key, work)["ref"])


def _once(about: str, text: str, files: Sequence[Taken], page_key: str, work: Any) -> dict[str, Any]:
    told = [text, *(hashlib.sha256(each.body).hexdigest() for each in files)]
    return once(principal=about, endpoint="portal.message", key=key_of(page_key, told), request=told, work=work)[1]
