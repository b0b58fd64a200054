"""A manager's words: drafted, looked at, sent to oneself, published, taken back; what could not be sent is refused at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound, NotPermitted
from aftersales.ledger.models import Event, Outbound
from aftersales.notices import braces, samples, sms_rules
from aftersales.notices.actions.codes import send_code
from aftersales.notices.actions.telling import tell
from aftersales.notices.actions.templates import LOCALES, publish_draft, restore, save_draft, send_test
from aftersales.notices.kinds import KINDS
from aftersales.notices.models import Notice, TemplateVersion
from tests.notices.conftest import MAIL, PHONE
from tests.world import a_person, staff

pytestmark = pytest.mark.django_db
KIND, MAILS, SMS = "return.received", ("return.received", "email", "zh-hans"), ("return.received", "sms", "zh-hans")
TEXT = "您寄回的包裹已到仓，单号 {ref}。\n最迟 {deadline} 给您结果。"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def manager(db: None) -> Actor:
    return staff("manager")


def drafted(manager: Actor, text: str = TEXT, subject: str = "收到您的包裹 {ref}") -> TemplateVersion:
    return save_draft(*MAILS, text=text, subject=subject, actor=manager)


def told(ada: Callable[..., Any], key: str = "k") -> Notice:
    params = {
        "ref": "R-7K2MQX94D",
        "order_number": "42",
        "status_url": "https://desk.shop.test/r/",
        "deadline": clock.now(),
    }
    return tell(ada(MAIL), KIND, params, key=key)[0]


@pytest.mark.parametrize("outdated", ["收到 {ref}，{courier} 送来。", "收到 {ref}，验证码 {code}。"])
def test_words_that_name_what_the_code_knows_no_more_give_way_to_the_codes(
    ada: Any, manager: Actor, outdated: str
) -> None:
    drafted(manager)
    version = publish_draft(*MAILS, actor=manager)
    TemplateVersion.objects.filter(pk=version.pk).update(text=outdated)  # as a release would leave it
    notice = told(ada)
    text = Outbound.objects.get(notice=notice).payload["text"]
    assert "{" not in text
    assert "订单号：42" in text
    assert notice.version == 0


def test_words_that_lack_what_the_notice_is_sent_for_give_way_too(ada: Any, manager: Actor) -> None:
    where = ("return.info_requested", "email", "zh-hans")
    version = save_draft(*where, text="请看：{question}，最迟 {deadline}。", subject="请补充", actor=manager)
    publish_draft(*where, actor=manager)
    TemplateVersion.objects.filter(pk=version.pk).update(text="请补充材料。")
    params = {"ref": "R-1", "order_number": "4", "status_url": "x", "deadline": clock.now(), "question": "鞋底照片？"}
    (notice,) = tell(ada(MAIL), where[0], params, key="k")
    assert "鞋底照片？" in Outbound.objects.get(notice=notice).payload["text"]


def test_a_code_never_leaves_in_words_without_it(manager: Actor) -> None:
    where = ("proof.code", "sms", "zh-hans")
    version = save_draft(*where, text="验证码 {code}，{minutes} 分钟内有效", actor=manager)
    publish_draft(*where, actor=manager)
    TemplateVersion.objects.filter(pk=version.pk).update(text="验证码 {number}")  # as a release would leave it
    contact = a_person().contact_points.filter(kind="phone").get()
    notice = send_code(contact, "731946", "zh-hans")
    assert "731946" in Outbound.objects.get(notice=notice).payload["text"]
    assert notice.version == 0


def test_published_words_are_told_in_the_frame_of_every_mail(ada: Any, manager: Actor) -> None:
    drafted(manager)
    assert told(ada, "before").version == 0, "a draft does not hold"
    version = publish_draft(*MAILS, actor=manager)
    notice = told(ada)
    assert (version.number, notice.version) == (1, 1)
    payload = Outbound.objects.get(notice=notice).payload
    assert payload["subject"] == "收到您的包裹 R-7K2MQX94D"
    assert "您寄回的包裹已到仓，单号 R-7K2MQX94D。" in payload["text"]
    assert "https://desk.shop.test/r/" in payload["text"]
    assert "{" not in payload["text"]


def test_saving_twice_is_once_and_publishing_needs_a_draft(manager: Actor) -> None:
    assert drafted(manager) == drafted(manager)
    publish_draft(*MAILS, actor=manager)
    with pytest.raises(Conflict):
        publish_draft(*MAILS, actor=manager)
    assert list(Event.objects.filter(name__startswith="template.").values_list("name", flat=True).order_by("id")) == [
        "template.saved",
        "template.published",
    ]


def test_the_way_back_is_a_new_version_and_old_ones_stay(ada: Any, manager: Actor) -> None:
    drafted(manager)
    publish_draft(*MAILS, actor=manager)
    drafted(manager, "新的写法，单号 {ref}。")
    publish_draft(*MAILS, actor=manager)
    assert restore(*MAILS, 1, actor=manager).text == TEXT  # type: ignore[union-attr]
    restore(*MAILS, 1, actor=manager)
    assert told(ada).version == 3
    restore(*MAILS, 0, actor=manager)
    restore(*MAILS, 0, actor=manager)
    assert told(ada, "again").version == 0
    assert TemplateVersion.objects.count() == 4
    with pytest.raises(NotFound):
        restore(*MAILS, 9, actor=manager)


@pytest.mark.parametrize(
    ("text", "subject", "field", "said"),
    [
        ("给 {customer} 的通知", "通知", "text", "{customer}"),
        ("通知", "给 {custmer} 的", "subject", "{custmer}"),
        ("", "通知", "text", "write something"),
        ("好的", "", "subject", "1 to 60"),
        ("好的", "长" * 61, "subject", "this has 61"),
        ("长" * 2001, "通知", "text", "2001"),
    ],
)
def test_a_mail_that_could_not_be_sent_is_refused_at_its_field(
    manager: Actor, text: str, subject: str, field: str, said: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        save_draft(*MAILS, text=text, subject=subject, actor=manager)
    assert refusal.value.field == field
    assert said in str(refusal.value)
    assert TemplateVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("您的包裹 {ref}{deadline}", "may not touch"),
        ("{ref}，{deadline}。", "variables only"),
        ("包裹 {ref} 已收到，退款 ¥99", "99.00元"),
        ("包裹 {ref} 已收到，好评返现", "返现"),
        ("包裹 {ref} 已收到，详见 www.shop.cn", "Links"),
        ("包裹 {ref} 已收到，电话13800138000", "mobile number"),
        ("包裹 {ref} 已收到，" + "长" * 140, "are the most"),
        ("【店】包裹 {ref} 已收到", "one signature"),
        ("包裹 {status_url}", "no variable {status_url}"),
    ],
)
def test_an_sms_that_the_carrier_would_refuse_is_refused_at_once(manager: Actor, text: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        save_draft(*SMS, text=text, actor=manager)
    assert said in str(refusal.value)


def test_what_a_notice_is_sent_for_cannot_be_left_out(manager: Actor) -> None:
    with pytest.raises(BadInput, match="code"):
        save_draft("proof.code", "sms", "zh-hans", text="验证码有效 {minutes} 分钟", actor=manager)
    assert save_draft("proof.code", "sms", "zh-hans", text="验证码 {code}，{minutes} 分钟内有效", actor=manager).pk


def test_words_that_differ_from_case_to_case_stay_the_codes(manager: Actor) -> None:
    for kind in ("return.reminded", "handback.sent", "ticket.assigned", "no.such"):
        with pytest.raises(NotFound):
            save_draft(kind, "email", "zh-hans", text="好", subject="好", actor=manager)


def test_a_carrier_that_really_sends_needs_its_number(manager: Actor, settings: Any) -> None:
    save_draft(*SMS, text="包裹 {ref} 已收到，{deadline} 前给您结果", actor=manager)
    settings.SMS_GATEWAY = "aliyun"
    with pytest.raises(BadInput) as refusal:
        publish_draft(*SMS, actor=manager)
    assert refusal.value.field == "provider_code"
    assert publish_draft(*SMS, actor=manager, provider_code=" SMS_9 ").provider_code == "SMS_9"


def test_a_published_sms_carries_its_number_to_the_carrier(ada: Any, manager: Actor) -> None:
    save_draft(*SMS, text="包裹 {ref} 已收到，{deadline} 前给您结果", actor=manager)
    publish_draft(*SMS, actor=manager, provider_code="SMS_9")
    params = {"ref": "R-7K2MQX94D", "order_number": "42", "status_url": "", "deadline": clock.now()}
    (notice,) = tell(ada(PHONE), KIND, params, key="k")
    payload = Outbound.objects.get(notice=notice).payload
    assert payload["provider_code"] == "SMS_9"
    assert payload["text"].endswith("前给您结果")


def test_a_test_goes_to_oneself_once_for_each_saving(manager: Actor, drain: Callable[[], int], mailoutbox: Any) -> None:
    drafted(manager)
    first = send_test(*MAILS, actor=manager)
    assert send_test(*MAILS, actor=manager) == first
    drain()
    (mail,) = mailoutbox
    assert mail.to == ["manager@shop.example"]
    assert mail.subject == "收到您的包裹 R-7K2MQX94D"
    first.refresh_from_db()
    assert first.state == "sent"
    drafted(manager, TEXT + "\n谢谢。")
    assert send_test(*MAILS, actor=manager) != first


def test_only_a_manager_writes_and_a_lead_reads(manager: Actor) -> None:
    with pytest.raises(NotPermitted):
        save_draft(*MAILS, text=TEXT, subject="x", actor=staff("lead"))
    with pytest.raises(NotPermitted):
        publish_draft(*MAILS, actor=staff("agent"))


def test_a_line_without_its_value_is_left_out() -> None:
    assert braces.fill("一 {a}\n二 {b}\n三 {c}", {"a": 1, "b": "", "c": None}) == "一 1"
    assert braces.fill("{x} stays", {}) == "{x} stays"


def test_there_is_a_sample_for_every_variable() -> None:
    for key in KINDS:
        for locale in LOCALES:
            assert "…" not in samples.sample(key, locale, clock.now()).values(), key


def test_rules_of_templates_are_told() -> None:
    with pytest.raises(sms_rules.NotAllowed, match="most"):
        sms_rules.check_template("字".join(f"{{v{number}}}" for number in range(21)))


@pytest.fixture
def office() -> Callable[[str], Client]:
    def of(role: str) -> Client:
        from aftersales.accounts.models import User

        client = Client(headers={"accept-language": "en"})
        client.force_login(
            User.objects.get(pk=staff(role).id or 0), backend="aftersales.accounts.backend.AccountBackend"
        )
        return client

    return of


def test_the_office_shows_every_text_and_leads_a_draft_to_its_publication(office: Callable[[str], Client]) -> None:
    client = office("manager")
    page = client.get("/office/templates/").content.decode()
    assert all(key in page for key in KINDS)
    where = "/office/templates/return.received/email/zh-hans/"
    wrong = client.post(where, {"save": "1", "subject": "通知", "text": "给 {custmer}"})
    assert wrong.status_code == 400
    assert "There is no variable {custmer}" in wrong.content.decode()
    client.post(where, {"save": "1", "subject": "收到 {ref}", "text": TEXT})
    assert "The draft, with sample values" in client.get(where).content.decode()
    client.post(where, {"publish": "1"})
    assert "What holds: version 1" in client.get(where).content.decode()
    client.post(where, {"restore": "0"})
    assert "What holds: version 0" in client.get(where).content.decode()


def test_who_may_not_change_sees_no_form(office: Callable[[str], Client]) -> None:
    where = "/office/templates/return.received/sms/en/"
    page = office("lead").get(where).content.decode()
    assert "What holds" in page
    assert "<textarea" not in page
    assert office("lead").post(where, {"save": "1", "text": "x"}).status_code == 403
    assert office("manager").get("/office/templates/no.such/sms/en/").status_code == 404
    assert "code’s" in office("manager").get("/office/templates/return.reminded/sms/en/").content.decode()
