"""One case as its page shows it: ticket, return, goods, money and story, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from aftersales.desk import live
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.queue import clock_stands
from aftersales.desk.story import story_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from returns.models import (
    InfoRequest,
    Inspection,
    Refund,
    RefundComponent,
    Rejection,
    Return,
    ReturnLine,
)
from tickets.actions.mail.answering import with_mailing_shop
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Money:
    """One refund with what can be done to it now, and in words what it waits for."""

    refund: Refund
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Case:
    """What the page of one ticket says about the case itself; the conversation is in `thread`, the rest in `side`."""

    ticket: Ticket
    ret: Return | None
    lines: list[ReturnLine]
    refunds: list[Money]
    refusals: list[Rejection]
    questions: list[InfoRequest]
    story: list[dict[str, Any]]
    offers: list[Offer]
    ticket_offers: list[Offer]

    @property
    def buttons(self) -> list[Offer]:
        """What usually comes next, first; then the plain ones."""
        money = [offer for each in self.refunds for offer in each.offers]
        usual = [offer for offer in (*money, *self.offers) if offer.tone == "primary"]
        return usual + [offer for offer in self.offers if not offer.tone]

    @property
    def menu(self) -> list[Offer]:
        """What is done to the ticket, and what needs a second look."""
        return self.ticket_offers + [offer for offer in self.offers if offer.tone == "danger"]


def find_ticket(ref: str, actor: Actor, *beside: str) -> Ticket:
    """The ticket within scope, with what its head shows of other rows, and the whole rows named. Raises `NotFound`.

    Neither its order nor more of a return: each further join doubles the time in which the database plans, and the forty
    columns of an order are as dear to read as the rest of the statement.
    """
    found: Ticket | None = (
        with_mailing_shop(live.marked(Ticket.objects.visible_to(actor)))
        .select_related("queue", "team", "person", "assignee", "goods_return", *beside)
        .only(*_OF_TICKET, *_BESIDE)
        .annotate(clock_stands=clock_stands())
        .filter(ref=ref)
        .first()
    )
    if found is None:
        raise NotFound
    return found


_OF_TICKET = tuple(field.name for field in Ticket._meta.concrete_fields)
_BESIDE = (
    "queue__key", "queue__name_zh", "queue__name_en", "queue__strategy", "team__name", "assignee__name", "assignee__email",
    "goods_return__ref", "goods_return__status", "goods_return__is_contested",
)  # fmt: skip


def named(ref: str, actor: Actor) -> Ticket:
    """The ticket within scope with its order and shop and no more, for who writes on it. Raises `NotFound`."""
    found: Ticket | None = Ticket.objects.visible_to(actor).select_related("order__shop").filter(ref=ref).first()
    if found is None:
        raise NotFound
    return found


def find_case(ref: str, actor: Actor) -> Ticket:
    """The ticket as its page shows it: with its return and the rows that hang on that one by one. Raises `NotFound`.

    Two statements: with all of it in one, planning eighteen joins takes the database longer than everything else on the page.
    """
    ticket = find_ticket(ref, actor)
    if (ret := getattr(ticket, "goods_return", None)) is not None:
        about = OuterRef("pk")
        more = {
            "has_refunds": Exists(Refund.objects.filter(of=about)),
            "has_questions": Exists(InfoRequest.objects.filter(of=about)),
        }
        ticket.goods_return = Return.objects.select_related(*_WITH_RETURN).annotate(**more).get(pk=ret.pk)
    return ticket


_WITH_RETURN = ("approval__by", "exchange", "reshipment", "handback", "repair__by")


def return_of(ticket: Ticket) -> Return | None:
    """The return of a ticket that `find_case` read, with the rows they share."""
    ret: Return | None = getattr(ticket, "goods_return", None)
    if ret is not None:
        ret.ticket, ret.person = ticket, ticket.person  # the same rows, not read again
        if (order := ticket._state.fields_cache.get("order")) is not None:
            ret.order = order
    return ret


def case_of(ticket: Ticket, actor: Actor) -> Case:
    """Put the case together for this reader: what may be done depends on who looks."""
    ret = return_of(ticket)
    lines = _lines(ret)
    if ret is not None:
        if lines:
            ret.order = lines[0].order_line.order  # of all of them the same, and read along
        refusals = Rejection.objects.select_related("by", "contest__settled_by").order_by("-pk")
        prefetch_related_objects([ret], Prefetch("rejections", refusals))
    return Case(
        ticket=ticket,
        ret=ret,
        lines=lines,
        refunds=_refunds(ret, actor) if getattr(ret, "has_refunds", True) else [],
        refusals=list(ret.rejections.all()) if ret else [],
        questions=_questions(ret) if getattr(ret, "has_questions", True) else [],
        story=story_of(ticket, ret, actor),
        offers=Offer.all(table.ON_RETURN, ret, actor),
        ticket_offers=Offer.all(table.ON_TICKET, ticket, actor),
    )


def _lines(ret: Return | None) -> list[ReturnLine]:
    if ret is None:
        return []
    lines = ret.lines.select_related("order_line__sku", "order_line__order", "wanted_sku__product")
    return list(lines.prefetch_related("verdicts", Prefetch("inspections", Inspection.objects.select_related("by"))))


def _questions(ret: Return | None) -> list[InfoRequest]:
    return list(ret.info_requests.select_related("by").order_by("pk")) if ret else []


def _refunds(ret: Return | None, actor: Actor) -> list[Money]:
    """Those that still count, and a failed one only until it was tried again."""
    if ret is None:
        return []
    rows = ret.refunds.filter(~Q(status=Refund.Status.CANCELLED)).select_related("first_by", "second_by")
    found = []
    parts = Prefetch("components", RefundComponent.objects.select_related("line__order_line"))
    for refund in rows.prefetch_related(parts):
        refund.of = ret
        found.append(Money(refund, Offer.all(table.ON_REFUND, refund, actor)))
    return found
