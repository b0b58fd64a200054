"""What can be chosen in the filters of a list: queues, colleagues, tiers and more, read together in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team, User
from aftersales.kernel.policy import GRANTS
from aftersales.kernel.prepared import prepared
from aftersales.kernel.reader import labelled, of_two, reads_chinese
from customers.models import Tier
from tickets.models import Queue, Tag, TicketField
from tickets.models.field import read_choices

Pairs = tuple[tuple[str, str], ...]

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
    own: Pairs
    tiers: Pairs

    @classmethod
    def read(cls) -> Choices:
        """Queues and tiers in their order, the others by name: people who work on tickets, teams, tags in use."""
        chinese = reads_chinese()
        found: dict[str, list[tuple[str, str]]] = {what: [] for what in _FIELDS.values()}
        for what, key, _position, zh, en in sorted(_all(), key=lambda row: (row[0], row[2], row[3])):
            if what == "own":
                found[what] += _options(key, *(zh if chinese else en).split("\n", 1))
            else:
                found[what].append((key, zh if chinese or not en else en))
        return cls(**{field: tuple(found[what]) for field, what in _FIELDS.items()})


_FIELDS = {"queues": "queue", "people": "person", "teams": "team", "tags": "tag", "own": "own", "tiers": "tier"}


@prepared
def _all() -> QuerySet[Any]:
    """Everything that can be chosen, as (what, key, position, Chinese, English)."""
    workers = User.objects.filter(is_active=True, role__in=sorted(GRANTS["ticket.assign"]))
    return (
        Queue.objects.order_by()
        .values_list(Value("queue"), "key", "position", "name_zh", "name_en")
        .union(
            _tiers().values_list(Value("tier"), "key", "level", "name_zh", "name_en"),
            _own().order_by().values_list(Value("own"), "key", "position", _lines("label_zh"), _lines("label_en")),
            *(
                each.order_by().values_list(Value(what), _text("id"), Value(0, IntegerField()), "name", "name")
                for what, each in _named(workers)
            ),
        )
    )


def _tiers() -> Any:
    return Tier.objects.filter(in_use=True).order_by()


def _named(workers: Any) -> list[tuple[str, Any]]:
    return [("person", workers), ("team", Team.objects.all()), ("tag", Tag.objects.filter(retired_at=None))]


def _own() -> Any:
    """Fields of choices that tickets are asked for; one statement with the others, so the lines of choices come along."""
    return TicketField.objects.filter(kind=TicketField.Kind.CHOICE, retired_at=None)


def _lines(label: str) -> Concat:
    return Concat(label, Value("\n"), "choices", output_field=TextField())


def _options(key: str, label: str, lines: str) -> list[tuple[str, str]]:
    """`fault:noise` with the words of field and choice."""
    return [(f"{key}:{choice}", labelled(label, of_two(zh, en))) for choice, (zh, en) in read_choices(lines).items()]


NOTHING = Choices((), (), (), (), (), ())


def _text(column: str) -> Cast:
    return Cast(column, CharField())
