"""Everything one person must do, by due time: tickets, promises, visits, improvements, claims, begun replies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.desk import queue
from aftersales.desk.lists.shelf import Shelf
from aftersales.desk.promised import place_of, to_keep
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address_of
from aftersales.kernel.clock import end_of_shop_day, shop_date
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import Later, prepared
from aftersales.kernel.together import together
from customers.models import Promise, Review
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


class Asked(NamedTuple):
    """What the day asks, for one statement (`together`); empty where somebody may not do what it is about."""

    tickets: Later[Ticket]
    promises: Later[Promise]
    visits: Later[Visit]
    reviews: Later[Review]
    improvements: Later[Improvement]
    claims: Later[CarrierClaim]
    drafts: Later[Draft]

    @classmethod
    def by(cls, actor: Actor, midnight: dt.datetime) -> Asked:
        scope, me = actor.scope, actor.id or 0
        return cls(
            tickets=_tickets.later(scope, me=me),
            promises=_promises.later(scope, me=me),
            visits=_visits.later(scope, me=me, until=midnight),
            reviews=_reviews.later(scope),
            improvements=_improvements.later(scope, me=me),
            claims=_claims.later(scope, me=me),
            drafts=_drafts.later(scope, me=me),
        )


def today_of(actor: Actor, now: dt.datetime, shelf: Shelf) -> Today:
    """One statement; what is counted is counted on the shelf already."""
    midnight = end_of_shop_day(shop_date(now))
    asked = Asked.by(actor, midnight)
    together(*asked)
    tasks = [
        *map(_ticket, asked.tickets.rows), *map(_promise, asked.promises.rows), *map(_visit, asked.visits.rows),
        *map(_review, asked.reviews.rows), *map(_improvement, asked.improvements.rows),
    ]  # fmt: skip
    late = [task for task in tasks if task.due_at and task.due_at < now]
    soon = [task for task in tasks if task.due_at and now <= task.due_at < midnight]
    later = [task for task in tasks if task.due_at and task.due_at >= midnight]
    held = [task for task in tasks if task.due_at is None]
    parts = [
        Part("late", pgettext_lazy("queue", "Overdue"), late),
        Part("today", gettext_lazy("Until tonight"), soon),
        Part("later", gettext_lazy("Later"), later),
        Part("claims", gettext_lazy("Claims to chase"), [_claim(each) for each in asked.claims.rows]),
        Part("held", gettext_lazy("Waiting for somebody else"), held),
    ]
    for part in parts:
        part.tasks.sort(key=lambda task: (task.due_at is None, task.due_at))
    return Today(
        parts=[part for part in parts if part.tasks],
        figures=[line for line in shelf.lines if line.key in _FIGURES and line.count],
        drafts=asked.drafts.rows,
    )


_FIGURES = ("unassigned", "overdue", "today", "objections", "second")


@prepared
def _tickets(scope: Actor, *, me: int) -> QuerySet[Ticket]:
    return queue.rows(Ticket.objects.visible_to(scope).open().filter(assignee_id=me)).by_due()[:MOST]


def _ticket(ticket: Any) -> Task:
    value, words = queue.state_of(ticket)
    detail = " · ".join([str(ticket.person), *([ticket.order.number] if ticket.order else [])])
    href = f"{address_of('desk:ticket', ticket.ref)}?view=mine"
    kind, due = ticket.get_kind_display(), ticket.due_at
    return Task("inbox", kind, ticket.subject, detail, href, due, value, words, ticket.clock_stands)


@prepared
def _promises(scope: Actor, *, me: int) -> QuerySet[Promise]:
    """What one has promised and not kept yet, or somebody else on a ticket that is one's own by now."""
    mine = to_keep(replace(scope, id=me))[:MOST]
    return mine if may(scope, "promise.settle") else mine.none()


def _promise(promise: Promise) -> Task:
    where, words = place_of(promise), gettext_lazy("Promise")
    return Task("calendar", words, promise.text, str(promise.person), where, promise.due_at)


@prepared
def _visits(scope: Actor, *, me: int, until: dt.datetime) -> QuerySet[Visit]:
    """The calls and home visits of today: those of other days are in their own list."""
    mine = Visit.objects.visible_to(scope).to_make().filter(assignee_id=me, due_at__lt=until)
    rows: QuerySet[Visit] = mine.select_related("plan", "person").order_by("due_at")[:MOST]
    return rows if may(scope, "visit.record") else rows.none()


def _visit(visit: Visit) -> Task:
    icon = "home" if visit.channel == Visit.Channel.HOME else "phone"
    where = address_of("desk:visit", visit.ref)
    return Task(icon, visit.get_channel_display(), str(visit.plan), str(visit.person), where, visit.due_at)


@prepared
def _reviews(scope: Actor) -> QuerySet[Review]:
    """Bad reviews that wait for a public reply: nobody's own, so everybody's who may answer."""
    waiting = Review.objects.visible_to(scope).to_settle().filter(reply_due_at__isnull=False)
    rows: QuerySet[Review] = waiting.by_due()[:FEW]
    return rows if may(scope, "review.answer") else rows.none()


def _review(review: Review) -> Task:
    detail = _("%(platform)s, %(stars)s of 5 stars") % {
        "platform": review.get_platform_display(), "stars": review.stars,
    }  # fmt: skip
    where = address_of("desk:review", review.ref)
    return Task("star", gettext_lazy("Review"), review.excerpt, detail, where, review.reply_due_at)


@prepared
def _improvements(scope: Actor, *, me: int) -> QuerySet[Improvement]:
    """What one has taken on after a complaint, by the end of its day."""
    mine = Improvement.objects.visible_to(scope).filter(owner_id=me, done_at=None)
    rows: QuerySet[Improvement] = mine.select_related("complaint__ticket", "complaint__classification")
    return rows.order_by("due_on", "pk")[:MOST]


def _improvement(each: Improvement) -> Task:
    about, where = str(each.complaint.classification), address_of("desk:ticket", each.complaint.ticket.ref)
    due = end_of_shop_day(each.due_on) - _MINUTE
    return Task("wrench", gettext_lazy("Improvement"), each.text, about, where, due)


@prepared
def _claims(scope: Actor, *, me: int) -> QuerySet[CarrierClaim]:
    """Carriers that owe an answer on one's own cases, apart: they are many and a day sooner or later matters less."""
    claims = CarrierClaim.objects.filter(of__ticket__assignee_id=me, status=CarrierClaim.Status.OPEN)
    rows = claims.select_related("of__ticket", "of__person").order_by(F("due_at"), "pk")[:FEW]
    return rows if may(scope, "ticket.assign") else rows.none()


def _claim(claim: CarrierClaim) -> Task:
    number = " ".join(part for part in (claim.carrier, claim.number) if part) or _("Parcel without a number")
    where = address_of("desk:ticket", claim.of.ticket.ref)
    return Task("truck", gettext_lazy("Carrier claim"), number, str(claim.of.person), where, claim.due_at)


@prepared
def _drafts(scope: Actor, *, me: int) -> QuerySet[Draft]:
    mine = Draft.objects.filter(user_id=me, ticket__in=Ticket.objects.visible_to(scope))
    return mine.select_related("ticket__person").order_by("-saved_at")[:5]
