"""`{% state ret.status ret.get_status_display %}`: a state as a badge, with one tone and icon for each word, everywhere the same.

The words come from the models; only the look is here. A state that is not listed gets the neutral look.
"""

from django import template
from django.utils.safestring import SafeString

from aftersales.kernel.templatetags.kept import kept

register = template.Library()

# state: (tone, icon). Tones: neutral, accent (ours to do), warn (theirs to do or at risk), success, danger, info (under way).
LOOKS: dict[str, tuple[str, str]] = {
    # returns
    "submitted": ("accent", "inbox"),
    "need_info": ("warn", "question"),
    "awaiting_return": ("warn", "clock"),
    "in_transit": ("info", "truck"),
    "delivered": ("info", "parcel"),
    "received": ("accent", "search"),
    "return_refused": ("danger", "cross"),
    "refund_due": ("accent", "coin"),
    "refunding": ("info", "coin"),
    "refunded": ("success", "coin"),
    "repairing": ("accent", "wrench"),
    "awaiting_reship": ("accent", "parcel"),
    "reshipped": ("info", "truck"),
    "rejected": ("danger", "cross"),
    "expired": ("neutral", "clock"),
    "withdrawn": ("neutral", "cross"),
    "closed": ("neutral", "check"),
    "contested": ("danger", "flag"),  # lies over the status of a refused return
    # refunds
    "due": ("accent", "coin"),
    "sending": ("info", "send"),
    "paid": ("success", "coin"),
    "failed": ("danger", "warning"),
    "unknown": ("danger", "question"),
    "cancelled": ("neutral", "cross"),
    # tickets
    "open": ("accent", "inbox"),
    "waiting": ("warn", "clock"),
    # orders
    "unpaid": ("warn", "coin"),
    "shipped": ("info", "truck"),
    "completed": ("success", "check"),
    "unavailable": ("neutral", "cross"),
    # parcels
    "created": ("neutral", "parcel"),
    "picked_up": ("info", "truck"),
    "out_for_delivery": ("info", "truck"),
    "at_station": ("info", "shop"),
    "signed": ("success", "check"),
    "signed_by_other": ("warn", "users"),
    "refused": ("danger", "cross"),
    "returning": ("info", "return"),
    "returned": ("neutral", "return"),
    "exception": ("danger", "warning"),
    "lost_suspected": ("danger", "question"),
    # messages, and what became of them
    "planned": ("info", "clock"),
    "pending": ("info", "clock"),
    "sent": ("success", "check"),
    "shown": ("info", "inbox"),
    "stopped": ("neutral", "cross"),
    "capped": ("neutral", "cross"),
    "late": ("neutral", "clock"),
    # versions of the rules, and the back-tests of them
    "draft": ("neutral", "edit"),
    "approved": ("info", "users"),
    "published": ("success", "check"),
    "retired": ("neutral", "cross"),
    "running": ("info", "clock"),
    "building": ("info", "clock"),
    "done": ("success", "check"),
}


@register.simple_tag
def state(value: str, words: str) -> SafeString:
    """The state `value` under its translated `words`."""
    tone, icon = LOOKS.get(value, ("neutral", ""))
    return kept("parts/badge.html", label=words, tone=tone, icon=icon)
