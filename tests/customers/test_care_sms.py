"""Messages of our own accord by SMS: the words a carrier lets through, only to who agreed to SMS, and none after a stop."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import translation

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.notices.models import Notice
from customers.actions.consents import give_consent, withdraw_consent
from customers.gather.outlook import outlook
from customers.models import CareMessage, CarePlan, Category, Consent, ContactPoint, Person
from tests.customers.test_care import Drain, a_plan, at, born, night, states
from tests.notices.http_double import Answer, HttpDouble
from tests.world import a_sku, an_order, staff

pytestmark = pytest.mark.django_db
ZH, EN = "祝您生日快乐，{date}到店有好茶。拒收请回复R", "Happy birthday; tea is ready on {date}. Reply R to stop"
CODES = {"sms_code_zh": "SMS_11", "sms_code_en": "SMS_12"}


@pytest.fixture(autouse=True)
def nothing_is_shown(settings: Any) -> None:
    settings.MAILBOX, settings.SMS_SIGN_NAME = False, "山野家居"


def by_phone(*, sms: bool = True, **who: Any) -> Person:
    """Somebody with a birthday on the 23rd whose e-mail address nobody knows."""
    person = born(**who)
    ContactPoint.objects.filter(person=person, kind="email").delete()
    if sms:
        with clock.fixed(at(1)):
            give_consent(person.pk, purpose="sms", proof="聊天：短信也行", actor=staff())
    return person


def morning(drain: Drain, day: int = 23) -> None:
    night(day, drain)
    with clock.fixed(at(day, 10)):
        drain()


@pytest.mark.parametrize(
    ("occasion", "typed", "refused"),
    [
        ("birthday", {}, {}),
        ("refill", {"sms_zh": "订单{order}的滤芯该换了。拒收请回复R"}, {}),
        ("birthday", {"sms_en": ""}, {"sms_en": "both languages"}),
        ("birthday", {"sms_zh": "{name}，生日快乐！拒收请回复R"}, {"sms_zh": "names nobody"}),
        ("birthday", {"sms_zh": "订单{order}。拒收请回复R"}, {"sms_zh": "{order}"}),
        ("birthday", {"sms_zh": "祝您生日快乐", "sms_en": "Happy birthday. Reply T to stop"},
         {"sms_zh": "拒收请回复R", "sms_en": "Reply R to stop"}),
        ("birthday", {"sms_zh": "生日立减¥20。拒收请回复R"}, {"sms_zh": "¥"}),
        ("birthday", {"sms_zh": "好评返现。拒收请回复R"}, {"sms_zh": "返现"}),
        ("birthday", {"sms_zh": "请看 https://shop.example/x 拒收请回复R"}, {"sms_zh": "Links"}),
        ("birthday", {"sms_zh": "快乐" * 70 + "拒收请回复R"}, {"sms_zh": "messages"}),
        ("birthday", {"sms_code_zh": " "}, {"sms_code_zh": "registered"}),
        ("silence", {}, {"sms_zh": "calls customers back", "sms_en": "calls customers back"}),
    ],
)  # fmt: skip
def test_what_a_carrier_would_refuse_is_said_at_the_field(
    occasion: str, typed: dict[str, str], refused: dict[str, str], settings: Any
) -> None:
    settings.SMS_GATEWAY = "aliyun"
    words = {"sms_zh": ZH, "sms_en": EN, **CODES, **typed}
    category = a_sku(category="filters").product.category if occasion == "refill" else None
    plan = CarePlan(
        name="x", occasion=occasion, category=category, days=0, subject_zh="a", text_zh="a", subject_en="a", text_en="a",
        **words,
    )  # fmt: skip
    if not refused:
        plan.full_clean()
        return
    with translation.override("en"):
        with pytest.raises(ValidationError) as told:
            plan.full_clean()
        found = told.value.message_dict
    assert set(found) == set(refused)
    assert all(part in found[field][0] for field, part in refused.items()), found


def test_it_goes_with_the_plans_number_and_values_to_who_has_no_mail_and_agreed_to_sms(
    drain: Drain, settings: Any
) -> None:
    mailed = born(phone="+8613800000002", email="two@example.org")
    with clock.fixed(at(1)):
        give_consent(mailed.pk, purpose="sms", proof="x", actor=staff())
    texted = by_phone()
    silent = by_phone(sms=False, phone="+8613800000003", email="three@example.org")
    plan = a_plan(sms_zh=ZH, sms_en=EN, **CODES)
    seen = outlook(plan, at(20))
    assert (seen.reached, seen.by_sms, seen.unreachable) == (2, 1, 1)
    with HttpDouble() as carrier:
        carrier.answers = [Answer(body=b'{"Code":"OK","BizId":"7^0"}')]
        settings.OUTBOUND_ALLOWED = [carrier.authority]
        settings.SMS_GATEWAY, settings.SMS_ENDPOINT = "aliyun", f"http://{carrier.authority}"
        settings.SMS_ACCESS_KEY_ID, settings.SMS_ACCESS_KEY_SECRET = "LTAI-test", "not-a-real-one"
        morning(drain)
        night(23, drain)
    (request,) = carrier.requests
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
    assert (query["PhoneNumbers"], query["TemplateCode"]) == ("13800000001", "SMS_11")
    assert json.loads(query["TemplateParam"]) == {"date": "11月23日 周一"}
    assert [sent.to for sent in mail.outbox] == [["two@example.org"]], "an e-mail goes before an SMS"
    decided = dict(CareMessage.objects.values_list("person", "state"))
    assert decided == {mailed.pk: "sent", texted.pk: "sent", silent.pk: "stopped"}
    notice = Notice.objects.get(channel="sms")
    assert (notice.state, notice.recipient_id) == ("sent", texted.pk)


def test_an_sms_keeps_out_of_the_night_counts_in_the_share_and_follows_the_language(
    drain: Drain, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CARE_MOST = 1
    person = by_phone()
    Person.objects.filter(pk=person.pk).update(locale="en")
    a_plan(sms_zh=ZH, sms_en=EN)
    a_plan(name="second", sms_zh=ZH, sms_en=EN)
    night(23, drain)
    with clock.fixed(at(23, 7)):
        drain()
    assert capsys.readouterr().out == ""
    with clock.fixed(at(23, 10)):
        drain()
    assert sorted(states()) == [("sent", ""), ("stopped", "cap")]
    shown = capsys.readouterr().out
    assert shown.count("\n") == 1
    assert shown.endswith("【山野家居】Happy birthday; tea is ready on Mon 23 Nov. Reply R to stop\n")


@pytest.mark.parametrize("when", ["planned", "queued"])
def test_who_takes_back_sms_alone_gets_none_and_keeps_the_rest(drain: Drain, when: str, settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_ENDPOINT = "aliyun", "http://127.0.0.1:9"  # refused: a message waits there
    settings.OUTBOUND_ALLOWED = ["127.0.0.1:9"]
    settings.SMS_ACCESS_KEY_ID, settings.SMS_ACCESS_KEY_SECRET = "LTAI-test", "not-a-real-one"
    person = by_phone()
    a_plan(sms_zh=ZH, sms_en=EN, **CODES)
    night(23, drain)
    with clock.fixed(at(23, 10)):
        if when == "queued":
            drain()
            assert Notice.objects.get().state == "pending"
        withdraw_consent(person.pk, purpose="sms", proof="来电", actor=staff())
        drain()
    assert states() == [("stopped", "consent" if when == "queued" else "unreachable")]
    assert not Outbound.objects.filter(status="pending").exists()
    assert list(Consent.objects.filter(withdrawn_at=None).values_list("purpose", flat=True)) == ["occasions"]


def test_words_without_the_way_out_never_leave_however_they_got_there(drain: Drain) -> None:
    by_phone()
    a_plan(sms_zh="祝您生日快乐", sms_en="Happy birthday")
    morning(drain)
    notice = Notice.objects.get()
    assert (notice.state, "拒收请回复R" in notice.error) == ("failed", True)


def test_a_refill_names_its_order(drain: Drain, capsys: pytest.CaptureFixture[str]) -> None:
    person = by_phone()
    with clock.fixed(at(22, 14)):
        order = an_order(days_ago=1, skus=[(a_sku(category="filters"), 1)], person=person)
        give_consent(person.pk, purpose="goods", proof="x", actor=staff())
        a_plan(
            "refill", days=2, category=Category.objects.get(code="filters"), sms_zh="订单{order}该换滤芯了。拒收请回复R",
            sms_en="New filters for {order}? Reply R to stop",
        )  # fmt: skip
    morning(drain)
    assert f"订单{order.number}该换滤芯了。拒收请回复R" in capsys.readouterr().out
