"""Times on a page: `{% when at %}` relative with the exact one on hover, `{% due at %}` a clock in words; `|exact`, `|deadline`.

Tags read `now` from the context where the view has asked the clock; otherwise the process clock serves, which is good enough
for words (it decides nothing).
"""

import datetime as dt
from collections.abc import Mapping
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from aftersales.kernel import datewords
from aftersales.kernel.clock import shop_date, shop_zone
from aftersales.kernel.templatetags.kept import kept

register = template.Library()

SOON = dt.timedelta(hours=4)  # from here on a clock asks for attention, unless its owner says otherwise


@register.simple_tag(takes_context=True)
def when(context: Mapping[str, Any], at: dt.datetime | None) -> SafeString | str:
    """`3 小时前`, the exact time on hover and for machines. None gives a dash."""
    if not at:
        return "–"
    now = now_of(context)
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        datewords.exact(at, now),
        datewords.relative(at, now),
    )


@register.simple_tag(takes_context=True)
def at(context: Mapping[str, Any], instant: dt.datetime | None) -> SafeString | str:
    """The exact time in words, marked up for machines. None gives a dash."""
    return marked(instant, now_of(context)) if instant else "–"


@register.simple_tag(takes_context=True)
def until(context: Mapping[str, Any], instant: dt.datetime) -> SafeString:
    """`at` for an end: midnight is 24:00 of the day that ends."""
    machine = instant.astimezone(dt.UTC).isoformat(timespec="seconds")
    return SafeString(f'<time datetime="{machine}">{escape(datewords.ending(instant, now_of(context)))}</time>')


def marked(instant: dt.datetime, now: dt.datetime) -> SafeString:
    """The same for a list, which asks once what time it is."""
    machine = instant.astimezone(dt.UTC).isoformat(timespec="seconds")
    return SafeString(f'<time datetime="{machine}">{escape(datewords.exact(instant, now))}</time>')


@register.simple_tag(takes_context=True)
def due(
    context: Mapping[str, Any],
    due_at: dt.datetime | None,
    *,
    met_at: dt.datetime | None = None,
    paused: bool = False,
    soon: dt.timedelta = SOON,
) -> SafeString | str:
    """A clock as icon, word and time: met or missed, standing still, overdue, soon, or with time to spare.

    `met_at` is when the promise was kept; `paused` says that the clock stands; within `soon` of the end it turns amber.
    """
    if not due_at:
        return ""
    now = now_of(context)
    state, icon, words = _standing((due_at - (met_at or now)).total_seconds(), met_at is not None, paused, soon)
    return kept(
        "parts/due.html", state=state, icon=icon, words=words, due_at=due_at, exact=datewords.exact(due_at, now)
    )


def _standing(left: float, is_met: bool, paused: bool, soon: dt.timedelta) -> tuple[str, str, str]:
    """State, icon and words with so many seconds left."""
    if is_met and left >= 0:
        return "met", "check-circle", gettext("On time")
    if is_met:
        return "over", "warning", gettext("Late by %(time)s") % {"time": datewords.span(-left)}
    if paused:
        return "held", "pause", gettext("Clock stopped")
    if left < 0:
        return "over", "warning", gettext("Overdue by %(time)s") % {"time": datewords.span(-left)}
    words = gettext("%(time)s left") % {"time": datewords.span(left)}
    return ("soon" if left <= soon.total_seconds() else "open"), "clock", words


@register.filter
def exact(instant: dt.datetime) -> str:
    """The exact time in words, for use inside a sentence."""
    return datewords.exact(instant, timezone.now())


@register.filter
def clock_time(instant: dt.datetime) -> str:
    """`10:31` where the shop is; on another day than today with the day."""
    now = timezone.now()
    return (
        f"{instant.astimezone(shop_zone()):%H:%M}"
        if shop_date(instant) == shop_date(now)
        else datewords.exact(instant, now)
    )


@register.filter
def deadline(instant: dt.datetime) -> str:
    """`before Fri 27 Nov, 24:00`, for use inside a sentence."""
    return datewords.deadline(instant, timezone.now())


@register.filter
def day(value: dt.date | dt.datetime) -> str:
    """The day in words; of an instant, the day it is where the shop is."""
    date = shop_date(value) if isinstance(value, dt.datetime) else value
    return datewords.day(date, timezone.now())


def now_of(context: Mapping[str, Any]) -> dt.datetime:
    """What time it is on the page."""
    now = context.get("now")
    return now if isinstance(now, dt.datetime) else timezone.now()
