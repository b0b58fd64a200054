"""What can be chosen in the filters of a list: queues and colleagues, read together in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team, User
from aftersales.kernel.policy import GRANTS
from tickets.models import Queue, Tag

Pairs = list[tuple[str, str]]

# Where a ticket came from.
CHANNELS = (
    ("form", _("form")), ("portal", _("portal")), ("desk", _("desk")), ("api", _("program")), ("email", _("e-mail")),
    ("chat", _("chat")), ("phone", _("phone")), ("sms", _("SMS")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """Keys with their words in the reader's language."""

    queues: Pairs
    people: Pairs
    teams: Pairs
    tags: Pairs

    @classmethod
    def read(cls) -> Choices:
        """Queues in their order, the others by name: people who work on tickets, teams, tags in use."""
        workers = User.objects.filter(is_active=True, role__in=sorted(GRANTS["ticket.assign"]))
        rows = (
            Queue.objects.order_by()
            .values_list(Value("queue"), "key", "position", "name_zh", "name_en")
            .union(
                *(
                    each.order_by().values_list(Value(what), _text("id"), Value(0, IntegerField()), "name", "name")
                    for what, each in _named(workers)
                )
            )
        )
        chinese = (get_language() or "").startswith("zh")
        found: dict[str, Pairs] = {"queue": [], "person": [], "team": [], "tag": []}
        for what, key, _position, zh, en in sorted(rows, key=lambda row: (row[0], row[2], row[3])):
            found[what].append((key, zh if chinese or not en else en))
        return cls(found["queue"], found["person"], found["team"], found["tag"])


def _named(workers: Any) -> list[tuple[str, Any]]:
    return [("person", workers), ("team", Team.objects.all()), ("tag", Tag.objects.filter(retired_at=None))]


NOTHING = Choices([], [], [], [])


def _text(column: str) -> Cast:
    return Cast(column, CharField())
