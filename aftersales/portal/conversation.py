"""The messages of a ticket as its customer sees them, and sending one exactly once. Used by status pages and questions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.templatetags.shop import shop_name
from aftersales.ledger.fingerprint import fingerprint
from aftersales.ledger.once import once
from tickets.actions.conversation import receive_message
from tickets.actions.questions import ask_question
from tickets.models import Message, Ticket


def shown(ticket: Ticket) -> list[dict[str, Any]]:
    """Turns for parts/message.html, oldest first. Notes and what can still be undone are left out in the query itself."""
    return [_turn(message) for message in ticket.messages.public().order_by("at", "id")]


def _turn(message: Message) -> dict[str, Any]:
    by_customer = message.by == Message.By.CUSTOMER
    return {
        "kind": "ours" if by_customer else "theirs",  # on this side of the desk the customer is “we”
        "author": _("You") if by_customer else shop_name(),
        "body": message.text,
        "at": message.at,
    }


def send(ticket: Ticket, text: str, *, page_key: str, actor: Actor) -> None:
    """Write to the shop. The same words from the same page are one message, however often they arrive."""

    def work() -> tuple[int, dict[str, Any]]:
        return 201, {"message": receive_message(ticket.pk, text=text, actor=actor).pk}

    _once(f"ticket:{ticket.pk}", text, page_key, work)


def ask(order_id: int, text: str, *, page_key: str, actor: Actor) -> str:
    """Open a question and give its reference; the same question from the same page is one ticket."""

    def work() -> tuple[int, dict[str, Any]]:
        return 201, {"ref": ask_question(order_id, text=text, actor=actor).ref}

    return str(_once(f"order:{order_id}", text, page_key, work)["ref"])


def _once(about: str, text: str, page_key: str, work: Any) -> dict[str, Any]:
    # Other words under the same key are another message, not an error: somebody went back and wrote on.
    key = f"{page_key}:{fingerprint(text)[:32]}"
    return once(principal=about, endpoint="portal.message", key=key, request=text, work=work)[1]
