"""What the sample shop wants to know of its tickets beyond what every shop does."""

from __future__ import annotations

from typing import Any

from tickets.models import Ticket, TicketField

_GOODS = [Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE, Ticket.Kind.REPAIR]
_FAULTS = "no_heat: 不加热 / does not heat\nnoise: 异响 / noise\nleak: 漏水 / leaks\nbroken: 破损 / broken\nother: 其他 / other"
_FIELDS: tuple[tuple[str, str, str, str, list[Ticket.Kind], dict[str, Any]], ...] = (
    ("fault", "故障现象", "Fault", "choice", _GOODS, {"choices": _FAULTS}),
    ("serial", "机身序列号", "Serial number", "text", _GOODS, {}),
    ("invoice", "已开发票", "Invoice issued", "yes_no", [Ticket.Kind.QUESTION], {}),
)


def make_fields() -> None:
    """Three fields: two about goods, one about what is asked most."""
    for position, (key, zh, en, kind, kinds, more) in enumerate(_FIELDS):
        given = {"label_zh": zh, "label_en": en, "kind": kind, "kinds": kinds, "position": position, **more}
        TicketField.objects.get_or_create(key=key, defaults=given)
