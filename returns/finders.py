"""What the search finds among returns: their references and those of their refunds, parcels both ways, and what was told.

Registered in `apps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import prepared
from aftersales.search.kinds import Document, Hit, Hits, Kind, register
from aftersales.search.watch import watch
from aftersales.search.words import number_token, tokens_of_number
from customers.finders import contact_tokens, names_of
from returns.models import Handback, Inspection, Refund, Reshipment, Return, ReturnLine, ReturnParcel


def _documents(keys: Sequence[int]) -> Iterator[Document]:
    returns = list(
        Return.objects.filter(pk__in=keys).values_list(
            "pk", "ref", "person", "order__number", "submitted_at", "ticket__team"
        )
    )
    people = {row[2] for row in returns}
    names, contacts = names_of(people), contact_tokens(people)
    told: dict[int, list[str]] = {}
    for key, title, variant, story in ReturnLine.objects.filter(of__in=keys).values_list(
        "of", "order_line__title", "order_line__variant", "story"
    ):
        told.setdefault(key, []).extend((f"{title} {variant}".strip(), story))
    for key, note in Inspection.objects.filter(line__of__in=keys).exclude(note="").values_list("line__of", "note"):
        told.setdefault(key, []).append(note)
    numbers: dict[int, set[int]] = {}
    for key, ref in Refund.objects.filter(of__in=keys).values_list("of", "ref"):
        numbers.setdefault(key, set()).add(number_token(ref))
    for model in (ReturnParcel, Reshipment, Handback):
        for key, number in model.objects.filter(of__in=keys).values_list("of", "number"):
            numbers.setdefault(key, set()).update(tokens_of_number(number))
    for pk, ref, person, order, at, team in returns:
        tokens = contacts.get(person, set()) | numbers.get(pk, set()) | tokens_of_number(order) | {number_token(ref)}
        text = "\n".join(filter(None, [names.get(person, ""), *told.get(pk, ())]))
        yield Document(pk, at, text, frozenset(tokens), team)


def _show(actor: Actor, keys: tuple[int, ...]) -> Hits[Return]:
    return Hits(_shown.later(actor.scope, keys=keys), _hit)


@prepared
def _shown(scope: Actor, *, keys: tuple[int, ...]) -> QuerySet[Return]:
    rows: QuerySet[Return] = Return.objects.visible_to(scope).filter(pk__in=keys)
    return rows.select_related("person", "order")


def _hit(ret: Return) -> Hit:
    title, told = f"{ret.get_kind_display()} · {ret.ref}", f"{ret.person} · {ret.order}"
    return Hit(ret.ref, title, told, ret.status, str(ret.get_status_display()))


def _returns_of(people: Sequence[int]) -> Iterable[int]:
    return Return.objects.filter(person__in=people).values_list("pk", flat=True)


def _returns_with(inspected_lines: Sequence[int]) -> Iterable[int]:
    return ReturnLine.objects.filter(pk__in=inspected_lines).values_list("of", flat=True)


def _returns_on(tickets: Sequence[int]) -> Iterable[int]:
    return Return.objects.filter(ticket__in=tickets).values_list("pk", flat=True)


register(
    Kind(
        "return",
        _("Returns and exchanges"),
        "return.view",
        Return,
        "submitted_at",
        _documents,
        _show,
        {"person": _returns_of, "return_line": _returns_with, "return_team": _returns_on},
    )
)

watch("returns.return", kind="return", columns=["ref", "person", "order", "submitted_at"])
watch("tickets.ticket", kind="return_team", columns=["team"])
watch("returns.returnline", kind="return", key="of", columns=["order_line", "story"])
watch("returns.inspection", kind="return_line", key="line", columns=["note"])
watch("returns.refund", kind="return", key="of", columns=["ref"])
watch("returns.returnparcel", kind="return", key="of", columns=["number"])
watch("returns.reshipment", kind="return", key="of", columns=["number"])
watch("returns.handback", kind="return", key="of", columns=["number"])
