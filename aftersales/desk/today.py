"""Everything one person must do, by due time: tickets, promises, visits, improvements, claims, begun replies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.desk import queue
from aftersales.desk.lists.shelf import Shelf
from aftersales.desk.promised import place_of, to_keep
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day, shop_date
from aftersales.kernel.policy import may
from customers.models import Review
from returns.models import CarrierClaim
from tickets.models import Draft, Improvement, Ticket, Visit

FEW = 10  # claims, reviews
_MINUTE = dt.timedelta(minutes=1)  # the end of a day still belongs to it
MOST = 40  # of each kind; the lists behind them have them all


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what kind, about what, for whom, by when (UTC; None while somebody else must act first)."""

    icon: str
    what: str | Lazy
    title: str
    detail: str
    href: str
    due_at: dt.datetime | None
    state: str = ""
    state_words: str = ""
    stands: bool = False  # whether its clock stands


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the day with its tasks, the most urgent first."""

    key: str
    title: str | Lazy
    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Today:
    """The page of one's day. `figures` are the views with work in them that are not one's own tickets."""

    parts: list[Part]
    figures: list[Any]
    drafts: list[Draft]

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.drafts


def today_of(actor: Actor, now: dt.datetime, shelf: Shelf) -> Today:
    """One statement for each kind of task; what is counted is counted on the shelf already."""
    midnight = end_of_shop_day(shop_date(now))
    tasks = [*_tickets(actor), *_promises(actor), *_visits(actor, midnight), *_reviews(actor), *_improvements(actor)]
    claims = _claims(actor)
    late = [task for task in tasks if task.due_at and task.due_at < now]
    soon = [task for task in tasks if task.due_at and now <= task.due_at < midnight]
    later = [task for task in tasks if task.due_at and task.due_at >= midnight]
    held = [task for task in tasks if task.due_at is None]
    parts = [
        Part("late", pgettext_lazy("queue", "Overdue"), late),
        Part("today", gettext_lazy("Until tonight"), soon),
        Part("later", gettext_lazy("Later"), later),
        Part("claims", gettext_lazy("Claims to chase"), claims),
        Part("held", gettext_lazy("Waiting for somebody else"), held),
    ]
    for part in parts:
        part.tasks.sort(key=lambda task: (task.due_at is None, task.due_at))
    return Today(
        parts=[part for part in parts if part.tasks],
        figures=[line for line in shelf.lines if line.key in _FIGURES and line.count],
        drafts=list(
            Draft.objects.filter(user_id=actor.id or 0, ticket__in=Ticket.objects.visible_to(actor))
            .select_related("ticket__person")
            .order_by("-saved_at")[:5]
        ),
    )


_FIGURES = ("unassigned", "overdue", "today", "objections", "second")


def _tickets(actor: Actor) -> list[Task]:
    mine = queue.rows(Ticket.objects.visible_to(actor).open().filter(assignee_id=actor.id)).by_due()
    found = []
    for ticket in mine[:MOST]:
        value, words = queue.state_of(ticket)
        detail = " · ".join([str(ticket.person), *([ticket.order.number] if ticket.order else [])])
        href = f"{reverse('desk:ticket', args=[ticket.ref])}?view=mine"
        kind, due = ticket.get_kind_display(), ticket.due_at
        found.append(Task("inbox", kind, ticket.subject, detail, href, due, value, words, ticket.clock_stands))
    return found


def _promises(actor: Actor) -> list[Task]:
    """What one has promised and not kept yet, or somebody else on a ticket that is one's own by now."""
    if not may(actor, "promise.settle"):
        return []
    return [
        Task("calendar", gettext_lazy("Promise"), promise.text, str(promise.person), place_of(promise), promise.due_at)
        for promise in to_keep(actor)[:MOST]
    ]


def _visits(actor: Actor, until: dt.datetime) -> list[Task]:
    """The calls and home visits of today: those of other days are in their own list."""
    if not may(actor, "visit.record"):
        return []
    mine = Visit.objects.visible_to(actor).to_make().filter(assignee_id=actor.id, due_at__lt=until)
    return [
        Task(
            "home" if visit.channel == Visit.Channel.HOME else "phone", visit.get_channel_display(), str(visit.plan),
            str(visit.person), reverse("desk:visit", args=[visit.ref]), visit.due_at,
        )
        for visit in mine.select_related("plan", "person").order_by("due_at")[:MOST]
    ]  # fmt: skip


def _reviews(actor: Actor) -> list[Task]:
    """Bad reviews that wait for a public reply: nobody's own, so everybody's who may answer."""
    if not may(actor, "review.answer"):
        return []
    waiting = Review.objects.visible_to(actor).to_settle().filter(reply_due_at__isnull=False).by_due()[:FEW]
    return [
        Task(
            "star", gettext_lazy("Review"), review.excerpt,
            _("%(platform)s, %(stars)s of 5 stars") % {
                "platform": review.get_platform_display(), "stars": review.stars,
            },
            reverse("desk:review", args=[review.ref]), review.reply_due_at,
        )
        for review in waiting
    ]  # fmt: skip


def _improvements(actor: Actor) -> list[Task]:
    """What one has taken on after a complaint, by the end of its day."""
    mine = Improvement.objects.visible_to(actor).filter(owner_id=actor.id, done_at=None)
    return [
        Task(
            "wrench", gettext_lazy("Improvement"), each.text, str(each.complaint.classification),
            reverse("desk:ticket", args=[each.complaint.ticket.ref]), end_of_shop_day(each.due_on) - _MINUTE,
        )
        for each in mine.select_related("complaint__ticket", "complaint__classification").order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip


def _claims(actor: Actor) -> list[Task]:
    """Carriers that owe an answer on one's own cases, apart: they are many and a day sooner or later matters less."""
    if not may(actor, "ticket.assign"):
        return []
    claims = CarrierClaim.objects.filter(of__ticket__assignee_id=actor.id, status=CarrierClaim.Status.OPEN)
    rows = claims.select_related("of__ticket", "of__person").order_by(F("due_at"), "pk")
    return [
        Task(
            "truck", gettext_lazy("Carrier claim"),
            " ".join(part for part in (claim.carrier, claim.number) if part) or _("Parcel without a number"),
            str(claim.of.person), reverse("desk:ticket", args=[claim.of.ticket.ref]), claim.due_at,
        )
        for claim in rows[:FEW]
    ]  # fmt: skip
