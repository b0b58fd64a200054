"""One case as its page shows it: ticket, return, goods, money and story, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from aftersales.desk import live, story
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.queue import clock_stands
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.prepared import Later, lay_under, prepared
from aftersales.kernel.together import together
from returns.models import (
    InfoRequest,
    Inspection,
    Refund,
    RefundComponent,
    Rejection,
    Return,
    ReturnLine,
    Verdict,
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
    found = _head(actor.scope, beside, ref=ref)
    if not found:
        raise NotFound
    return found[0]


@prepared
def _head(scope: Actor, beside: tuple[str, ...], *, ref: str) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = (
        with_mailing_shop(live.marked(Ticket.objects.visible_to(scope)))
        .select_related("queue", "team", "person", "assignee", "goods_return", *beside)
        .only(*_OF_TICKET, *_BESIDE)
        .annotate(clock_stands=clock_stands(), read_at=Now())
        .filter(ref=ref)
    )
    return rows


_OF_TICKET = tuple(field.name for field in Ticket._meta.concrete_fields)
_BESIDE = (
    "queue__key", "queue__name_zh", "queue__name_en", "queue__strategy", "team__name", "assignee__name", "assignee__email",
    "goods_return__ref", "goods_return__status", "goods_return__is_contested",
)  # fmt: skip


def named(ref: str, actor: Actor) -> Ticket:
    """The ticket within scope with its order and shop and no more, for who writes on it. Raises `NotFound`."""
    found = _written_on(actor.scope, ref=ref)
    if not found:
        raise NotFound
    return found[0]


@prepared
def _written_on(scope: Actor, *, ref: str) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).select_related("order__shop").filter(ref=ref)
    return rows


def find_case(ref: str, actor: Actor) -> Ticket:
    """The ticket as its page shows it: with its return and the rows that hang on that one by one. Raises `NotFound`.

    Two statements: with all of it in one, planning eighteen joins takes the database longer than everything else on the page.
    """
    ticket = find_ticket(ref, actor)
    if (ret := getattr(ticket, "goods_return", None)) is not None:
        ticket.goods_return = _whole(pk=ret.pk)[0]
    return ticket


@prepared
def _whole(*, pk: int) -> QuerySet[Return]:
    return Return.objects.select_related(*_WITH_RETURN).filter(pk=pk)


_WITH_RETURN = ("approval__by", "exchange", "reshipment", "handback", "repair__by")


def when_read(ticket: Ticket) -> dt.datetime:
    """The instant at which `find_ticket` read it: what time it is on its page."""
    return clock.now(vars(ticket)["read_at"])


def return_of(ticket: Ticket) -> Return | None:
    """The return of a ticket that `find_case` read, with the rows they share."""
    ret: Return | None = getattr(ticket, "goods_return", None)
    if ret is not None:
        ret.ticket, ret.person = ticket, ticket.person  # the same rows, not read again
        if (order := ticket._state.fields_cache.get("order")) is not None:
            ret.order = order
    return ret


class OfReturn(NamedTuple):
    """What is asked of a return."""

    lines: Later[ReturnLine]
    verdicts: Later[Verdict]
    inspections: Later[Inspection]
    rejections: Later[Rejection]
    refunds: Later[Refund]
    components: Later[RefundComponent]
    questions: Later[InfoRequest]

    @classmethod
    def ask(cls, ret: Return) -> OfReturn:
        asked = (_lines, _verdicts, _inspections, _rejections, _refunds, _components, _questions)
        return cls(*(each.later(ret=ret.pk) for each in asked))  # type: ignore[arg-type]

    def lay_out(self, ret: Return) -> None:
        """Hang the rows on each other, so that nothing more is asked for them."""
        lines, refunds = self.lines.rows, self.refunds.rows
        lay_under(lines, "verdicts", self.verdicts.rows, by="line_id")
        lay_under(lines, "inspections", self.inspections.rows, by="line_id")
        lay_under([ret], "rejections", self.rejections.rows, by="of_id")
        lay_under(refunds, "components", self.components.rows, by="refund_id")
        for refund in refunds:
            refund.of = ret
        if lines:
            ret.order = lines[0].order_line.order  # of all of them the same, and read along


def case_of(ticket: Ticket, actor: Actor, *beside: Later[Any] | None) -> Case:
    """Put the case together for this reader: what may be done depends on who looks. `beside` is asked with the same statement."""
    ret = return_of(ticket)
    happened, asked = story.ask(ticket, ret, actor), OfReturn.ask(ret) if ret is not None else None
    together(*(asked or ()), happened, *beside)
    if ret is not None and asked is not None:
        asked.lay_out(ret)
    return Case(
        ticket=ticket,
        ret=ret,
        lines=asked.lines.rows if asked else [],
        refunds=[Money(each, Offer.all(table.ON_REFUND, each, actor)) for each in asked.refunds.rows] if asked else [],
        refusals=asked.rejections.rows if asked else [],
        questions=asked.questions.rows if asked else [],
        story=story.told(happened.rows, actor),
        offers=Offer.all(table.ON_RETURN, ret, actor),
        ticket_offers=Offer.all(table.ON_TICKET, ticket, actor),
    )


@prepared
def _lines(*, ret: int) -> QuerySet[ReturnLine]:
    return ReturnLine.objects.filter(of_id=ret).select_related(
        "order_line__sku", "order_line__order", "wanted_sku__product"
    )


@prepared
def _verdicts(*, ret: int) -> QuerySet[Verdict]:
    return Verdict.objects.filter(line__of_id=ret)


@prepared
def _inspections(*, ret: int) -> QuerySet[Inspection]:
    return Inspection.objects.filter(line__of_id=ret).select_related("by")


@prepared
def _rejections(*, ret: int) -> QuerySet[Rejection]:
    return Rejection.objects.filter(of_id=ret).select_related("by", "contest__settled_by").order_by("-pk")


@prepared
def _refunds(*, ret: int) -> QuerySet[Refund]:
    """Those that still count, and a failed one only until it was tried again."""
    return Refund.objects.filter(_COUNTS, of_id=ret).select_related("first_by", "second_by")


@prepared
def _components(*, ret: int) -> QuerySet[RefundComponent]:
    counted = Refund.objects.filter(_COUNTS, of_id=ret).order_by().values("pk")
    return RefundComponent.objects.filter(refund__in=counted).select_related("line__order_line")


@prepared
def _questions(*, ret: int) -> QuerySet[InfoRequest]:
    return InfoRequest.objects.filter(of_id=ret).select_related("by").order_by("pk")


_COUNTS = ~Q(status=Refund.Status.CANCELLED)
