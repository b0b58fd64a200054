"""A believable value for every variable of every notice, and what the words of each may name. For previews and checks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from aftersales.kernel.money import Money
from aftersales.notices import braces
from aftersales.notices.kinds import KINDS, Kind
from aftersales.notices.wording import SMS_VARIABLES

# What the words of the code ask about; a text without logic cannot say both ways.
_SWITCHES = frozenset({"step", "refusal_stands", "payer", "checked", "refused"})
_MORE = {"return.approved": frozenset({"freight"})}
# What a notice is sent for: words without it would leave the reader with nothing.
_MUST = ("code", "text", "question", "reason")


def is_fixed(kind: Kind) -> bool:
    """Whether its words are the code's alone: they differ from case to case, or the law says what must stand in them."""
    return kind.staff or kind.marketing or bool(kind.needs & _SWITCHES)


def variables(kind: Kind, channel: str) -> list[str]:
    """What a manager's words may name, by name."""
    names = kind.needs | _MORE.get(kind.key, frozenset())
    if channel == "sms":
        return sorted(names & SMS_VARIABLES)
    return sorted(names - {"status_url", "order_number"} | {"shop_name"})


def required(kind: Kind, channel: str) -> list[str]:
    """What they must name."""
    return [name for name in _MUST if name in kind.needs and (channel == "email" or name in SMS_VARIABLES)]


def still_fit(kind: Kind, channel: str, *texts: str) -> bool:
    """Whether a manager's words name only what there is, and all they must: the code may have changed since."""
    named = {name for text in texts for name in braces.names_in(text)}
    return not is_fixed(kind) and named <= set(variables(kind, channel)) and named >= set(required(kind, channel))


def sample(key: str, locale: str, now: dt.datetime) -> dict[str, Any]:
    """Parameters of one notice as `tell` takes them, as long as they get."""
    with translation.override(locale):
        values: dict[str, Any] = {
            "ref": "R-7K2MQX94D",
            "order_number": "2846153870921345678",
            "status_url": "https://desk.shop.example/returns/R-7K2MQX94D/",
            "url": "/desk/returns/R-7K2MQX94D/",
            "deadline": now + dt.timedelta(days=7),
            "until": now + dt.timedelta(days=7),
            "question": _("Please add a photo of the sole."),
            "address": _("After-sales, 1 Example Road, Hangzhou"),
            "reason": _("The goods show clear traces of use."),
            "answer": _("We have looked at your photos again."),
            "why": _("One unit has traces of use."),
            "clause": "R-36",
            "freight": _("The shop pays the freight."),
            "amount": Money(1_234_56, "CNY"),
            "days": 3,
            "carrier": _("YTO Express"),
            "number": "YT8962646785389",
            "text": _("Your parcel leaves today."),
            "subject": _("Where is my parcel?"),
            "code": "042137",
            "minutes": 10,
            "who": _("Chen Jing"),
            "stars": 1,
            "people": 12,
            "most": 100,
            "title": _("Where is my parcel?"),
            "metric": "first_response",
            "deed": "notify",
            "step": "ship",
            "payer": "shop",
            "refusal_stands": True,
            "checked": 3,
            "to": "platform",
            "refused": 1,
            "goods": _("Kettle, 1.7 litres"),
            "unsubscribe_url": "https://desk.shop.example/leaving/",
        }
    kind = KINDS[key]
    wanted = kind.needs | _MORE.get(key, frozenset())
    return {name: values.get(name, "…") for name in wanted}
