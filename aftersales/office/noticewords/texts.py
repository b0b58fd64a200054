"""What the pages show of one text: what holds, with sample values; and of every kind, which texts it has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aftersales.notices import samples, sms_rules, wording
from aftersales.notices.actions.templates import LOCALES
from aftersales.notices.kinds import KINDS, Kind
from aftersales.notices.models import TemplateVersion


@dataclass(frozen=True, slots=True)
class Said:
    """A text as its reader sees it. `parts`: how many SMS it is billed as, 0 for a mail or a line in the desk."""

    subject: str
    text: str
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a kind: channel and language, the number that holds (0: the code's), whether a draft waits."""

    channel: str
    locale: str
    number: int
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of notice with what it says, in the reader's language, and its texts."""

    kind: Kind
    title: str
    is_fixed: bool
    texts: list[Text]


def said(key: str, channel: str, locale: str, now: dt.datetime, words: TemplateVersion | None = None) -> Said:
    """The text with sample values; with `words` a manager's, else the code's."""
    params = wording.as_json(samples.sample(key, locale, now))
    if channel == "email":
        mail = wording.mail(key, params, locale, now, words=words)
        return Said(mail.subject, mail.text)
    if channel == "inapp":
        return Said("", wording.line(key, params, locale, now))
    text = wording.sms(key, params, locale, now, words=words)
    return Said("", text, sms_rules.parts(text))


def rows(locale: str, now: dt.datetime) -> list[Row]:
    """Every kind in one statement: customers' first, then those for staff."""
    numbers: dict[tuple[str, str, str], int] = {}
    drafts: set[tuple[str, str, str]] = set()
    kept = TemplateVersion.objects.order_by("number").values_list("template", "channel", "locale", "number", "text")
    for template, channel, language, number, text in kept:
        if number is None:
            drafts.add((template, channel, language))
        else:
            numbers[template, channel, language] = number if text else 0
    found = []
    for kind in sorted(KINDS.values(), key=lambda each: (each.staff, each.key)):
        texts = [
            Text(
                channel,
                language,
                numbers.get((kind.key, channel, language), 0),
                (kind.key, channel, language) in drafts,
            )
            for channel in kind.channels
            for language in LOCALES
        ]
        shown = said(kind.key, kind.channels[0], locale, now)
        found.append(Row(kind, shown.subject or shown.text, samples.is_fixed(kind), texts))
    return found
