"""Whether a ticket's page still says what is so: one short query, asked every few seconds by every open page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import get_language

from aftersales.desk import sent
from aftersales.desk.presence import Other
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.prepared import prepared
from aftersales.ledger.models import Event
from tickets.models import Ticket

_SHOWN = ("pk", "updated_at", "assignee_id", "due_at", "told", "told_of_return", "fared", "fared_by_chat", "late")


def version_of(ref: str, actor: Actor) -> tuple[int, str]:
    """Primary key of the ticket, and a print of all that its page may show. Raises `NotFound`.

    Everything that happens to ticket or return writes an event, so the newest event of each stands for all of it. What
    happens without one is that the due time passes, and that a reply gets on on its way to the customer.
    """
    found = _mark(actor.scope, ref=ref)
    if not found:
        raise NotFound
    row = found[0]
    return row[0], _print([*row, get_language(), actor.role])


@prepared
def _mark(scope: Actor, *, ref: str) -> QuerySet[Ticket, tuple[Any, ...]]:
    return marked(Ticket.objects.visible_to(scope).filter(ref=ref)).values_list(*_SHOWN)


def marked(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With what `version_read` needs, so that a page which reads its ticket anyway asks nothing more."""
    late = ExpressionWrapper(Q(due_at__lt=Now()), output_field=BooleanField())
    return tickets.annotate(
        told=Subquery(_newest("tickets.ticket", "pk")),
        told_of_return=Subquery(_newest("returns.return", "goods_return__pk")),
        fared=sent.fared(),
        fared_by_chat=sent.fared_by_chat(),
        late=late,
    )


def version_read(ticket: Ticket, actor: Actor) -> str:
    """The same print of a ticket that was read `marked`: what comes after that moment changes it."""
    return _print([*(getattr(ticket, name) for name in _SHOWN), get_language(), actor.role])


def presence_print(others: list[Other]) -> str:
    """Changes when somebody comes, goes, begins or ends to write."""
    return _print(f"{other.id}{other.doing}" for other in others)


def _newest(subject_type: str, of: str) -> QuerySet[Event]:
    """By the index that serves timelines."""
    about = Event.objects.filter(subject_type=subject_type, subject_id=OuterRef(of))
    return about.order_by("-id").values("id")[:1]  # type: ignore[return-value]


def _print(parts: Iterable[object]) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]
