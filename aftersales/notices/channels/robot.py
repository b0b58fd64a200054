"""Say in a group chat what happened: one line to a robot of WeCom or DingTalk, which both take the same text message.

A robot drops no message that it has seen, so one whose answer was lost is possibly sent and never sent again by itself.
"""

from __future__ import annotations

import json

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
            raise Permanent("The robot was ended.")
        body = json.dumps({"msgtype": "text", "text": {"content": item.payload["text"]}}, ensure_ascii=False).encode()
        try:
            answer = outbound.post(webhook.url, body, {"Content-Type": "application/json"})
        except outbound.Refused as refusal:
            raise Permanent(f"The address is not called any more: {refusal}") from refusal
        except outbound.NotReached as absence:
            raise Temporary(str(absence)) from absence
        except outbound.Lost as loss:
            raise Unknown(str(loss)) from loss
        return _understood(answer)

    def settled(self, item: Outbound) -> None:
        """Nothing of ours follows; what was given up stands in the outbox for a person."""


def _understood(answer: outbound.Answer) -> str:
    """`errcode` 0 is taken, whatever the status says; the robot's own sentence may repeat the message, so only its code."""
    if answer.status == 429 or answer.status in (502, 503):
        raise Temporary(f"The robot answered {answer.status}.", retry_after=answer.retry_after)
    try:
        code = int(json.loads(answer.body)["errcode"])
    except (ValueError, KeyError, TypeError):
        raise Unknown(f"The robot answered {answer.status} in words we do not know.") from None
    if code == 0:
        return "0"
    if code in _BUSY:
        raise Temporary(f"The robot is busy ({code}).", retry_after=60)
    raise Permanent(f"The robot refused ({code}).")
