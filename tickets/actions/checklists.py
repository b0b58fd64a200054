"""Checklists of a ticket: they come by themselves or by hand, items are ticked and unticked, a list is left out with a reason.

Called by opening, by requests, by the desk and by phrases; closing asks whether something that is needed is not ticked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import Later, prepared
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from tickets.actions.by import user_id_of
from tickets.actions.scope import locked, must_be_open
from tickets.models import Checklist, Ticket, TicketCheck, TicketChecklist
from tickets.models.checklist import read_items

LONGEST_WHY = 300
_NAMED = 5  # items named in a refusal; more would not be read


class ItemsOpen(Conflict):
    """Something that is needed has not been done."""

    code = "items_open"
    sentence = _("Not ticked yet: %(items)s. Tick them, or leave the checklist out with a reason.")


def offered() -> Later[Checklist]:
    """The lists that there are, as `apply_to` asks for them."""
    return _offered.later()


def apply_to(ticket: Ticket, *, at: dt.datetime, reasons: Iterable[str] = ()) -> None:
    """Put on the ticket the lists that are for its kind and reasons, in the caller's transaction. Those it has stay."""
    named = frozenset(filter(None, reasons))
    for each in _offered():
        if each.applies_to(ticket.kind, named):
            _put(each, ticket, actor=SYSTEM, at=at)


@prepared
def _offered() -> QuerySet[Checklist]:
    return Checklist.objects.filter(retired_at=None).order_by("position", "pk")


@transaction.atomic
def add_checklist(ticket_id: int, checklist_id: int, *, actor: Actor) -> TicketChecklist:
    """Put a list on the ticket by hand. One that is there already stays as it is."""
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.change")
    there: TicketChecklist | None = TicketChecklist.objects.filter(ticket=ticket, checklist=checklist_id).first()
    if there is not None:
        return there
    must_be_open(ticket)
    wanted = Checklist.objects.filter(pk=checklist_id, retired_at=None).first()
    if wanted is None:
        raise NotFound
    return _put(wanted, ticket, actor=actor, at=clock.now())


@transaction.atomic
def tick(check_id: int, *, actor: Actor) -> TicketCheck:
    """Done. Ticked already, it stays theirs who ticked it."""
    return _set(check_id, actor, is_ticked=True)


@transaction.atomic
def untick(check_id: int, *, actor: Actor) -> TicketCheck:
    """Not done after all. Not ticked, nothing changes."""
    return _set(check_id, actor, is_ticked=False)


@transaction.atomic
def leave_out(list_id: int, *, why: str, actor: Actor) -> TicketChecklist:
    """The list does not matter on this ticket, and why. The same again changes nothing; another reason is refused
    (`DoneOtherwise`)."""
    found: TicketChecklist | None = TicketChecklist.objects.visible_to(actor).filter(pk=list_id).first()
    if found is None:
        raise NotFound
    ticket = locked(found.ticket_id, actor)
    check(actor, "ticket.change")
    found.refresh_from_db()
    why = " ".join(why.split())
    if found.left_out_at is not None:
        if found.left_out_why != why:
            raise DoneOtherwise("checklist.left_out", on=ticket, labels=_names(found.title_zh, found.title_en))
        return found
    must_be_open(ticket)
    if not why:
        raise BadInput(_("Say why it does not matter here."), field="why", code="empty")
    if len(why) > LONGEST_WHY:
        raise BadInput(_("The reason may have %(longest)s characters at most."), field="why", longest=LONGEST_WHY)
    found.left_out_at, found.left_out_by_id, found.left_out_why = clock.now(), user_id_of(actor), why
    found.save(update_fields=["left_out_at", "left_out_by", "left_out_why"])
    record(
        "checklist.left_out",
        on=ticket,
        actor=actor,
        at=found.left_out_at,
        labels=_names(found.title_zh, found.title_en),
        why=why,
    )
    return found


def must_be_ticked(ticket: Ticket) -> None:
    """Raises `ItemsOpen`, by name, while something that is needed is not ticked."""
    lists = {"of__ticket": ticket, "of__left_out_at": None}
    missing = list(TicketCheck.objects.filter(is_required=True, ticked_at=None, **lists).order_by("of", "position"))
    if missing:
        more = [f"+{len(missing) - _NAMED}"] if len(missing) > _NAMED else []
        raise ItemsOpen(items=", ".join([*map(str, missing[:_NAMED]), *more]))


def _put(wanted: Checklist, ticket: Ticket, *, actor: Actor, at: dt.datetime) -> TicketChecklist:
    made, is_new = TicketChecklist.objects.get_or_create(
        ticket=ticket, checklist=wanted,
        defaults={"title_zh": wanted.title_zh, "title_en": wanted.title_en, "at": at},
    )  # fmt: skip
    if is_new:
        TicketCheck.objects.bulk_create(
            TicketCheck(
                of=made, position=place, is_required=item.is_required, text_zh=item.text_zh, text_en=item.text_en
            )
            for place, item in enumerate(read_items(wanted.items))
        )
        record("checklist.added", on=ticket, actor=actor, at=at, labels=_names(made.title_zh, made.title_en))
    return made


def _set(check_id: int, actor: Actor, *, is_ticked: bool) -> TicketCheck:
    found: TicketCheck | None = TicketCheck.objects.visible_to(actor).select_related("of").filter(pk=check_id).first()
    if found is None:
        raise NotFound
    ticket = locked(found.of.ticket_id, actor)
    check(actor, "ticket.change")
    found.refresh_from_db()
    if (found.ticked_at is not None) == is_ticked:
        return found
    must_be_open(ticket)
    at = clock.now()
    found.ticked_at, found.ticked_by_id = (at, user_id_of(actor)) if is_ticked else (None, None)
    found.save(update_fields=["ticked_at", "ticked_by"])
    name = "checklist.ticked" if is_ticked else "checklist.unticked"
    record(name, on=ticket, actor=actor, at=at, labels=_names(found.text_zh, found.text_en))
    return found


def _names(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}
