"""No carrier: the text is shown in the demo's mailbox or on the terminal, and the notice says “shown here, not sent”."""

from __future__ import annotations

import sys

from django.conf import settings
from django.utils.translation import gettext_noop as _

from aftersales.kernel import clock
from aftersales.ledger.outbox import Permanent
from aftersales.notices.gateways.interface import Sms
from aftersales.notices.models import Posted


class Console:
    really_sends = False

    def send(self, message: Sms) -> str:
        """In production it refuses: a code on a terminal there is a code in a log."""
        if settings.PRODUCTION:
            raise Permanent(_("No SMS gateway is set up (SMS_GATEWAY)."))
        if settings.MAILBOX:
            Posted.objects.create(kind="sms", to=message.to, text=message.text, message_id=message.key, at=clock.now())
            return "mailbox"
        sys.stdout.write(f"SMS to {message.to}, shown here and not sent: {message.text}\n")
        return "console"
