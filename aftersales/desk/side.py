"""The side of a ticket as its page shows it: work, clocks, customer, order and parcels."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from aftersales.desk import panels, sla_card, work
from aftersales.desk.case import return_of
from aftersales.desk.clocks import Clock, clocks_of, limits_of
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
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

    work: work.Work
    levels: list[sla_card.Told]
    clocks: list[Clock]
    panels: panels.Panels
    parcels: list[Parcel]
    claims: list[tuple[CarrierClaim, list[Offer]]]


class OfReturn(NamedTuple):
    """What is asked of a return."""

    limits: Later[Timer]
    parcels: Later[ReturnParcel]
    claims: Later[CarrierClaim]

    @classmethod
    def ask(cls, ret: Return) -> OfReturn:
        return cls(limits_of.later(ret=ret.pk), _sent_back.later(ret=ret.pk), _claims.later(ret=ret.pk))


class Asked(NamedTuple):
    """What the side asks, for one statement with the rest of the page (`together`): `all`."""

    customer: Later[Person]
    order: Later[Order] | None
    work: work.Asked
    panels: panels.Asked
    levels: sla_card.Asked
    of_return: OfReturn | None

    @property
    def all(self) -> tuple[Later[Any], ...]:
        order = (self.order,) if self.order is not None else ()
        return (self.customer, *order, *self.work, *self.panels, *self.levels, *(self.of_return or ()))


def ask(ticket: Ticket, actor: Actor, now: dt.datetime) -> Asked:
    """`ticket` is as `find_case` reads it."""
    ret = return_of(ticket)
    return Asked(
        customer=_customer.later(pk=ticket.person_id),
        order=_bought.later(pk=ticket.order_id) if ticket.order_id else None,
        work=work.ask(ticket, actor),
        panels=panels.ask(ticket, actor, now),
        levels=sla_card.ask(ticket, actor),
        of_return=OfReturn.ask(ret) if ret is not None else None,
    )


def side_of(ticket: Ticket, actor: Actor, now: dt.datetime, asked: Asked) -> Side:
    """From what was asked; the ticket has its whole customer and order afterwards."""
    [ticket.person] = asked.customer.rows
    if asked.order is not None:
        [ticket.order] = asked.order.rows
    ret, of_return = return_of(ticket), asked.of_return
    return Side(
        work=work.work_of(ticket, actor, asked.work),
        levels=sla_card.told(asked.levels, now),
        clocks=clocks_of(of_return.limits.rows if of_return else ()),
        panels=panels.panels_of(ticket, actor, asked.panels),
        parcels=_parcels(ret, of_return.parcels.rows, actor) if ret and of_return else [],
        claims=[(claim, Offer.all(table.ON_CLAIM, claim, actor)) for claim in of_return.claims.rows]
        if of_return
        else [],
    )


@prepared
def _bought(*, pk: int) -> QuerySet[Order]:
    return Order.objects.select_related("shop", "address", "person").filter(pk=pk)


@prepared
def _customer(*, pk: int) -> QuerySet[Person]:
    return Person.objects.select_related("membership__tier").filter(pk=pk)


@prepared
def _claims(*, ret: int) -> QuerySet[CarrierClaim]:
    return CarrierClaim.objects.filter(of_id=ret).select_related("answered_by")


@prepared
def _sent_back(*, ret: int) -> QuerySet[ReturnParcel]:
    return ReturnParcel.objects.filter(of_id=ret).order_by("pk")


def _parcels(ret: Return, parcels: list[ReturnParcel], actor: Actor) -> list[Parcel]:
    for parcel in parcels:
        parcel.of = ret
    return [Parcel(parcel, Offer.all(table.ON_PARCEL, parcel, actor)) for parcel in parcels]
