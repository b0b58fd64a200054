"""Everyone concerned is told of each step, once, in their own language; nobody is told what is not theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage

from aftersales.kernel import clock
from aftersales.notices.models import Notice
from returns.actions.decision import approve_return, reject_return
from returns.actions.ending import withdraw_return
from returns.actions.info import ask_info
from returns.actions.objections import contest_rejection, settle_contest
from returns.actions.payment import release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.actions.shipping import enter_tracking
from returns.models import Return
from tests.world import a_person, a_return, a_shop, a_sku, an_order, customer, staff
from tickets.actions.conversation import note, receive_message, reply

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def told(person: object) -> list[str]:
    """Templates of the notices a person got about their return, in order, without their channels.

    Whether a visit after the delivery is due yet depends on the time of day: it comes at ten where the shop is.
    """
    notices = Notice.objects.filter(recipient_type="customers.person", recipient_id=person.pk)  # type: ignore[attr-defined]
    notices = notices.exclude(template="visit.invited")
    return list(dict.fromkeys(notices.order_by("id").values_list("template", flat=True)))


def desk_heard() -> set[str]:
    return set(Notice.objects.filter(recipient_type="accounts.user").values_list("template", flat=True))


def test_the_customer_is_told_of_every_step(drain: Drain) -> None:
    order = an_order(shop=a_shop(name="沙箱通知店", refund_provider="sandbox"))
    ret = a_return(order)
    drain()
    approve_return(ret.pk, actor=staff())
    enter_tracking(ret.pk, carrier="SF", number="SF1234567890123", actor=customer(order))
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    drain()
    inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
    release_refund(ret.refunds.get().pk, actor=staff())
    drain()
    assert told(order.person) == [
        "return.submitted", "return.approved", "return.received", "return.inspected", "refund.paid",
    ]  # fmt: skip
    assert Return.objects.get(pk=ret.pk).status == "closed"


def test_a_second_sweep_tells_nobody_again(drain: Drain) -> None:
    order = an_order()
    a_return(order)
    drain()
    before = Notice.objects.count()
    assert before
    drain()
    assert Notice.objects.count() == before


def test_a_refusal_says_why_and_the_objection_reaches_the_leads(drain: Drain) -> None:
    order = an_order()
    lead = staff("lead")
    ret = a_return(order)
    reject_return(ret.pk, reason="吊牌已剪", clause="办法第八条", actor=staff())
    contest_rejection(ret.pk, story="不是我剪的", actor=customer(order))
    settle_contest(ret.pk, upheld=True, answer="照片可见剪口", actor=lead)
    drain()
    assert told(order.person)[-2:] == ["return.rejected", "return.contest_settled"]
    refusal = Notice.objects.filter(template="return.rejected").first()
    assert refusal is not None
    assert "吊牌已剪" in refusal.params["reason"]
    assert desk_heard() == {"return.contested"}


@pytest.mark.parametrize(("upheld", "words"), [(True, "stay with our decision"), (False, "you were right")])
def test_the_answer_to_an_objection_says_what_was_decided(
    upheld: bool, words: str, drain: Drain, mailoutbox: list[EmailMessage]
) -> None:
    person = a_person("Ada", phone="+8613800000009", email="ada@example.org")
    person.locale = "en"
    person.save(update_fields=["locale"])
    order = an_order(person=person)
    ret = a_return(order)
    reject_return(ret.pk, reason="Tag cut off", clause="Measures 8", actor=staff())
    contest_rejection(ret.pk, story="It was cut in the shop", actor=customer(order))
    drain()
    assert "Tag cut off (Measures 8)" in str(mailoutbox[-1].body)  # no Chinese brackets in an English mail
    mailoutbox.clear()
    settle_contest(ret.pk, upheld=upheld, answer="The photo shows it", actor=staff("lead"))
    drain()
    assert words in str(next(mail for mail in mailoutbox if "objection" in str(mail.subject).lower()).body)


def test_a_partly_refused_inspection_says_how_many_and_why(drain: Drain, mailoutbox: list[EmailMessage]) -> None:
    person = a_person("Ada", phone="+8613800000009", email="ada@example.org")
    person.locale = "en"
    person.save(update_fields=["locale"])
    order = an_order(person=person)
    ret = a_return(order, quantity=2)
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 2}, key="k", actor=staff("warehouse"))
    drain()
    mailoutbox.clear()
    findings = [
        Finding(line.pk, 1, True, "intact", "restock", note="for colleagues"),
        Finding(line.pk, 1, False, "used", "send_back", note="Make-up on the collar"),
    ]
    inspect_goods(ret.pk, findings, clause="Measures 8", actor=staff("warehouse"))
    drain()
    body = str(next(mail for mail in mailoutbox if "checked" in str(mail.subject)).body)
    assert "Of the 2 items you sent back, 1 could not be accepted." in body
    assert "Make-up on the collar" in body
    assert "For what we accepted we refund ¥128.00" in body
    assert "for colleagues" not in body


def test_a_question_goes_out_pressing_and_the_reminder_names_the_step(drain: Drain) -> None:
    order = an_order()
    ret = a_return(order)
    ask_info(ret.pk, question="请补一张照片", actor=staff())
    drain()
    channels = Notice.objects.filter(template="return.info_requested").values_list("channel", flat=True)
    assert set(channels) == {"email", "sms"}
    import datetime as dt

    with clock.fixed(clock.now() + dt.timedelta(days=3, minutes=1)):
        drain()
    reminder = Notice.objects.filter(template="return.reminded").first()
    assert reminder is not None
    assert reminder.params["step"] == "info"


def test_internal_notes_reach_nobody(drain: Drain) -> None:
    order = an_order()
    ret = a_return(order)
    drain()
    before = Notice.objects.count()
    note(ret.ticket_id, text="客户很着急", actor=staff())
    drain()
    assert Notice.objects.count() == before


def test_a_reply_is_announced_without_its_words(drain: Drain, mailoutbox: list[EmailMessage]) -> None:
    order = an_order()
    ret = a_return(order)
    drain()
    mailoutbox.clear()
    reply(ret.ticket_id, text="您好，已为您加急处理。", actor=staff())
    drain()
    (mail,) = mailoutbox
    assert ret.ref in str(mail.body)
    assert "加急" not in str(mail.body) + str(mail.subject)


def test_a_message_reaches_whoever_has_the_ticket(drain: Drain) -> None:
    from tickets.actions.assignment import assign

    order = an_order()
    ret = a_return(order)
    agent = staff()
    assign(ret.ticket_id, user_id=agent.id, actor=agent)
    receive_message(ret.ticket_id, text="什么时候退款？", actor=customer(order))
    drain()
    assert desk_heard() == {"ticket.message_received"}


def test_an_english_reader_gets_english(drain: Drain, mailoutbox: list[EmailMessage]) -> None:
    person = a_person("Ada", phone="+8613800000009", email="ada@example.org")
    person.locale = "en"
    person.save(update_fields=["locale"])
    order = an_order(person=person, skus=[(a_sku(title="Shirt"), 1)])
    withdraw_return(a_return(order).pk, actor=customer(order))
    drain()
    mail = mailoutbox[-1]
    assert "withdr" in str(mail.body)
    assert str(mail.subject).isascii()


def test_a_customer_who_cannot_be_reached_stops_nothing(drain: Drain) -> None:
    order = an_order()
    order.person.contact_points.all().delete()
    ret = a_return(order)
    drain()
    approve_return(ret.pk, actor=staff())
    drain()
    assert Return.objects.get(pk=ret.pk).status == "awaiting_return"


def test_a_lost_payment_answer_reaches_the_leads(drain: Drain) -> None:
    staff("lead")
    order = an_order(shop=a_shop(name="拒付店", refund_provider="sandbox"), skus=[(a_sku(title="拒", price=12_891), 1)])
    ret = a_return(order)
    approve_return(ret.pk, actor=staff())
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 1}, key="k", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
    release_refund(ret.refunds.get().pk, actor=staff())
    drain()
    drain()
    assert "refund.failed" in desk_heard()
