"""Promises to keep, by due time: one's own, those of one's team, all; and broken ones that nobody has made good yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.stretches import Kind, Part, Row, stretches_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day, shop_date
from customers.models import Person, Promise
from customers.models.promise import PromiseQuerySet
from tickets.models import Ticket
from tickets.models.promised import on_seen_tickets

MOST = 100  # that were broken, and as many to keep; one more is read to know that there are more
WHOSE: dict[str, str | Lazy] = {
    "mine": _("My own"), "team": _("My team"), "all": pgettext_lazy("promises", "All"),
}  # fmt: skip


def promises_seen(actor: Actor) -> PromiseQuerySet:
    """Promises to people one sees; one on a ticket only where one sees the ticket."""
    return Promise.objects.filter(on_seen_tickets(actor), person__in=Person.objects.visible_to(actor))


def place_of(promise: Promise) -> str:
    """The page on which a promise is dealt with: its ticket, else its order, else its customer."""
    link = getattr(promise, "on_ticket", None)
    if link is not None:
        return reverse("desk:ticket", args=[link.ticket.ref])
    if promise.order_id:
        return reverse("desk:order", args=[promise.order_id])
    return reverse("desk:person", args=[promise.person.ref])


def parts_of(actor: Actor, whose: str, now: dt.datetime) -> list[Part[Row[Promise]]]:
    """Two statements: what is to be kept, and what was broken and whose ticket is still open."""
    open_again = _seen(actor, whose).filter(broken_at__isnull=False, on_ticket__ticket__in=Ticket.objects.open())
    broken, kept = (
        Kind.of((Row(each, place_of(each), each.due_at) for each in rows[: MOST + 1]), MOST)
        for rows in (open_again.order_by("broken_at", "pk"), to_keep(actor, whose))
    )
    parts = [
        broken.apart("broken", _("Broken, to be made good")),
        *stretches_of([kept], now, end_of_shop_day(shop_date(now))),
    ]
    return [part for part in parts if part.rows]


def to_keep(actor: Actor, whose: str = "mine") -> PromiseQuerySet:
    """What is not settled, the next due first. A promise without a day is none that could be late."""
    return _seen(actor, whose).unsettled().filter(due_at__isnull=False).order_by("due_at", "pk")


def _seen(actor: Actor, whose: str) -> PromiseQuerySet:
    promises = promises_seen(actor).select_related("person", "order", "made_by", "on_ticket__ticket")
    if whose == "all":
        return promises
    if whose == "team" and actor.team:
        return promises.filter(Q(made_by__team_id=actor.team) | Q(on_ticket__ticket__team_id=actor.team))
    return promises.filter(Q(made_by_id=actor.id) | Q(on_ticket__ticket__assignee_id=actor.id))
