"""Django's SMTP back-end, which also knows whether a message was already being handed over when the line broke."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Tracking:
    """Notes that DATA began: from there on the far side may have the message although we heard no answer."""

    handing_over = False

    def data(self, message: Any) -> Any:
        self.handing_over = True
        return super().data(message)  # type: ignore[misc]


class _Plain(_Tracking, smtplib.SMTP):
    pass


class _Wrapped(_Tracking, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Settings as in Django: EMAIL_HOST, EMAIL_USE_SSL (better) or EMAIL_USE_TLS, which fails where it is refused."""

    @property
    def connection_class(self) -> Any:
        return _Wrapped if self.use_ssl else _Plain

    @property
    def was_handing_over(self) -> bool:
        return bool(getattr(self.connection, "handing_over", False))
