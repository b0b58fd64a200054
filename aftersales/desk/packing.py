"""The packing slip of an exchange, of a repair or of refused goods: what goes into the parcel and where it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Sku
from returns.machine import S
from returns.models import Inspection, Return, ReturnLine

# The address is shown in full only while somebody needs it to send the parcel, or has just sent it (PIPL 6).
_TO_SEND = (S.AWAITING_RESHIP, S.RESHIPPED)


@dataclass(frozen=True, slots=True)
class Packed:
    """So many units of one article to take: `sku` from the shelf, or what `what` says, refused goods set aside."""

    sku: Sku | None
    quantity: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """What to pack and for whom; `address` is None where the order came without one."""

    items: list[Packed]
    address: Address | None
    note: str | Promise = ""  # beside what is not from the shelf


def slip_of(ret: Return, lines: Iterable[ReturnLine]) -> Slip | None:
    """The slip for the accepted units, as `stock.take` books them; None where no replacement is to be sent.

    `lines` come with `wanted_sku__product` and `order_line` read along. Repaired goods are named as they were bought.
    """
    if ret.status not in _TO_SEND:
        return None
    if ret.kind == Return.Kind.REPAIR:
        mended = [
            Packed(None, line.accepted_quantity, str(line.order_line)) for line in lines if line.accepted_quantity
        ]
        return Slip(mended, ret.order.address, note=_("repaired"))
    items = [Packed(line.wanted_sku, line.accepted_quantity) for line in lines
             if line.wanted_sku is not None and line.accepted_quantity]  # fmt: skip
    return Slip(items, ret.order.address)


def slip_of_refused(ret: Return) -> Slip | None:
    """The slip for refused units that were set aside for the customer."""
    aside = Inspection.objects.filter(
        line__of=ret, accepted=False, disposition=Inspection.Disposition.SEND_BACK
    ).select_related("line__order_line__sku__product")
    items = [Packed(None, each.quantity, str(each.line.order_line)) for each in aside.order_by("line_id", "pk")]
    return Slip(items, ret.order.address, note=_("refused, set aside for the customer")) if items else None
