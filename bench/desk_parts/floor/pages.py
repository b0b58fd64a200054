"""Plain pages: a list, the same list from a place on, a ticket with what is shown on it, a search, counts, a reply, a new
ticket."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from aftersales.desk.panels import FEW
from aftersales.desk.queue import ROWS
from aftersales.kernel.refs import new_ref
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from aftersales.search.backend import has_all
from aftersales.search.find import MOST
from aftersales.search.kinds import kinds
from aftersales.search.models import Entry
from aftersales.search.words import asked_of, tokens_asked
from customers.models import Order, Shipment
from tickets.models import Message, Ticket

LIST = engines["django"].from_string(
    "<table>{% for t in rows %}<tr><td>{{ t.ref }}<td>{{ t.title }}<td>{{ t.status }}<td>{{ t.queue.name_zh }}"
    "<td>{{ t.person.name }}<td>{{ t.order.number }}<td>{{ t.assignee.name }}<td>{{ t.due_at }}{% endfor %}</table>"
)
ONE = engines["django"].from_string(
    "<h1>{{ t.title }}</h1><p>{{ t.person.name }} {{ t.order.number }} {{ t.status }}</p>{% for m in messages %}<p>{{ m.at }}"
    " {{ m.by }} {{ m.text }}</p>{% endfor %}"
    "{% for e in events %}<p>{{ e.at }} {{ e.name }} {{ e.actor_label }}{% endfor %}"
    "{% for c in contacts %}<p>{{ c.value }}{% endfor %}"
    "{% for o in orders %}<p>{{ o.number }} {{ o.status }} {{ o.placed_at }}{% endfor %}"
    "{% for s in parcels %}<p>{{ s.carrier }} {{ s.number }}{% endfor %}"
    "{% for o in others %}<p>{{ o.ref }} {{ o.status }}{% endfor %}"
    '<form method="post"><input name="text"></form>'
)
HITS = engines["django"].from_string(
    "{% for hits in found %}<ul>{% for hit in hits %}<li>{{ hit.key }} {{ hit.at }} {{ hit.body }}{% endfor %}</ul>{% endfor %}"
)
JOINED = ("queue", "person", "order", "assignee")


@login_required
def first(request: HttpRequest) -> HttpResponse:
    rows = Ticket.objects.exclude(status="closed").filter(due_at__isnull=False).order_by("due_at", "id")
    return HttpResponse(LIST.render({"rows": rows.select_related(*JOINED)[:ROWS]}, request))


@login_required
def deep(request: HttpRequest) -> HttpResponse:
    at, pk = dt.datetime.fromisoformat(request.GET["at"]), int(request.GET["pk"])
    rows = (
        Ticket.objects.filter(opened_at__lte=at).exclude(Q(opened_at=at) & Q(id__gte=pk)).order_by("-opened_at", "-id")
    )
    return HttpResponse(LIST.render({"rows": rows.select_related(*JOINED)[:ROWS]}, request))


@login_required
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """What every ticket of ours shows: what was said and what happened, who it is, their orders, parcels and other tickets."""
    ticket = Ticket.objects.select_related(*JOINED).get(ref=ref)
    shown = {
        "t": ticket,
        "messages": ticket.messages.order_by("at", "id"),
        "events": Event.objects.filter(**subject_of(ticket)).order_by("-id"),
        "contacts": ticket.person.contact_points.all(),
        "orders": Order.objects.filter(person=ticket.person_id),
        "parcels": Shipment.objects.filter(order=ticket.order_id),
        "others": Ticket.objects.filter(person=ticket.person_id).order_by("-opened_at")[:FEW],
    }
    return HttpResponse(ONE.render(shown, request))


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """The newest of each kind that hold all the words, without counting, marking and asking who may see them."""
    tokens, found = tokens_asked([request.GET["q"]]), []
    for kind in kinds():
        where, value = has_all()
        held = Entry.objects.extra(where=[where], params=[value(asked_of(kind.name, tokens))])
        found.append(held.order_by("-at", "-id").defer("tokens")[:MOST])
    return HttpResponse(HITS.render({"found": found}, request))


@login_required
def counts(request: HttpRequest) -> HttpResponse:
    rows = Ticket.objects.exclude(status="closed")
    now = timezone.now()
    sets = (rows, rows.filter(assignee=request.user), rows.filter(assignee=None), rows.filter(due_at__lt=now))  # type: ignore[misc]
    return HttpResponse(" ".join(str(each.values("pk")[:10_001].count()) for each in sets))


@login_required
@transaction.atomic
def reply(request: HttpRequest, ref: str) -> HttpResponse:
    ticket = Ticket.objects.select_for_update().get(ref=ref)
    Message.objects.create(ticket=ticket, by="staff", author=request.user, text=request.POST["text"], at=timezone.now())  # type: ignore[misc]
    return HttpResponse("ok")


@login_required
@transaction.atomic
def new(request: HttpRequest) -> HttpResponse:
    like = Ticket.objects.select_related("queue").latest("pk")
    now = timezone.now()
    ticket = Ticket.objects.create(
        ref=new_ref("T"), kind="question", title=request.POST["text"], queue=like.queue, person_id=like.person_id,
        order_id=like.order_id, opened_at=now, updated_at=now,
    )  # fmt: skip
    Message.objects.create(ticket=ticket, by="customer", text=request.POST["text"], at=now)
    return HttpResponse("ok")


urlpatterns = [
    path("first/", first), path("deep/", deep), path("counts/", counts), path("new/", new),
    path("search/", search), path("<str:ref>/reply/", reply), path("<str:ref>/", one),
]  # fmt: skip
