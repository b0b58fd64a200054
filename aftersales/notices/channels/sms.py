"""Send an SMS through the gateway that is set, after holding the text to what providers let through."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.outbox import Permanent
from aftersales.notices import gateways, sms_rules
from aftersales.notices.actions.asking_again import ask_again
from aftersales.notices.channels.settling import settle
from aftersales.notices.kinds import KINDS
from aftersales.notices.quiet import may_leave_at


class SmsChannel:
    name = "sms"
    repeatable = False  # no Chinese provider drops a repeated message by our key; a code twice is a complaint

    def send(self, item: Outbound) -> str:
        ask_again(item)
        payload = item.payload
        try:
            sms_rules.check(payload["text"], payload["variables"])
            if item.topic in KINDS and KINDS[item.topic].marketing:
                sms_rules.check_way_out(payload["text"], payload["locale"])
        except sms_rules.NotAllowed as rule:
            raise Permanent(rule.sentence, **rule.params) from rule
        message = gateways.Sms(
            key=item.key,
            to=payload["to"],
            text=payload["text"],
            template=payload["template"],
            locale=payload["locale"],
            variables=payload["variables"],
            at=item.leaves_at or clock.now(),
            code=payload.get("provider_code", ""),
            order=tuple(payload.get("order", ())),
        )
        return gateways.current().send(message)

    def waits_until(self, item: Outbound, now: dt.datetime) -> dt.datetime:
        return may_leave_at(item, now)

    def settled(self, item: Outbound) -> None:
        settle(item, shown=not gateways.current().really_sends and item.status == Due.Status.DONE)
