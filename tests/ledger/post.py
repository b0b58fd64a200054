"""A channel whose far side answers as told, and messages to send through it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from aftersales.accounts.models import Team
from aftersales.ledger import outbox
from aftersales.ledger.models import Outbound


class Post:
    """Registers itself as `name`; what it was asked to send is kept in `sent`, what became of each in `outcomes`."""

    repeatable = True

    def __init__(self, *answers: Exception, name: str = "post") -> None:
        self.name = name
        self.answers = list(answers)
        self.sent: list[str] = []
        self.outcomes: list[str] = []
        outbox.register(self)

    def send(self, item: Outbound) -> str:
        self.sent.append(item.key)
        if self.answers:
            raise self.answers.pop(0)
        return f"ref {len(self.sent)}"

    def settled(self, item: Outbound) -> None:
        self.outcomes.append(item.status)


def put(team: Team, key: str, **fields: Any) -> Outbound:
    """Promise one message through `post`, or the channel that is named."""
    with transaction.atomic():
        return outbox.put(**{"channel": "post", "key": key, "on": team, "payload": {"to": key}, **fields})
