"""Tell another program what happened: a signed POST, repeated until it is taken, always under the same id.

The receiver checks `X-Desk-Signature: t=<unix seconds>,v1=<hex>`, an HMAC-SHA256 with its secret over
`<t>.<raw body>`, refuses a `t` more than five minutes off, and drops an `X-Desk-Id` it has seen (docs/notices.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.conf import settings
from django.utils.translation import gettext_noop as _

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.notices import outbound
from aftersales.notices.models import Webhook


class WebhookChannel:
    name = "webhook"
    repeatable = True  # the receiver drops an id it has seen

    def send(self, item: Outbound) -> str:
        webhook = Webhook.objects.filter(pk=item.subject_id, ended_at=None).first()
        if webhook is None:
            raise Permanent(_("The webhook was ended."))
        body = json.dumps(item.payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        stamp = stamp_of(item)
        headers = {
            "Content-Type": "application/json",
            "X-Desk-Id": str(item.payload["id"]),
            "X-Desk-Event": item.payload["event"],
            "X-Desk-Signature": f"t={stamp},v1={sign(secret_of(webhook), stamp, body)}",
        }
        try:
            answer = outbound.post(webhook.url, body, headers)
        except outbound.Refused as refusal:
            raise Permanent(_("The address is not called any more: %(why)s"), why=refusal) from refusal
        except outbound.NotReached as absence:
            raise Temporary(_("The far side was not reached: %(failure)s"), failure=absence) from absence
        except outbound.Lost as loss:
            raise Unknown(_("The line broke before an answer came: %(failure)s"), failure=loss) from loss
        if 200 <= answer.status < 300:
            return str(answer.status)
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise Temporary(
                _("The receiver answered %(status)s."), status=answer.status, retry_after=answer.retry_after
            )
        raise Permanent(
            _("The receiver answered %(status)s."), status=answer.status
        )  # redirects too: they are not followed

    def settled(self, item: Outbound) -> None:
        """Nothing of ours follows; what was given up stands in the outbox for a person."""


def secret_of(webhook: Webhook) -> str:
    """The secret shared with the receiver. It follows from LINK_KEY, so no table and no backup holds it."""
    return hmac.new(settings.LINK_KEY.encode(), f"webhook:{webhook.ref}".encode(), hashlib.sha256).hexdigest()


def stamp_of(item: Outbound) -> str:
    """When it leaves, in Unix seconds, by the database's clock: the receiver refuses what a wrong clock of a worker signs."""
    return str(int((item.leaves_at or clock.now()).timestamp()))


def sign(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over `stamp.body`."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
