"""A customer: how to reach them, what they bought, their cases; a contact in full only for a stated reason."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aftersales.desk.customer import customer_of
from aftersales.desk.deeds.all import ON_PERSON
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.reveal import RevealForm
from aftersales.desk.page import show
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.prepared import prepared
from customers.models import Person, Referral


def _person(ref: str, actor: Actor) -> Person:
    found = _named(actor.scope, ref=ref)
    if not found:
        raise NotFound
    return found[0]


@prepared
def _named(scope: Actor, *, ref: str) -> QuerySet[Person]:
    rows: QuerySet[Person] = (
        Person.objects.visible_to(scope)
        .select_related("birthday", "score__segment", "membership__tier", "referral__by", "merged_into", "erasure__by")
        .annotate(recommended_to=_recommended_to())
        .filter(ref=ref)
    )
    return rows


def _recommended_to() -> Coalesce:
    """How many customers came because of a person, with the person."""
    came = Referral.objects.filter(by=OuterRef("pk")).order_by().values("by").annotate(number=Count("pk"))
    return Coalesce(Subquery(came.values("number")), 0)


@door("order.view")
def person(request: DeskRequest, ref: str) -> HttpResponse:
    """The customer with contacts masked."""
    found, actor, now = _person(ref, request.actor), request.actor, clock.now()
    if found.merged_into is not None:
        messages.info(request, _("%(ref)s was merged into this customer.") % {"ref": found.ref})
        return redirect("desk:person", found.merged_into.ref)
    about = customer_of(found, actor, now)
    offers = [] if hasattr(found, "erasure") else Offer.all(ON_PERSON, found, actor)  # nothing is written of nobody
    return show(request, "desk/person.html", now=now, person=found, customer=about, offers=offers)


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
