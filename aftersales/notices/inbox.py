"""What a member of staff was told in the desk, in words. Read by the desk's inbox page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.kernel.actor import Actor
from aftersales.notices import wording
from aftersales.notices.models import Notice

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the inbox shows it: `text` in the reader's language, `url` a path of the desk."""

    pk: int
    text: str
    url: str
    at: dt.datetime
    is_unread: bool


def lines(actor: Actor, *, now: dt.datetime) -> list[Line]:
    """The newest notices of this member of staff; nobody else's."""
    if actor.kind != "staff" or actor.id is None:
        return []
    return [_line(notice, actor.locale, now) for notice in Notice.objects.in_app_of(actor.id)[:SHOWN]]


def _line(notice: Notice, locale: str, now: dt.datetime) -> Line:
    # A template taken away later must not take the page with it.
    try:
        text = wording.line(notice.template, notice.params, locale, now)
    except wording.TemplateDoesNotExist:
        text = notice.template
    return Line(notice.pk, text, notice.params.get("url", ""), notice.at, notice.read_at is None)
