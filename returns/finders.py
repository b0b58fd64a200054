"""What the search finds among returns: themselves, their refunds, and parcels both ways. Registered in `apps`."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.search.find import Asked, Hit, finds
from returns.models import Return


@finds("return", _("Returns and exchanges"))
def returns(actor: Actor, asked: Asked, most: int) -> list[Hit]:
    """By its own reference, that of a refund, or the tracking number of a parcel back or of the replacement."""
    seen = Return.objects.visible_to(actor).select_related("person", "order")
    if asked.ref is not None:
        found = seen.filter(Q(ref=asked.ref) | Q(refunds__ref=asked.ref)).distinct()
    else:
        found = seen.filter(Q(parcels__number=asked.number) | Q(reshipment__number=asked.number)).distinct()
    return [
        Hit(ret.ref, f"{ret.get_kind_display()} · {ret.ref}", f"{ret.person} · {ret.order}", ret.status,
            str(ret.get_status_display()))
        for ret in found[:most]
    ]  # fmt: skip
