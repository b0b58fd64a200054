"""The side of a ticket as its page shows it: work, clocks, customer, order and parcels.

The page is there without it and fetches it at once; what renews an open page brings it along.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from aftersales.desk import sla_card
from aftersales.desk.case import return_of
from aftersales.desk.clocks import Clock, clocks_of, limits_of
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.panels import Panels, panels_of
from aftersales.desk.panels import ask as asked_panels
from aftersales.desk.work import Work, work_of
from aftersales.desk.work import ask as asked_work
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
from aftersales.kernel.together import together
from aftersales.ledger.models import Timer
from customers.models import Order, Person
from returns.models import CarrierClaim, Return, ReturnParcel
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel on its way back with what can be done to it now."""

    parcel: ReturnParcel
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Side:
    """`levels` are the clocks of the service levels, `clocks` those of the return."""

    work: Work
    levels: list[sla_card.Told]
    clocks: list[Clock]
    panels: Panels
    parcels: list[Parcel]
    claims: list[CarrierClaim]


def side_of(ticket: Ticket, actor: Actor, now: dt.datetime) -> Side:
    """In one statement; `ticket` is as `find_case` reads it."""
    ret = return_of(ticket)
    customer = _customer.later(pk=ticket.person_id)
    order = _bought.later(pk=ticket.order_id) if ticket.order_id else None
    work, panels, levels = asked_work(ticket, actor), asked_panels(ticket, actor), sla_card.ask(ticket, actor)
    of_return = OfReturn.ask(ret) if ret is not None else None
    together(customer, *([order] if order else ()), *work, *panels, *levels, *(of_return or ()))
    [ticket.person] = customer.rows
    if order is not None:
        [ticket.order] = order.rows
        return_of(ticket)  # it is of the same order
    return Side(
        work=work_of(ticket, actor, work),
        levels=sla_card.told(levels, now),
        clocks=clocks_of(of_return.limits.rows if of_return else ()),
        panels=panels_of(ticket, actor, now, panels),
        parcels=_parcels(ret, of_return.parcels.rows, actor) if ret and of_return else [],
        claims=of_return.claims.rows if of_return else [],
    )


class OfReturn(NamedTuple):
    """What is asked of a return."""

    limits: Later[Timer]
    parcels: Later[ReturnParcel]
    claims: Later[CarrierClaim]

    @classmethod
    def ask(cls, ret: Return) -> OfReturn:
        return cls(limits_of.later(ret=ret.pk), _sent_back.later(ret=ret.pk), _claims.later(ret=ret.pk))


@prepared
def _bought(*, pk: int) -> QuerySet[Order]:
    return Order.objects.select_related("shop", "address", "person").filter(pk=pk)


@prepared
def _customer(*, pk: int) -> QuerySet[Person]:
    return Person.objects.select_related("membership__tier").filter(pk=pk)


@prepared
def _claims(*, ret: int) -> QuerySet[CarrierClaim]:
    return CarrierClaim.objects.filter(of_id=ret)


@prepared
def _sent_back(*, ret: int) -> QuerySet[ReturnParcel]:
    return ReturnParcel.objects.filter(of_id=ret).order_by("pk")


def _parcels(ret: Return, parcels: list[ReturnParcel], actor: Actor) -> list[Parcel]:
    for parcel in parcels:
        parcel.of = ret
    return [Parcel(parcel, Offer.all(table.ON_PARCEL, parcel, actor)) for parcel in parcels]
