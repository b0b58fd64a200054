"""Nothing more goes out for a purpose: what is planned is stopped, and what waits in the outbox is taken back."""

from __future__ import annotations

import datetime as dt

from aftersales.ledger import timers
from aftersales.notices.actions.taking_back import take_back
from aftersales.notices.models import Notice
from customers.actions.care.planning import SEND
from customers.models import CareMessage, CarePlan, Person, Purpose


def stop_care(person: Person, purpose: Purpose, *, at: dt.datetime) -> int:
    """In the transaction of the withdrawal, with the person locked. Returns how many messages were stopped.

    One that is leaving at this very instant cannot be taken back; it stays as sent. Where the purpose is SMS, what leaves
    by SMS is taken back; what is planned may go by e-mail, and is asked about when it is due.
    """
    occasions = [occasion for occasion, needs in CarePlan.PURPOSES.items() if needs == purpose]
    of_person = CareMessage.objects.filter(person=person)
    planned = list(of_person.filter(plan__occasion__in=occasions, state=CareMessage.State.PLANNED))
    for message in planned:
        timers.cancel(SEND, on=message)
    leaving = (
        of_person.filter(notice__channel=Notice.Channel.SMS)
        if purpose == Purpose.SMS
        else of_person.filter(plan__occasion__in=occasions)
    )
    waiting = leaving.filter(state=CareMessage.State.SENT, notice__state="pending").select_related("notice")
    back = [message for message in waiting if message.notice is not None and take_back(message.notice, at=at)]
    stopped = [message.pk for message in (*planned, *back)]
    return CareMessage.objects.filter(pk__in=stopped).update(
        state=CareMessage.State.STOPPED, why=CareMessage.Why.CONSENT, decided_at=at
    )
