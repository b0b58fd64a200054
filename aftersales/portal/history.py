"""What happened to a request, as its customer may read it: the public events, oldest first, ready for parts/timeline.html."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from aftersales.kernel.couriers import courier_name
from aftersales.ledger.catalogue import event_type, event_types
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from returns.models import Return

_LOOKS: dict[str, tuple[str, str]] = {
    "return.submitted": ("inbox", ""),
    "return.info_requested": ("question", "warn"),
    "return.info_given": ("reply", ""),
    "return.approved": ("check", "success"),
    "return.rejected": ("cross", "danger"),
    "return.goods_refused": ("cross", "danger"),
    "return.shipped_back": ("truck", ""),
    "return.delivered": ("parcel", ""),
    "return.received": ("box-open", ""),
    "return.inspected": ("search", ""),
    "return.contested": ("flag", "warn"),
    "return.contest_settled": ("chat", ""),
    "return.partly_refused": ("cross", "danger"),
    "return.refusal_final": ("lock", ""),
    "handback.owed": ("return", ""),
    "handback.sent": ("truck", "accent"),
    "handback.came_back": ("warning", "warn"),
    "handback.delivered": ("check", "success"),
    "handback.unclaimed": ("minus", ""),
    "return.withdrawn": ("minus", ""),
    "return.expired": ("clock", ""),
    "return.reopened": ("return", ""),
    "return.kind_changed": ("swap", ""),
    "return.closed": ("check-circle", ""),
    "refund.due": ("coin", ""),
    "refund.sending": ("coin", ""),
    "refund.paid": ("check", "success"),
    "exchange.difference_due": ("coin", "warn"),
    "exchange.difference_settled": ("check", ""),
    "exchange.shipped": ("truck", "accent"),
    "exchange.delivered": ("check", "success"),
    "repair.begun": ("wrench", ""),
    "repair.done": ("check", "success"),
    "repair.failed": ("warning", "warn"),
    "repair.shipped": ("truck", "accent"),
    "repair.delivered": ("check", "success"),
    "file.attached": ("camera", ""),
}


def history(ret: Return) -> list[dict[str, Any]]:
    """One entry an event. Only event types declared public are asked for, so an internal one cannot slip in."""
    return [_entry(event) for event in _public_events(ret)]


def _public_events(ret: Return) -> QuerySet[Event]:
    public = [name for name, kind in event_types().items() if kind.public]
    return Event.objects.filter(name__in=public, **subject_of(ret)).order_by("id")


def _entry(event: Event) -> dict[str, Any]:
    icon, tone = _LOOKS.get(event.name, ("", ""))
    return {
        "title": str(event_type(event.name).text) % _in_words(event.data),
        "text": "",
        "at": event.at,
        "who": "",
        "icon": icon,
        "tone": tone,
    }


def _in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Codes that stand in the event, as words of the reader's language."""
    said = dict(data)
    if "carrier" in said:
        said["carrier"] = courier_name(said["carrier"])
    for name in ("before", "after"):
        if name in said and said[name] in Return.Kind:
            said[name] = Return.Kind(said[name]).label
    return said
