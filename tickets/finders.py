"""What the search finds among tickets: title, every message and note, a complaint's words, the customer, the numbers of the
order and its parcels; and among visits: the customer, the order with its goods and parcels, and what was said but of the
staff, which is for leads only.

Registered in `apps`. Whoever sees a ticket at the desk reads its notes (`MessageQuerySet.visible_to`), so there is one
entry for both; customers search nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import shop_date
from aftersales.kernel.prepared import prepared
from aftersales.search.kinds import Document, Hit, Hits, Kind, register
from aftersales.search.watch import watch
from aftersales.search.words import number_token, tokens_of_number
from customers.finders import contact_tokens, names_of, parcels_of
from customers.models import OrderLine
from tickets.models import Complaint, Message, Ticket, TicketField, Visit, VisitQuestion, VisitTry

_COMPLAINT = ("statement", "real_problem", "aim", "fault_reason", "interim", "plan", "root_cause")


def _documents(keys: Sequence[int]) -> Iterator[Document]:
    """Dated by the last word said. The title of a request for goods is made up of what its own entry holds."""
    tickets = list(
        Ticket.objects.filter(pk__in=keys).values_list(
            "pk", "ref", "title", "person", "order", "order__number", "opened_at", "goods_return", "team", "custom"
        )
    )
    people = {row[3] for row in tickets}
    names, contacts = names_of(people), contact_tokens(people)
    parcels = parcels_of({row[4] for row in tickets} - {None})
    texts = set(TicketField.objects.filter(kind=TicketField.Kind.TEXT).values_list("key", flat=True))
    said: dict[int, list[str]] = {}
    last = {row[0]: row[6] for row in tickets}
    for ticket, text, at in (
        Message.objects.filter(ticket__in=keys).order_by("at", "id").values_list("ticket", "text", "at")
    ):
        said.setdefault(ticket, []).append(text)
        last[ticket] = max(last[ticket], at)
    for ticket, *words in Complaint.objects.filter(ticket__in=keys).values_list("ticket", *_COMPLAINT):
        said.setdefault(ticket, []).extend(filter(None, words))
    for pk, ref, title, person, order, number, _opened, request, team, custom in tickets:
        tokens = contacts.get(person, set()) | parcels.get(order, set()) | {number_token(ref)}
        if number:
            tokens |= tokens_of_number(number)
        parts = [*([] if request else [title]), names.get(person, ""), *said.get(pk, ())]
        parts += [str(custom[key]) for key in sorted(texts & set(custom))]
        text = "\n".join(filter(None, parts))
        yield Document(pk, last[pk], text, frozenset(tokens), team)


def _show(actor: Actor, keys: tuple[int, ...]) -> Hits[Ticket]:
    return Hits(_shown.later(actor.scope, keys=keys), _hit)


@prepared
def _shown(scope: Actor, *, keys: tuple[int, ...]) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(pk__in=keys)
    return rows.select_related("person", "order", "goods_return")


def _hit(ticket: Ticket) -> Hit:
    return Hit(ticket.ref, ticket.subject, _detail(ticket), ticket.status, str(ticket.get_status_display()))


def _detail(ticket: Ticket) -> str:
    """Its reference, its order, and the customer where the subject does not name them."""
    named = [str(ticket.person)] if ticket.is_titled else []
    return " · ".join([ticket.ref, *named, *([ticket.order.number] if ticket.order else [])])


def _tickets_of(people: Sequence[int]) -> Iterable[int]:
    return Ticket.objects.filter(person__in=people).values_list("pk", flat=True)


def _tickets_about(orders: Sequence[int]) -> Iterable[int]:
    return Ticket.objects.filter(order__in=orders).values_list("pk", flat=True)


def _visits(keys: Sequence[int]) -> Iterator[Document]:
    """Dated by when it is due, so that the filter by days asks for the day's visits."""
    visits = list(
        Visit.objects.filter(pk__in=keys).values_list(
            "pk", "ref", "person", "order", "order__number", "due_at", "team", "needs", "usage", "suggestion", "answers"
        )
    )
    people = {row[2] for row in visits}
    names, contacts = names_of(people), contact_tokens(people)
    bought: dict[int, list[str]] = {}
    orders = {row[3] for row in visits} - {None}
    parcels = parcels_of(orders)
    for order, title, variant in OrderLine.objects.filter(order__in=orders).values_list("order", "title", "variant"):
        bought.setdefault(order, []).append(f"{title} {variant}".strip())
    noted: dict[int, list[str]] = {}
    for visit, note in VisitTry.objects.filter(visit__in=keys).exclude(note="").values_list("visit", "note"):
        noted.setdefault(visit, []).append(note)
    for pk, ref, person, order, number, at, team, *words, answers in visits:
        tokens = contacts.get(person, set()) | parcels.get(order, set()) | {number_token(ref)}
        if number:
            tokens |= tokens_of_number(number)
        said = [row["value"] for row in answers if row["kind"] == VisitQuestion.Kind.TEXT and not row["for_leads"]]
        parts = [names.get(person, ""), *bought.get(order, ()), *words, *said, *noted.get(pk, ())]
        yield Document(pk, at, "\n".join(filter(None, parts)), frozenset(tokens), team)


def _show_visits(actor: Actor, keys: tuple[int, ...]) -> Hits[Visit]:
    return Hits(_visits_shown.later(actor.scope, keys=keys), _visit_hit)


@prepared
def _visits_shown(scope: Actor, *, keys: tuple[int, ...]) -> QuerySet[Visit]:
    rows: QuerySet[Visit] = Visit.objects.visible_to(scope).filter(pk__in=keys)
    return rows.select_related("plan", "person", "order")


def _visit_hit(visit: Visit) -> Hit:
    title = f"{visit.person} · {visit.plan}"
    return Hit(visit.ref, title, _way(visit), visit.state, str(visit.get_state_display()))


def _way(visit: Visit) -> str:
    """Its reference, how it is made, on which day of the shop, and about which order."""
    day = shop_date(visit.due_at).isoformat()
    return " · ".join(
        [visit.ref, str(visit.get_channel_display()), day, *([visit.order.number] if visit.order else [])]
    )


def _visits_of(people: Sequence[int]) -> Iterable[int]:
    return Visit.objects.filter(person__in=people).values_list("pk", flat=True)


def _visits_about(orders: Sequence[int]) -> Iterable[int]:
    return Visit.objects.filter(order__in=orders).values_list("pk", flat=True)


register(
    Kind(
        "ticket", _("Tickets"), "ticket.view", Ticket, "opened_at", _documents, _show,
        {"person": _tickets_of, "order": _tickets_about},
    )
)  # fmt: skip
register(
    Kind(
        "visit", _("Visits"), "visit.view", Visit, "planned_at", _visits, _show_visits,
        {"person": _visits_of, "order": _visits_about},
    )
)  # fmt: skip

watch(
    "tickets.ticket", kind="ticket", columns=["ref", "title", "kind", "person", "order", "opened_at", "team", "custom"]
)
watch("tickets.message", kind="ticket", key="ticket", columns=["text", "at"])
watch("tickets.complaint", kind="ticket", key="ticket", columns=_COMPLAINT)
watch(
    "tickets.visit",
    kind="visit",
    columns=["ref", "person", "order", "due_at", "team", "needs", "usage", "suggestion", "answers"],
)
watch("tickets.visittry", kind="visit", key="visit", columns=["note"])
