"""`{% state ret.status ret.get_status_display %}`: a state as a badge, with one tone and icon for each word, everywhere the same.

The words come from the models; only the look is here. A state that is not listed gets the neutral look.
"""

from typing import Any

from django import template

register = template.Library()

# state: (tone, icon). Tones: neutral, accent (ours to do), warn (theirs to do or at risk), success, danger, info (under way).
LOOKS: dict[str, tuple[str, str]] = {
    # returns
    "draft": ("neutral", "edit"),
    "submitted": ("accent", "inbox"),
    "need_info": ("warn", "question"),
    "approved": ("success", "check"),
    "rejected": ("danger", "cross"),
    "refused": ("danger", "cross"),
    "awaiting_return": ("warn", "clock"),
    "return_in_transit": ("info", "truck"),
    "in_transit": ("info", "truck"),
    "return_delivered": ("accent", "parcel"),
    "received": ("accent", "parcel"),
    "inspecting": ("accent", "search"),
    "inspected": ("info", "check"),
    "return_refused": ("danger", "cross"),
    "refund_due": ("accent", "coin"),
    "refunding": ("info", "coin"),
    "refunded": ("success", "coin"),
    "refund_failed": ("danger", "warning"),
    "price_difference": ("warn", "coin"),
    "awaiting_reship": ("accent", "parcel"),
    "reshipped": ("info", "truck"),
    "delivered": ("success", "check"),
    "diagnosing": ("accent", "wrench"),
    "quote_pending": ("warn", "coin"),
    "repairing": ("info", "wrench"),
    "hold_shipment": ("accent", "pause"),
    "intercepting": ("info", "truck"),
    "returned_to_sender": ("info", "return"),
    "expired": ("neutral", "clock"),
    "cancelled": ("neutral", "cross"),
    "withdrawn": ("neutral", "cross"),
    "disputed": ("danger", "flag"),
    "contested": ("danger", "flag"),
    # tickets
    "new": ("accent", "inbox"),
    "open": ("accent", "inbox"),
    "pending": ("warn", "clock"),
    "waiting": ("warn", "clock"),
    "on_hold": ("neutral", "pause"),
    "solved": ("success", "check"),
    "closed": ("neutral", "check"),
    # carrier claims, refunds, deliveries of notices
    "suspected": ("warn", "question"),
    "claimed": ("info", "send"),
    "accepted": ("success", "check"),
    "paid": ("success", "coin"),
    "failed": ("danger", "warning"),
    "sent": ("success", "check"),
    "queued": ("neutral", "clock"),
}


@register.inclusion_tag("parts/badge.html")
def state(value: str, words: str) -> dict[str, Any]:
    """The state `value` under its translated `words`."""
    tone, icon = LOOKS.get(value, ("neutral", ""))
    return {"label": words, "tone": tone, "icon": icon}
