"""The warehouse's work: its heaps by due time, where scanned goods belong, and which page they are on now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.desk.queue import clock_stands
from aftersales.kernel.actor import Actor
from aftersales.kernel.refs import refs_without_kind
from aftersales.search.find import Asked
from returns.machine import S
from returns.models import Exchange, Return

ROWS = 20  # of each heap; the rest moves up as these are done

_OWES = Exchange.Difference.CUSTOMER_OWES
_HEAPS: tuple[tuple[str, str | Promise, str | Promise, str, Q], ...] = (
    ("receive", _("To receive"), _("No parcel is waiting to be counted."), "parcel", Q(status=S.DELIVERED)),
    ("inspect", _("To inspect"), _("Everything counted is inspected."), "search", Q(status=S.RECEIVED)),
    ("repair", _("To repair"), _("Nothing is waiting to be repaired."), "wrench", Q(status=S.REPAIRING)),
    ("send", _("To send to customers"), _("Nothing is waiting to leave."), "truck",
     Q(status=S.AWAITING_RESHIP) & ~Q(exchange__difference_status=_OWES)),
    ("back", _("Refused goods to send back"), _("No refused goods wait to go back to a customer."), "return",
     Q(handback__sent_at=None, handback__owed_at__isnull=False)),
    ("coming", _("On the way here"), _("No parcel is on its way back."), "clock", Q(status=S.IN_TRANSIT)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heap:
    """One heap: the first rows by due time, and how many there are in all."""

    key: str
    title: str | Promise
    empty: str | Promise
    icon: str
    rows: list[Return]
    count: int


def heaps(actor: Actor) -> list[Heap]:
    """All heaps; lines and parcels are read for all rows together."""
    seen = Return.objects.visible_to(actor)
    counts = seen.aggregate(**{key: Count("pk", filter=condition) for key, _title, _empty, _icon, condition in _HEAPS})
    found = []
    for key, title, empty, icon, condition in _HEAPS:
        rows = seen.filter(condition).select_related("ticket", "person", "order")
        rows = rows.annotate(clock_stands=clock_stands("ticket"))
        rows = rows.order_by(F("ticket__due_at").asc(nulls_last=True), "pk")
        found.append(Heap(key, title, empty, icon, list(rows[:ROWS]) if counts[key] else [], counts[key]))
    prefetch_related_objects([ret for heap in found for ret in heap.rows], "lines__order_line", "parcels")
    return found


def scanned(actor: Actor, text: str) -> Return | None:
    """The return of a scanned label: our own reference (also inside the address of a QR code), or a tracking number.

    Of several parcels with one number (two couriers) the one still expected comes first.
    """
    asked = Asked.of(text.rstrip("/").rsplit("/", 1)[-1])
    seen = Return.objects.visible_to(actor)
    if asked.ref is not None:
        return seen.filter(ref=asked.ref).first()
    if not asked.number:
        return None
    ours: Return | None = seen.filter(ref__in=refs_without_kind(asked.text)).first()
    if ours is not None:
        return ours
    mine = seen.filter(parcels__number=asked.number)
    return mine.filter(status__in=(S.IN_TRANSIT, S.DELIVERED, S.RECEIVED)).first() or mine.first()


def place_of(ret: Return) -> str:
    """Name of the page these goods are on: receipt, inspection or outcome."""
    if ret.status in (S.AWAITING_RETURN, S.IN_TRANSIT, S.DELIVERED):
        return "receipt"
    return "inspection" if ret.status == S.RECEIVED else "outcome"
