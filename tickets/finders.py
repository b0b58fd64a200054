"""What the search finds among tickets: title, every message and note, a complaint's words, the customer, the order number.

Registered in `apps`. Whoever sees a ticket at the desk reads its notes (`MessageQuerySet.visible_to`), so there is one
entry for both; customers search nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.search.kinds import Document, Hit, Kind, register
from aftersales.search.watch import watch
from aftersales.search.words import number_token, tokens_of_number
from customers.finders import contact_tokens, names_of
from tickets.models import Complaint, Message, Ticket, TicketField

_COMPLAINT = ("statement", "real_problem", "aim", "fault_reason", "interim", "plan", "root_cause")


def _documents(keys: Sequence[int]) -> Iterator[Document]:
    """Dated by the last word said. The title of a request for goods is made up of what its own entry holds."""
    tickets = list(
        Ticket.objects.filter(pk__in=keys).values_list(
            "pk", "ref", "title", "person", "order__number", "opened_at", "goods_return", "team", "custom"
        )
    )
    people = {row[3] for row in tickets}
    names, contacts = names_of(people), contact_tokens(people)
    texts = set(TicketField.objects.filter(kind=TicketField.Kind.TEXT).values_list("key", flat=True))
    said: dict[int, list[str]] = {}
    last = {row[0]: row[5] for row in tickets}
    for ticket, text, at in (
        Message.objects.filter(ticket__in=keys).order_by("at", "id").values_list("ticket", "text", "at")
    ):
        said.setdefault(ticket, []).append(text)
        last[ticket] = max(last[ticket], at)
    for ticket, *words in Complaint.objects.filter(ticket__in=keys).values_list("ticket", *_COMPLAINT):
        said.setdefault(ticket, []).extend(filter(None, words))
    for pk, ref, title, person, number, _opened, request, team, custom in tickets:
        tokens = contacts.get(person, set()) | {number_token(ref)}
        if number:
            tokens |= tokens_of_number(number)
        parts = [*([] if request else [title]), names.get(person, ""), *said.get(pk, ())]
        parts += [str(custom[key]) for key in sorted(texts & set(custom))]
        text = "\n".join(filter(None, parts))
        yield Document(pk, last[pk], text, frozenset(tokens), team)


def _show(actor: Actor, keys: Sequence[int]) -> dict[int, Hit]:
    tickets = Ticket.objects.visible_to(actor).filter(pk__in=keys).select_related("person", "order", "goods_return")
    return {
        ticket.pk: Hit(ticket.ref, ticket.subject, _detail(ticket), ticket.status, str(ticket.get_status_display()))
        for ticket in tickets
    }


def _detail(ticket: Ticket) -> str:
    """Its reference, its order, and the customer where the subject does not name them."""
    named = [str(ticket.person)] if ticket.is_titled else []
    return " · ".join([ticket.ref, *named, *([ticket.order.number] if ticket.order else [])])


def _tickets_of(people: Sequence[int]) -> Iterable[int]:
    return Ticket.objects.filter(person__in=people).values_list("pk", flat=True)


register(Kind("ticket", _("Tickets"), "ticket.view", Ticket, "opened_at", _documents, _show, {"person": _tickets_of}))

watch(
    "tickets.ticket", kind="ticket", columns=["ref", "title", "kind", "person", "order", "opened_at", "team", "custom"]
)
watch("tickets.message", kind="ticket", key="ticket", columns=["text", "at"])
watch("tickets.complaint", kind="ticket", key="ticket", columns=_COMPLAINT)
