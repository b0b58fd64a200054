"""Decide a message when it is due: everything is asked again, with the person locked, and only then is it handed over."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import translation

from aftersales.kernel import datewords
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import timers
from aftersales.ledger.record import record
from aftersales.notices import braces, tell
from aftersales.notices.envelope import Envelope
from aftersales.notices.models import Notice
from aftersales.notices.quiet import after_quiet
from aftersales.notices.wording import OWN_SMS, OWN_SMS_CODE, sign_name
from customers.actions.care.planning import SEND, is_late
from customers.actions.consents_by_link import way_out
from customers.gather import obstacles
from customers.gather.kin import locked_kin
from customers.models import CareMessage, CarePlan, Person

State, Why = CareMessage.State, CareMessage.Why
AGAIN = dt.timedelta(days=1)  # after which one that has to wait is looked at again


@transaction.atomic
def send_care(message_id: int, *, at: dt.datetime) -> None:
    """Send it, let it wait, or end it with the reason. Decided ones stay as they are."""
    whose = CareMessage.objects.filter(pk=message_id).values_list("person_id", flat=True).first()
    # The locks let of two messages at the same instant, to whoever shares a contact point, the second count the first.
    person = next((each for each in locked_kin(whose) if each.pk == whose), None) if whose else None
    message = CareMessage.objects.select_related("plan", "order").filter(pk=message_id, state=State.PLANNED).first()
    if person is None or message is None:
        return
    if (ended := _ended(message, at)) is not None:
        _decide(message, *ended, at=at)
    elif (free := after_quiet(at)) > at:
        timers.set_timer(SEND, on=message, due_at=free, at=at)
    elif waits := _waits(message):
        CareMessage.objects.filter(pk=message.pk).update(why=waits)
        timers.set_timer(SEND, on=message, due_at=after_quiet(at + AGAIN), at=at)
    elif obstacles.capped([person.pk], at):
        _decide(message, State.STOPPED, Why.CAP, at=at)
    else:
        _send(message, person, at)


def _ended(message: CareMessage, at: dt.datetime) -> tuple[CareMessage.State, CareMessage.Why] | None:
    """Why it is never sent, if so."""
    people = [message.person_id]
    if not message.plan.active:
        return State.STOPPED, Why.PLAN
    if not obstacles.agreed(people, message.plan.purpose):
        return State.STOPPED, Why.CONSENT
    if not obstacles.chosen(people, message.plan):
        return State.STOPPED, Why.SEGMENT
    if obstacles.taken_back(message):
        return State.STOPPED, Why.REFERRAL
    if not obstacles.reachable(people, message.plan):
        return State.STOPPED, Why.UNREACHABLE
    if obstacles.overtaken(message):
        return State.STOPPED, Why.BOUGHT
    if is_late(message, at):
        return State.LATE, Why(message.why)
    return None


def _waits(message: CareMessage) -> CareMessage.Why | None:
    """Who complains is not wished a happy birthday; thanks for a settled case wait until none is open."""
    busy = obstacles.busy([message.person_id]).get(message.person_id)
    if busy == "complaint" or (busy and message.plan.occasion == CarePlan.Occasion.THANKS):
        return Why(busy)
    return None


def _decide(message: CareMessage, state: CareMessage.State, why: CareMessage.Why, *, at: dt.datetime) -> None:
    CareMessage.objects.filter(pk=message.pk).update(state=state, why=why, decided_at=at)
    data = {"plan": message.plan.name, "why": str(why.value or state.value)}
    record("care.stopped", on=message.person, actor=SYSTEM, at=at, **data)


def _send(message: CareMessage, person: Person, at: dt.datetime) -> None:
    plan, out, values = message.plan, way_out(person, message.plan.purpose), _values(message, person, at)
    subject, text = plan.words(person.locale, values)
    params = {"subject": subject, "text": text, "unsubscribe_url": out}
    if obstacles.by_sms([person.pk], plan):  # only then; an e-mail goes before it
        words, code = plan.sms(person.locale)
        named = {name: values[name] for name in braces.names_in(words) if name in ("date", "order")}
        params |= {OWN_SMS: words, OWN_SMS_CODE: code, **named}
    headers = {"List-Unsubscribe": f"<{out.address()}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    told = tell(person, "care.message", params, key=f"care:{plan.pk}:{message.key}", envelope=Envelope(headers=headers))
    if not told:
        _decide(message, State.STOPPED, Why.UNREACHABLE, at=at)
    elif told[0].state == Notice.State.CAPPED:
        _decide(message, State.STOPPED, Why.CAP, at=at)
    else:
        sent = {"state": State.SENT, "why": Why.NONE, "decided_at": at, "notice": told[0]}
        CareMessage.objects.filter(pk=message.pk).update(**sent)
        record("care.sent", on=person, actor=SYSTEM, at=at, plan=plan.name, key=message.key)


def _values(message: CareMessage, person: Person, at: dt.datetime) -> dict[str, str]:
    with translation.override(person.locale):
        date = datewords.day(message.day - dt.timedelta(days=message.plan.days), at)
    return {
        "name": person.name, "shop": sign_name(), "goods": message.goods,
        "order": message.order.number if message.order else "", "date": date,
    }  # fmt: skip
