"""What a row of a list of tickets says, in the reader's language. A row that says the same is drawn once (`{% kept %}`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from aftersales.desk.lists.asked import COLUMNS
from aftersales.desk.lists.choices import CHANNELS
from aftersales.desk.queue import NOTED, state_of
from aftersales.kernel.templatetags.kept import kept
from aftersales.kernel.templatetags.when import due, when
from tickets.models import Ticket

_CHANNELS = dict(CHANNELS)
_LONGEST = 90  # characters of the last word


@dataclass(frozen=True, slots=True)
class Cell:
    """A further column: what it is called, and one text or several tags."""

    label: str
    words: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Words and marked-up times. `more`, `waited` and `opened` are the columns somebody has asked for."""

    ref: str
    href: str
    subject: str
    detail: str
    last: str
    who: str
    tier: str
    tier_gives: str
    order: str
    state: str
    state_words: str
    urgent: str
    due: str
    assignee: str
    changed: str
    more: tuple[Cell, ...]
    waited: Cell | None
    opened: Cell | None


def row_of(ticket: Any, now: dt.datetime, *, query: str = "", columns: Collection[str] = ()) -> Row:
    """Of a ticket read by `queue.rows`; `query` is kept in its address, so that the list stays beside the ticket."""
    state, state_words = state_of(ticket)
    who, subject, tier = str(ticket.person), ticket.subject, _tier(ticket)
    order = ticket.order.number if ticket.order_id else ""
    return Row(
        ref=ticket.ref,
        href=_address(ticket.ref) + (f"?{query}" if query else ""),
        subject=subject,
        detail=" · ".join(part for part in (who if ticket.is_titled else "", order) if part),
        last=_last_word(ticket),
        who=who,
        tier=str(tier) if tier else "",
        tier_gives=tier.gives if tier else "",
        order=order,
        state=state,
        state_words=state_words,
        urgent=_priority(ticket) if ticket.priority < Ticket.Priority.NORMAL and "priority" not in columns else "",
        due=_due(ticket, now),
        assignee=ticket.assignee.name if ticket.assignee_id else "",
        changed=when({"now": now}, ticket.updated_at),
        more=tuple(_cell(ticket, key, label) for key, label in _MORE if key in columns) if columns else (),
        waited=Cell(_LABELS["waited"], when({"now": now}, ticket.waiting_since)) if "waited" in columns else None,
        opened=Cell(_LABELS["opened"], when({"now": now}, ticket.opened_at)) if "opened" in columns else None,
    )


@lru_cache(maxsize=8_192)  # lists show the same tickets again and again, and finding an address costs as much as a row
def _address(ref: str) -> str:
    return reverse("desk:ticket", args=(ref,))


_LABELS: dict[str, Any] = dict(COLUMNS)
_MORE = tuple(
    (key, label) for key, label in COLUMNS if key not in ("waited", "opened")
)  # those stand beside their like


def _cell(ticket: Any, key: str, label: Any) -> Cell:
    match key:
        case "tags":
            return Cell(str(label), tags=tuple(map(str, ticket.tags.all())))
        case "own":
            return Cell(str(label), tags=tuple(ticket.own_words))
        case "kind":
            words = ticket.get_kind_display()
        case "queue":
            words = str(ticket.queue)
        case "team":
            words = str(ticket.team or "")
        case "priority":
            words = _priority(ticket)
        case _:
            words = str(_CHANNELS.get(ticket.channel, ticket.channel))
    return Cell(str(label), words)


def _tier(ticket: Any) -> Any:
    membership = getattr(ticket.person, "membership", None)
    return membership.tier if membership and membership.tier.in_use else None


def _priority(ticket: Any) -> str:
    return str(Ticket.Priority(ticket.priority).label)


def _due(ticket: Any, now: dt.datetime) -> str:
    """How it stands by its due time; where nothing is due, whether a clock stands. Computed on read: true without a worker."""
    if ticket.closed_at or not (ticket.due_at or ticket.clock_stands):
        return ""
    if ticket.due_at:
        return due({"now": now}, ticket.due_at)
    return kept("parts/sla.html", waiting=True)


_SPOKE = {
    "customer": gettext_lazy("Customer"), "staff": gettext_lazy("We"), "other": gettext_lazy("Cc"), NOTED: gettext_lazy("Note"),
}  # fmt: skip


def _last_word(ticket: Any) -> str:
    """Who spoke last and the beginning of what they said; nothing where nobody has written yet."""
    if not ticket.last_text:
        return ""
    who = str(_SPOKE.get(ticket.last_by, ""))
    text = " ".join(ticket.last_text.split())[:_LONGEST]
    return pgettext("last word", "%(who)s: %(text)s") % {"who": who, "text": text} if who else text
