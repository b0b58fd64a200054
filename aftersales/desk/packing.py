"""The packing slip of an exchange or of refused goods: what goes into the parcel and where it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def slip_of(ret: Return, lines: Iterable[ReturnLine]) -> Slip | None:
    """The slip for the accepted units, as `stock.take` books them; None where no replacement is to be sent.

    `lines` come with `wanted_sku__product` read along.
    """
    if ret.kind != Return.Kind.EXCHANGE or ret.status not in _TO_SEND:
        return None
    items = [Packed(line.wanted_sku, line.accepted_quantity) for line in lines
             if line.wanted_sku is not None and line.accepted_quantity]  # fmt: skip
    return Slip(items, ret.order.address)


def slip_of_refused(ret: Return) -> Slip | None:
    """The slip for refused units that were set aside for the customer."""
    aside = Inspection.objects.filter(
        line__of=ret, accepted=False, disposition=Inspection.Disposition.SEND_BACK
    ).select_related("line__order_line__sku__product")
    items = [Packed(None, each.quantity, str(each.line.order_line)) for each in aside.order_by("line_id", "pk")]
    return Slip(items, ret.order.address) if items else None
