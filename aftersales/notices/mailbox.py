"""The demo's mail server: keeps every message for the mailbox page and sends nothing. On where `settings.MAILBOX` is."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from aftersales.kernel import clock
from aftersales.notices.models import Posted


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message once for each recipient."""
        now = clock.now()
        posted = [
            Posted(
                kind="email",
                to=address,
                subject=str(message.subject)[:300],
                text=str(message.body),
                message_id=message.extra_headers.get("Message-ID", "")[:120],
                at=now,
            )
            for message in email_messages
            for address in message.recipients()
        ]
        return len(Posted.objects.bulk_create(posted))
