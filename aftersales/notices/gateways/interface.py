"""What a carrier of SMS must be able to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_noop as _

from aftersales.ledger.outbox import Permanent


@dataclass(frozen=True, slots=True)
class Sms:
    """One message. `to` is E.164. Carriers with registered texts take `registered_code` and `variables`."""

    key: str
    to: str
    text: str
    template: str
    locale: str
    variables: dict[str, str]
    at: dt.datetime  # when it leaves, by the database's clock: a signature of a worker whose own is wrong is refused
    code: str = ""  # the carrier's number of this text where a manager's version names it
    order: tuple[str, ...] = ()  # its variables as they follow each other there


class Gateway(Protocol):
    really_sends: bool  # False: the message is only shown here, and the notice says so

    def send(self, message: Sms) -> str:
        """Hand over and return the carrier's number. Raises Temporary, Permanent or Unknown of `ledger.outbox`."""


def registered_code(message: Sms) -> str:
    """The number under which the carrier has registered this text. Raises `Permanent` where nobody has told it."""
    return _registered(message).partition(":")[0]


def registered_values(message: Sms) -> list[str]:
    """The values in the order of the registered text, for carriers that know only {1}, {2}, …

    Of a manager's version it is the order of the text; of the code's words SMS_TEMPLATE_CODES says it behind the number:
    `"1234567:ref,deadline"`, `"1234567:"` where there is none. Raises `Permanent`.
    """
    _code, told, names = _registered(message).partition(":")
    order = message.order or tuple(name.strip() for name in names.split(",") if name.strip())
    if not (message.code or told):
        raise Permanent(
            _("SMS_TEMPLATE_CODES does not say the order of the variables of %(template)s."), template=message.template
        )
    if missing := [name for name in order if name not in message.variables]:
        raise Permanent(
            _("%(template)s has no variable %(names)s."), template=message.template, names=", ".join(missing)
        )
    return [message.variables[name] for name in order]


def _registered(message: Sms) -> str:
    code = message.code or settings.SMS_TEMPLATE_CODES.get(f"{message.template}:{message.locale}", "")
    if not code:
        raise Permanent(
            _("SMS_TEMPLATE_CODES has no code for %(template)s in %(locale)s."),
            template=message.template,
            locale=message.locale,
        )
    return str(code)
