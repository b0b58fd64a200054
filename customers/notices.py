"""How a person in the archive is reached, registered in `apps`; and who hears of a parcel or a promise."""

from __future__ import annotations

from aftersales.accounts.models import User
from aftersales.kernel.actor import Role
from aftersales.kernel.couriers import courier_name
from aftersales.ledger.catalogue import listens
from aftersales.ledger.models import Event
from aftersales.notices import tell, tell_staff
from aftersales.notices.actions.telling import status_url
from aftersales.notices.recipients import Point, Recipient
from customers.models import Person, Promise, Shipment


def reach(pk: int) -> Recipient | None:
    """E-mail and phones of a person, confirmed ones first; None when the person is gone."""
    person = Person.objects.filter(pk=pk).prefetch_related("contact_points").first()
    if person is None:
        return None
    points = sorted(person.contact_points.all(), key=lambda point: (point.verified_at is None, point.pk))
    return Recipient(person.locale, tuple(Point(point.kind, point.value, point.masked) for point in points))


@listens("shipment.reminded", name="customers.reminder")
def about_a_parcel(event: Event) -> None:
    """One piece of news of a parcel; the key holds the parcel, so that each is told once whatever the carrier repeats."""
    _tell(event.subject, event.data["kind"], days=event.data["days"])


@listens("shipment.stuck", name="customers.stuck")
def about_a_parcel_that_stands_still(event: Event) -> None:
    """The first time only: the customer knows by then that we look after it."""
    _tell(event.subject, "stuck")


@listens("promise.warned", name="customers.promise_warned")
def about_a_promise_due(event: Event) -> None:
    """Whoever made it; where they are gone, or it came from the system, the leads."""
    promise: Promise = event.subject
    params = _promised(promise) | {"deadline": promise.due_at}
    maker = _maker(promise)
    tell_staff("promise.warned", params, users=maker, roles=() if maker else (Role.LEAD,), event=event)


@listens("promise.broken", name="customers.promise_broken")
def about_a_broken_promise(event: Event) -> None:
    """Whoever made it and the leads, once."""
    promise: Promise = event.subject
    tell_staff("promise.broken", _promised(promise), users=_maker(promise), roles=(Role.LEAD,), event=event)


def _maker(promise: Promise) -> list[User]:
    return [promise.made_by] if promise.made_by is not None and promise.made_by.is_active else []


def _promised(promise: Promise) -> dict[str, object]:
    person, order = promise.person, promise.order
    path = f"/desk/orders/{order.pk}/" if order else f"/desk/people/{person.ref}/"
    return {"ref": order.number if order else person.ref, "url": status_url(path), "text": promise.text}


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
    tell(shipment.order.person, f"shipment.{kind}", params, key=f"shipment:{shipment.pk}:{kind}:{days}")
