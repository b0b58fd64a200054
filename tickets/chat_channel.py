"""Send a reply to the chat tool it answers: a signed POST, repeated until it is taken, always under the same id."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.utils.translation import gettext_noop as _

from aftersales.files.leaving import read_to_send
from aftersales.files.models import Attachment
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import outbox
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.ledger.record import record
from aftersales.notices import outbound
from aftersales.notices.channels.webhook import sign, stamp_of
from tickets.models import ChatSource

_WITH_FILES = 20.0  # seconds for fifteen megabytes; the lease of a row (`Outbound.LEASE`) is three times as long


class ChatChannel:
    """Payload: source (primary key), body, files (references, read when it is sent).

    The receiver checks `X-Desk-Signature` as for webhooks and drops an id it knows.
    """

    name = "chat"
    repeatable = True

    def send(self, item: Outbound) -> str:
        source = ChatSource.objects.filter(pk=item.payload["source"], ended_at=None).first()
        if source is None or not source.reply_url or not source.secret:
            raise Permanent(_("The chat source was ended, or has no address or secret."))
        files, lost = read_to_send(item.payload.get("files", []))
        told = {**item.payload["body"], "files": [_told_of(*each) for each in files]}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        stamp = stamp_of(item)
        headers = {
            "Content-Type": "application/json",
            "X-Desk-Id": str(item.payload["body"]["id"]),
            "X-Desk-Signature": f"t={stamp},v1={sign(source.secret, stamp, body)}",
        }
        try:
            answer = outbound.post(source.reply_url, body, headers, seconds=_WITH_FILES if files else None)
        except outbound.Refused as refusal:
            raise Permanent(_("The address is not called: %(why)s"), why=refusal) from refusal
        except outbound.NotReached as absence:
            raise Temporary(_("The far side was not reached: %(failure)s"), failure=absence) from absence
        except outbound.Lost as loss:
            raise Unknown(_("The line broke before an answer came: %(failure)s"), failure=loss) from loss
        if 200 <= answer.status < 300:
            return f"{answer.status}{lost}"
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise Temporary(
                _("The chat tool answered %(status)s."), status=answer.status, retry_after=answer.retry_after
            )
        raise Permanent(_("The chat tool answered %(status)s."), status=answer.status)

    def settled(self, item: Outbound) -> None:
        """The row itself is what the ticket page reads. The words stand on the ticket: here they go once they are of no use.

        That it did not go out is an event: the ticket is not locked here, where the row is.
        """
        if item.status in (Due.Status.FAILED, Due.Status.QUARANTINED, Due.Status.EXPIRED):
            record("chat.not_taken", on=item, actor=SYSTEM, message=int(item.key.rpartition(":")[2]))
        if item.status in (Due.Status.DONE, Due.Status.FAILED, Due.Status.EXPIRED):
            outbox.forget_words(item)


def _told_of(file: Attachment, content: bytes) -> dict[str, Any]:
    """As the tool reads it."""
    return {
        "name": file.saved_as,
        "content_type": file.served_as,
        "size": file.size,
        "sha256": file.sha256,
        "content": base64.b64encode(content).decode(),
    }
