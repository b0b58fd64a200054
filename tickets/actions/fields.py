"""Fill in the shop's own fields of a ticket, and say what is missing before it is closed. Called by the desk and by closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions.scope import locked, must_be_open
from tickets.models import Ticket, TicketField

LONGEST = 500  # characters of a text
_DIGITS = 15  # of a number, before and after the point together
_YES_NO = {"yes": True, "no": False}
K = TicketField.Kind


class FieldsMissing(Conflict):
    """What a manager wants to know of every ticket of this kind before it is closed."""

    code = "fields_missing"
    sentence = _("Fill in first: %(names)s.")


def fields_of(ticket: Ticket) -> list[TicketField]:
    """What is asked on tickets of this kind, in order."""
    return [each for each in TicketField.objects.filter(retired_at=None) if each.belongs_to(ticket.kind)]


@transaction.atomic
def fill_in(ticket_id: int, values: Mapping[str, str], *, actor: Actor) -> Ticket:
    """Set fields by key from what was typed; an empty text empties one. What is not named stays; the same changes nothing.

    Numbers are plain (`12.5`), days as 2026-11-28, yes/no as `yes` and `no`, choices by key. Raises `BadInput` at the field.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.change")
    asked = {each.key: each for each in fields_of(ticket)}
    after = dict(ticket.custom)
    changed = []
    for key, typed in values.items():
        if key not in asked:
            raise BadInput(_("This ticket has no field “%(key)s”."), field=key, code="no_field", key=key[:30])
        value = _value(asked[key], str(typed).strip())
        if after.get(key) != value:
            changed.append(asked[key])
        if value is None:
            after.pop(key, None)
        else:
            after[key] = value
    if not changed:
        return ticket
    must_be_open(ticket)
    before = {each.key: ticket.custom.get(each.key) for each in changed}
    ticket.custom, ticket.updated_at = after, clock.now()
    ticket.save(update_fields=["custom", "updated_at"])
    record(
        "ticket.filled_in", on=ticket, actor=actor, at=ticket.updated_at, was=before,
        now={each.key: after.get(each.key) for each in changed},
        labels={"zh": "、".join(each.label_zh for each in changed), "en": ", ".join(each.label_en for each in changed)},
    )  # fmt: skip
    return ticket


def must_be_filled_in(ticket: Ticket) -> None:
    """Raises `FieldsMissing`, by name, while a field that is needed to close is empty."""
    needed = TicketField.objects.filter(retired_at=None, required_to_close=True)
    missing = [str(each) for each in needed if each.belongs_to(ticket.kind) and each.key not in ticket.custom]
    if missing:
        raise FieldsMissing(names=", ".join(missing))


def _value(field: TicketField, typed: str) -> Any:
    """What is kept of what was typed; None is empty."""
    if not typed:
        return None
    match field.kind:
        case K.NUMBER:
            return _number(field, typed)
        case K.DATE:
            return _day(field, typed)
        case K.YES_NO if typed in _YES_NO:
            return _YES_NO[typed]
        case K.CHOICE if typed in dict(field.options()):
            return typed
        case K.YES_NO | K.CHOICE:
            raise BadInput(_("%(name)s: choose one of what is offered."), field=field.key, name=str(field))
    if len(typed) > LONGEST:
        raise BadInput(
            _("%(name)s has %(longest)s characters at most."), field=field.key, name=str(field), longest=LONGEST
        )
    return typed


def _number(field: TicketField, typed: str) -> str:
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(number.as_tuple().digits) > _DIGITS or abs(number.adjusted()) > _DIGITS:
        raise BadInput(_("%(name)s is a number such as 12.5."), field=field.key, name=str(field))
    return f"{number:f}"


def _day(field: TicketField, typed: str) -> str:
    try:
        return dt.date.fromisoformat(typed).isoformat()
    except ValueError:
        raise BadInput(_("%(name)s is a day such as 2026-11-28."), field=field.key, name=str(field)) from None
