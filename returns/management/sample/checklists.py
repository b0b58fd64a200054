"""The checklists of the sample shop: tracing what does not work, proof of damage on the way."""

from __future__ import annotations

from tickets.models import Checklist, Ticket

_RETURNS = [Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE]
_LISTS = (
    (
        "故障排查", "Fault tracing", [*_RETURNS, Ticket.Kind.REPAIR], "not_working",
        "* 请顾客换插座再试 / Customer tried another socket\n* 核对批次号 / Lot number checked\n留样拍照 / Sample photographed",
    ),
    (
        "运损取证", "Proof of damage on the way", _RETURNS, "carrier_damage",
        "* 外箱六面照片 / Photos of the whole box\n* 面单照片 / Photo of the label\n向快递登记异常 / Reported to the carrier",
    ),
)  # fmt: skip


def make_checklists() -> None:
    """Two lists, before the first ticket is opened."""
    for position, (zh, en, kinds, reasons, items) in enumerate(_LISTS):
        given = {"title_en": en, "kinds": kinds, "reasons": reasons, "items": items, "position": position}
        Checklist.objects.get_or_create(title_zh=zh, defaults=given)
