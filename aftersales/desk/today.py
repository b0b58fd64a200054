"""Everything one person must do, by due time: tickets, promises, visits, improvements, claims, begun replies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Count as Counted
from django.db.models import QuerySet, Window
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.desk import improving, queue
from aftersales.desk.lists.shelf import Shelf
from aftersales.desk.promised import place_of, to_keep
from aftersales.desk.stretches import Kind, Part, Rest, Task, stretches_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address, address_of
from aftersales.kernel.clock import end_of_shop_day, shop_date
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import Later, prepared
from aftersales.kernel.together import together
from customers.models import Promise, Review
from returns.models import CarrierClaim
from tickets.models import Draft, Improvement, Ticket, Visit

FEW = 10  # claims, reviews
MOST = 40  # of each kind; one more is read to know that there are more, and the lists behind them have them all


@dataclass(frozen=True, slots=True)
class Today:
    """The page of one's day. `rests` are the lists of what is not shown whole; `figures` the views with work in them that are
    not one's own tickets; `begun` says how many drafts there are, of which `drafts` are the newest.
    """

    parts: list[Part[Task]]
    rests: list[Rest]
    figures: list[Any]
    drafts: list[Draft]
    begun: int

    @property
    def older(self) -> int:
        """Drafts that are not shown."""
        return self.begun - len(self.drafts)

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
    mine = Rest(gettext_lazy("All my tickets"), f"{address('desk:queue')}?view=mine")
    kinds = [
        Kind.of(map(_ticket, asked.tickets.rows), MOST, mine),
        Kind.of(
            map(_promise, asked.promises.rows), MOST, Rest(gettext_lazy("All my promises"), address("desk:promises"))
        ),
        Kind.of(map(_visit, asked.visits.rows), MOST, Rest(gettext_lazy("All my visits due"), address("desk:visits"))),
        Kind.of(map(_review, asked.reviews.rows), FEW, Rest(gettext_lazy("All reviews"), address("desk:reviews"))),
        Kind.of(
            map(_improvement, asked.improvements.rows),
            MOST,
            Rest(gettext_lazy("All my improvements"), address("desk:improvements")),
        ),
    ]
    claims = Kind.of(map(_claim, asked.claims.rows), FEW, Rest(gettext_lazy("All claims"), address("desk:claims")))
    late, soon, later, held = stretches_of(kinds, now, midnight)
    chased = claims.apart("claims", gettext_lazy("Claims to chase"))
    drafts: list[Any] = asked.drafts.rows
    return Today(
        parts=[part for part in (late, soon, later, chased, held) if part.rows],
        rests=[kind.rest for kind in kinds if kind.unshown and kind.rest],
        figures=[line for line in shelf.lines if line.key in _FIGURES and line.count],
        drafts=drafts,
        begun=drafts[0].begun if drafts else 0,
    )


_FIGURES = ("unassigned", "overdue", "today", "objections", "second")


@prepared
def _tickets(scope: Actor, *, me: int) -> QuerySet[Ticket]:
    return queue.rows(Ticket.objects.visible_to(scope).open().filter(assignee_id=me)).by_due()[: MOST + 1]


def _ticket(ticket: Any) -> Task:
    value, words = queue.state_of(ticket)
    detail = " · ".join([str(ticket.person), *([ticket.order.number] if ticket.order else [])])
    href = f"{address_of('desk:ticket', ticket.ref)}?view=mine"
    kind, due = ticket.get_kind_display(), ticket.due_at
    return Task("inbox", kind, ticket.subject, detail, href, due, value, words, ticket.clock_stands)


@prepared
def _promises(scope: Actor, *, me: int) -> QuerySet[Promise]:
    """What one has promised and not kept yet, or somebody else on a ticket that is one's own by now."""
    mine = to_keep(replace(scope, id=me))[: MOST + 1]
    return mine if may(scope, "promise.settle") else mine.none()


def _promise(promise: Promise) -> Task:
    where, words = place_of(promise), gettext_lazy("Promise")
    return Task("calendar", words, promise.text, str(promise.person), where, promise.due_at)


@prepared
def _visits(scope: Actor, *, me: int, until: dt.datetime) -> QuerySet[Visit]:
    """The calls and home visits of today: those of other days are in their own list."""
    mine = Visit.objects.visible_to(scope).to_make().filter(assignee_id=me, due_at__lt=until)
    rows: QuerySet[Visit] = mine.select_related("plan", "person").order_by("due_at")[: MOST + 1]
    return rows if may(scope, "visit.record") else rows.none()


def _visit(visit: Visit) -> Task:
    icon = "home" if visit.channel == Visit.Channel.HOME else "phone"
    where = address_of("desk:visit", visit.ref)
    return Task(icon, visit.get_channel_display(), str(visit.plan), str(visit.person), where, visit.due_at)


@prepared
def _reviews(scope: Actor) -> QuerySet[Review]:
    """Bad reviews that wait for a public reply: nobody's own, so everybody's who may answer."""
    waiting = Review.objects.visible_to(scope).to_settle().filter(reply_due_at__isnull=False)
    rows: QuerySet[Review] = waiting.by_due()[: FEW + 1]
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
    return rows.order_by("due_on", "pk")[: MOST + 1]


def _improvement(each: Improvement) -> Task:
    about, where = str(each.complaint.classification), address_of("desk:ticket", each.complaint.ticket.ref)
    return Task("wrench", gettext_lazy("Improvement"), each.text, about, where, improving.due_at(each))


@prepared
def _claims(scope: Actor, *, me: int) -> QuerySet[CarrierClaim]:
    """Carriers that owe an answer on one's own cases, apart: they are many and a day sooner or later matters less."""
    mine = CarrierClaim.objects.to_chase().filter(of__ticket__assignee_id=me)
    rows: QuerySet[CarrierClaim] = mine.select_related("of__ticket", "of__person")[: FEW + 1]
    return rows if may(scope, "claim.answer") else rows.none()


def _claim(claim: CarrierClaim) -> Task:
    number = " ".join(part for part in (claim.carrier, claim.number) if part) or _("Parcel without a number")
    where = address_of("desk:ticket", claim.of.ticket.ref)
    return Task("truck", gettext_lazy("Carrier claim"), number, str(claim.of.person), where, claim.due_at)


@prepared
def _drafts(scope: Actor, *, me: int) -> QuerySet[Draft]:
    """They are listed nowhere else; `begun` says on each how many there are."""
    mine = Draft.objects.filter(user_id=me, ticket__in=Ticket.objects.visible_to(scope))
    counted = mine.select_related("ticket__person").annotate(begun=Window(Counted("pk")))
    return counted.order_by("-saved_at", "-pk")[:MOST]
