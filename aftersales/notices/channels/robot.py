"""Say in a group chat what happened: one line to a robot of WeCom or DingTalk, which both take the same text message.

A robot drops no message that it has seen, so one whose answer was lost is possibly sent and never sent again by itself.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext_noop as _

from aftersales.ledger.models import Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from aftersales.notices import outbound
from aftersales.notices.models import Webhook

_BUSY = (-1, 45009, 130101)  # busy; WeCom's and DingTalk's limits of messages a minute


class RobotChannel:
    name = "robot"
    repeatable = False

    def send(self, item: Outbound) -> str:
        webhook = Webhook.objects.filter(pk=item.subject_id, ended_at=None).first()
        if webhook is None:
            raise Permanent(_("The robot was ended."))
        body = json.dumps({"msgtype": "text", "text": {"content": item.payload["text"]}}, ensure_ascii=False).encode()
        try:
            answer = outbound.post(webhook.url, body, {"Content-Type": "application/json"})
        except outbound.Refused as refusal:
            raise Permanent(_("The address is not called any more: %(why)s"), why=refusal) from refusal
        except outbound.NotReached as absence:
            raise Temporary(_("The far side was not reached: %(failure)s"), failure=absence) from absence
        except outbound.Lost as loss:
            raise Unknown(_("The line broke before an answer came: %(failure)s"), failure=loss) from loss
        return _understood(answer)

    def settled(self, item: Outbound) -> None:
        """Nothing of ours follows; what was given up stands in the outbox for a person."""


def _understood(answer: outbound.Answer) -> str:
    """`errcode` 0 is taken, whatever the status says; the robot's own sentence may repeat the message, so only its code."""
    if answer.status == 429 or answer.status in (502, 503):
        raise Temporary(_("The robot answered %(status)s."), status=answer.status, retry_after=answer.retry_after)
    try:
        code = int(json.loads(answer.body)["errcode"])
    except (ValueError, KeyError, TypeError):
        raise Unknown(_("The robot answered %(status)s in words we do not know."), status=answer.status) from None
    if code == 0:
        return "0"
    if code in _BUSY:
        raise Temporary(_("The robot is busy (%(code)s)."), code=code, retry_after=60)
    raise Permanent(_("The robot refused (%(code)s)."), code=code)
