"""Put a notice into words: from its template, in the reader's language, as e-mail, SMS or a line in the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from aftersales.kernel import datewords
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.money import Money
from aftersales.notices import braces
from aftersales.notices.kinds import KINDS
from aftersales.notices.opening import HIDDEN, Opens

__all__ = [
    "Mail",
    "TemplateDoesNotExist",
    "as_json",
    "line",
    "mail",
    "registered_text",
    "sign_name",
    "sms",
    "sms_key",
    "sms_variables",
]

# What a text message may name. Free texts and addresses of pages are not among them: providers refuse them.
SMS_VARIABLES = frozenset(
    {"ref", "deadline", "amount", "code", "minutes", "carrier", "number", "checked", "refused", "date", "order"}
)
# Parameters of a notice that brings the words of its SMS: with `{variables}`, and the carrier's number of that very text.
OWN_SMS, OWN_SMS_CODE = "sms", "sms_code"


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


def as_json(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they are kept with the notice: instants, money and what links open in a form that `_worded` reads back.

    What somebody named in both languages, `{"zh": …, "en": …}`, is kept with both: the reader's is chosen when it is shown.
    """
    return {name: _to_json(value) for name, value in params.items()}


class Words(Protocol):
    """What a manager wrote instead of the code's words, with `{variables}`."""

    subject: str
    text: str


def mail(
    key: str, params: dict[str, Any], locale: str, now: dt.datetime, *, words: Words | None = None, leaves: bool = False
) -> Mail:
    """Subject, plain text and the same as HTML; with `words` of a manager these in the same frame.

    Only words that leave to the customer (`leaves`) hold links that open something without an account.
    """
    values = _context(params, now, locale, leaves=leaves)
    with translation.override(locale):
        if words is not None:
            subject = braces.fill(words.subject, values).replace("\n", " ")
            text = _render("notices/words/mail.txt", {**values, "published": braces.fill(words.text, values)})
        else:
            subject = _render(f"email/{key}.subject.txt", values).replace("\n", " ")
            text = _render(f"email/{key}.txt", values)
        link = values.get("status_url") or values.get("unsubscribe_url") or ""
        return Mail(subject, text + "\n", _html(text, str(link), locale))


def subject(key: str, params: dict[str, Any], locale: str, now: dt.datetime) -> str:
    """What a notice is about in one line, in the code's words. Raises `TemplateDoesNotExist` for a kind that is no more."""
    with translation.override(locale):
        return " ".join(_render(f"email/{key}.subject.txt", _context(params, now, locale)).split())


def sms(key: str, params: dict[str, Any], locale: str, now: dt.datetime, *, words: Words | None = None) -> str:
    """The text as it will be read, with the shop's name in front as the providers put it there."""
    values = _context(params, now, locale, for_sms=True)
    with translation.override(locale):
        written = words.text if words is not None else params.get(OWN_SMS)
        body = braces.fill(written, values) if written else _render(f"sms/{sms_key(key, params)}.txt", values)
        return f"【{sign_name()}】" + " ".join(body.split())


def sms_key(key: str, params: dict[str, Any]) -> str:
    """Under which of the code's texts an SMS leaves, `params` as they are kept: `return.approved.nothing_back`."""
    return KINDS[key].sms_key(params) if key in KINDS else key


def registered_text(text_key: str, locale: str) -> str:
    """One of the code's SMS as a carrier registers it, with `{name}` where a value comes."""
    with translation.override(locale):
        return _render(f"sms/{text_key}.txt", {name: f"{{{name}}}" for name in SMS_VARIABLES})


def sms_variables(key: str, params: dict[str, Any], locale: str, now: dt.datetime) -> dict[str, str]:
    """The parameters as words, for providers that put a registered text together themselves."""
    words = _context(params, now, locale, for_sms=True)
    return {name: str(words[name]) for name in params if name in SMS_VARIABLES and words[name] is not None}


def line(key: str, params: dict[str, Any], locale: str, now: dt.datetime) -> str:
    """One line for the desk's inbox."""
    with translation.override(locale):
        return " ".join(_render(f"notices/{key}.txt", _context(params, now, locale)).split())


def sign_name() -> str:
    """The name registered with the SMS provider, else the shop's."""
    return settings.SMS_SIGN_NAME or settings.SHOP_NAME or "售后服务"


def _render(name: str, words: dict[str, Any]) -> str:
    """Plain text: nothing is escaped here; the HTML form escapes the whole."""
    template = get_template(name).template  # type: ignore[attr-defined]
    lines = template.render(Context(words, autoescape=False)).strip().splitlines()
    kept: list[str] = []
    for each in (one.rstrip() for one in lines):
        if each or (kept and kept[-1]):  # tags on lines of their own leave holes
            kept.append(each)
    return "\n".join(kept)


def _html(text: str, link: str, locale: str) -> SafeString:
    """The text in paragraphs, with our own link clickable and nothing else."""
    paragraphs = [paragraph.split("\n") for paragraph in text.split("\n\n")]
    body = format_html_join(
        "\n",
        "<p>{}</p>",
        ((format_html_join("<br>", "{}", ((_linked(one, link),) for one in lines)),) for lines in paragraphs),
    )
    page = '<!doctype html><html lang="{}"><meta charset="utf-8"><body>{}</body></html>'
    return format_html(page, "zh-Hans" if locale.startswith("zh") else "en", body)


def _linked(text: str, link: str) -> str:
    before, found, after = text.partition(link) if link else (text, "", "")
    return format_html('{}<a href="{}">{}</a>{}', before, link, link, after) if found else text


def _to_json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Opens):
        return {"opens": value.page, "of": value.of}
    if _is_name(value):
        return value
    return value if isinstance(value, str | int | bool | None) else str(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"zh", "en"}


def _context(
    params: dict[str, Any], now: dt.datetime, locale: str, *, for_sms: bool = False, leaves: bool = False
) -> dict[str, Any]:
    with translation.override(locale):
        words = {name: _worded(value, now, locale, for_sms) for name, value in params.items()}
    for name, value in params.items():
        if isinstance(value, dict) and set(value) == {"opens", "of"}:
            words[name] = Opens(value["opens"], value["of"]).address() if leaves else HIDDEN
    return {"shop_name": settings.SHOP_NAME or sign_name(), **words}


def _worded(value: Any, now: dt.datetime, locale: str, for_sms: bool) -> Any:
    """Instants as deadlines in the shop's zone (a day only in SMS), money as the channel may write it, names in `locale`."""
    if _is_name(value):
        return value["zh" if locale.startswith("zh") else "en"]
    if isinstance(value, dict) and set(value) == {"at"}:
        instant = parse_datetime(value["at"])
        assert instant is not None, value
        return _last_day(instant, now) if for_sms else datewords.deadline(instant, now)
    if isinstance(value, dict) and set(value) == {"minor", "currency"}:
        money = Money(value["minor"], value["currency"])
        if not for_sms:
            return str(money)
        # Providers refuse ¥ in SMS (returns.md 6.5).
        is_yuan = money.currency == "CNY" and locale.startswith("zh")
        return f"{money.plain()}元" if is_yuan else f"{money.currency} {money.plain()}"
    return value


def _last_day(instant: dt.datetime, now: dt.datetime) -> str:
    """The last whole day before a deadline: `11月27日 周五`. 24:00 of a day belongs to that day."""
    return datewords.day((instant - dt.timedelta(seconds=1)).astimezone(shop_zone()).date(), now)
