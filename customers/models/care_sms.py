"""Whether a carrier would let the SMS of a care plan through: the rules of every SMS, and those of one of our own accord."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel import datewords
from aftersales.notices import braces, sms_rules
from aftersales.notices.wording import sign_name

# As long as they get: a day of another year, and a number of Taobao.
_DAY, _NOW = dt.date(2026, 12, 30), dt.datetime(2025, 12, 30, tzinfo=dt.UTC)
_ORDER = "2846153870921345678"


def fault_of(text: str, language: str, names: Collection[str]) -> str:
    """Why it would be refused, in the reader's language; "" where it would not. It may name these variables only."""
    known = ", ".join(f"{{{each}}}" for each in names)
    for name in braces.names_in(text):
        if name not in names:
            why = _("An SMS names nobody and no goods, so nothing stands for {%(unknown)s}. Known are %(known)s.")
            return why % {"unknown": name[:40], "known": known}
    with translation.override("zh-hans" if language == "zh" else "en"):
        values = {"order": _ORDER, "date": datewords.day(_DAY, _NOW)}
    said = " ".join(braces.fill(text, values).split())
    try:
        sms_rules.check_template(text)
        sms_rules.check(f"【{sign_name()}】{said}", values)
        sms_rules.check_way_out(said, language)
    except sms_rules.NotAllowed as rule:
        return _("The carrier would refuse this: %(why)s") % {"why": rule.told()}
    return ""
