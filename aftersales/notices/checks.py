"""System checks: a shop with real customers must neither show their mail nor pretend to send SMS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from aftersales.notices.kinds import KINDS


@register(Tags.security)
def notices_reach_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The mailbox page is for one machine; in production an SMS needs somebody to carry it."""
    found: list[CheckMessage] = []
    if settings.PRODUCTION and settings.MAILBOX:
        found.append(Error("MAILBOX shows every mail to whoever asks.", hint="Unset it.", id="desk.E020"))
    if settings.PRODUCTION and settings.SMS_GATEWAY == "console":
        hint = "Set SMS_GATEWAY, SMS_ACCESS_KEY_ID, SMS_ACCESS_KEY_SECRET, SMS_SIGN_NAME and SMS_TEMPLATE_CODES."
        found.append(
            checks.Warning(
                "No SMS is sent: customers without e-mail will not hear from you.", hint=hint, id="desk.W020"
            )
        )
    if settings.SMS_GATEWAY != "console" and not (settings.SMS_ACCESS_KEY_ID and settings.SMS_ACCESS_KEY_SECRET):
        found.append(Error(f"SMS_GATEWAY is {settings.SMS_GATEWAY}, and its key is not set.", id="desk.E021"))
    if settings.SMS_GATEWAY == "tencent" and not settings.SMS_SDK_APP_ID:
        found.append(Error("SMS_GATEWAY is tencent, and SMS_SDK_APP_ID is not set.", id="desk.E022"))
    if settings.SMS_GATEWAY != "console" and (missing := _without_a_number()):
        found.append(
            checks.Warning(
                f"SMS_TEMPLATE_CODES has no number for {', '.join(missing)}: none of these is sent by SMS.",
                hint="Register the texts at the carrier (docs/notices.md) and add them, or publish words with a number each.",
                id="desk.W021",
            )
        )
    return found


def _without_a_number() -> list[str]:
    """Every text and language the carrier cannot be asked to send."""
    wanted = [f"{key}:{locale}" for kind in KINDS.values() for key in kind.sms_keys for locale, _ in settings.LANGUAGES]
    return [each for each in wanted if not settings.SMS_TEMPLATE_CODES.get(each)]
