"""The side of a ticket as its page shows it: work, clocks, customer, order and parcels.

The page is there without it and fetches it at once; what renews an open page brings it along.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.desk import sla_card
from aftersales.desk.case import return_of
from aftersales.desk.clocks import Clock, clocks_of
from aftersales.desk.deeds import all as table
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.panels import Panels, panels_of
from aftersales.desk.there import there_on
from aftersales.desk.work import Work, work_of
from aftersales.kernel.actor import Actor
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
    """One query for each list that is not empty; `ticket` is as `find_case` reads it."""
    if ticket.order_id is not None:
        ticket.order = Order.objects.select_related("shop", "address", "person__membership__tier").get(
            pk=ticket.order_id
        )
    if ticket.order is not None and ticket.order.person_id == ticket.person_id:
        ticket.person = ticket.order.person
    else:  # of nobody's order, or of one that somebody else placed
        ticket.person = Person.objects.select_related("membership__tier").get(pk=ticket.person_id)
    ret, there = return_of(ticket), there_on(ticket, actor)
    return Side(
        work=work_of(ticket, actor, there),
        levels=sla_card.told(ticket, actor, now),
        clocks=clocks_of(ret),
        panels=panels_of(ticket, actor, now, there),
        parcels=_parcels(ret, actor),
        claims=list(ret.carrier_claims.all()) if ret else [],
    )


def _parcels(ret: Return | None, actor: Actor) -> list[Parcel]:
    if ret is None:
        return []
    found = []
    for parcel in ret.parcels.order_by("pk"):
        parcel.of = ret
        found.append(Parcel(parcel, Offer.all(table.ON_PARCEL, parcel, actor)))
    return found
