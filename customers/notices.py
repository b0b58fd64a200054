"""How a person in the archive is reached, registered in `apps`; and who hears of a parcel."""

from __future__ import annotations

from aftersales.kernel.couriers import courier_name
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices import opening, tell
from aftersales.notices.actions.telling import status_url
from aftersales.notices.recipients import Point, Recipient
from customers.actions import consents_by_link
from customers.gather.kin import kin
from customers.models import Person, Shipment

opening.register(consents_by_link.PAGE, consents_by_link.address_of)


def reach(pk: int) -> Recipient | None:
    """E-mail and phones of a person, confirmed ones first; None when the person is gone."""
    person = Person.objects.filter(pk=pk).prefetch_related("contact_points").first()
    if person is None:
        return None
    points = sorted(person.contact_points.all(), key=lambda point: (point.verified_at is None, point.pk))
    same = tuple(sorted(kin(pk) - {pk})) if points else ()
    return Recipient(person.locale, tuple(Point(point.kind, point.value, point.masked) for point in points), same=same)


@listens("shipment.reminded", name="customers.reminder")
def about_a_parcel(event: Event) -> None:
    """One piece of news of a parcel, told once to each person whatever the carrier repeats and however many orders it holds."""
    _tell(event.subject, event.data["kind"], days=event.data["days"])


@listens("shipment.stuck", name="customers.stuck")
def about_a_parcel_that_stands_still(event: Event) -> None:
    """The first time only: the customer knows by then that we look after it."""
    _tell(event.subject, "stuck")


def _tell(shipment: Shipment, kind: str, *, days: int = 0) -> None:
    params: dict[str, object] = {
        "ref": shipment.order.number,
        "order_number": shipment.order.number,
        "status_url": status_url("/"),
        "carrier": courier_name(shipment.carrier),
        "number": shipment.number,
    }
    if kind == "uncollected":
        params["days"] = days
    parcel = f"parcel:{shipment.carrier}:{shipment.number}" if shipment.number else f"shipment:{shipment.pk}"
    tell(shipment.order.person, f"shipment.{kind}", params, key=f"{parcel}:{kind}:{days}")
