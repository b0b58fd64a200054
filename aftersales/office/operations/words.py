"""What the page of operations calls things. Used by its page and its forms."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.ledger.models import Stop
from aftersales.ledger.stops import CHANNEL, TEMPLATE

Words = str | Promise

KINDS: dict[str, Words] = {
    "timer": _("timers"),
    "delivery": _("deliveries to listeners"),
    "outbound": _("messages and payments"),
    "daily": _("daily jobs"),
}
TRIGGERS: dict[str, Words] = {
    "doorbell": _("doorbell, after a change"),
    "beat": _("beat, every second"),
    "loop": _("loop, without Redis"),
    "command": _("by hand"),
}
CHANNELS: dict[str, Words] = {
    "email": pgettext_lazy("channel", "e-mail"),
    "sms": pgettext_lazy("channel", "SMS"),
    "webhook": pgettext_lazy("channel", "webhooks"),
    "chat": pgettext_lazy("channel", "chat tools"),
    "kuaidi100": pgettext_lazy("channel", "questions to kuaidi100"),
    "refund": pgettext_lazy("channel", "refunds to the payment provider"),
}


def stopped(what: str) -> str:
    """What a stop holds back, in words."""
    if what == Stop.SENDING:
        return gettext("all sending")
    if what == Stop.DECISIONS:
        return gettext("decisions without a person")
    if what == Stop.RESTORED:
        return gettext("everything: the database was restored from a backup")
    if what.startswith(CHANNEL):
        name = what.removeprefix(CHANNEL)
        return gettext("channel: %(name)s") % {"name": CHANNELS.get(name, name)}
    return gettext("template: %(name)s") % {"name": what.removeprefix(TEMPLATE)}


def length(seconds: float | None) -> str:
    """A length of time in the unit that fits: 0.4 s, 12 s, 7 min, 3.5 h, 2.1 d; a dash for None."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return gettext("%(number).1f s") % {"number": seconds}
    if seconds < 120:
        return gettext("%(number).0f s") % {"number": seconds}
    if seconds < 7_200:
        return gettext("%(number).0f min") % {"number": seconds / 60}
    if seconds < 172_800:
        return gettext("%(number).1f h") % {"number": seconds / 3_600}
    return gettext("%(number).1f d") % {"number": seconds / 86_400}
