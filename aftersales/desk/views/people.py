"""A customer: how to reach them, what they bought, their cases; a contact in full only for a stated reason."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.reveal import RevealForm
from aftersales.desk.page import show
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.models import Order, Person
from tickets.models import Ticket

FEW = 20  # rows of each list; more is found by the search


def _person(ref: str, actor: Actor) -> Person:
    found: Person | None = Person.objects.visible_to(actor).filter(ref=ref).first()
    if found is None:
        raise NotFound
    return found


@door("order.view")
def person(request: DeskRequest, ref: str) -> HttpResponse:
    """The customer with contacts masked."""
    found, actor = _person(ref, request.actor), request.actor
    return show(
        request,
        "desk/person.html",
        person=found,
        contacts=list(found.contact_points.order_by("kind", "pk")),
        orders=list(Order.objects.visible_to(actor).filter(person=found)[:FEW]),
        tickets=list(
            Ticket.objects.visible_to(actor).filter(person=found).select_related("goods_return", "order")
            .order_by("-opened_at")[:FEW]
        ),
        promises=list(found.promises.order_by("-made_at")[:FEW]),
        notes=list(found.notes.select_related("by")[:FEW]),
    )  # fmt: skip


@door("person.reveal", *READ, *WRITE)
def contact(request: DeskRequest, ref: str, pk: int) -> HttpResponse:
    """Ask why, then show the contact on this one page. It is stored nowhere on the way, so the answer is no redirect."""
    found = _person(ref, request.actor)
    point = found.contact_points.filter(pk=pk).first()
    if point is None:
        raise NotFound
    form = RevealForm(request.POST) if request.method in WRITE else RevealForm()
    value = form.reveal(point.pk, request.actor) if form.is_bound else ""
    return show(
        request,
        "desk/contact.html",
        fragment="desk/contact_form.html",
        status=form.status,
        person=found,
        point=point,
        form=form,
        value=value,
    )
