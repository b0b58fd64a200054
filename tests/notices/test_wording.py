"""Every notice in both languages: whole, plain, and for SMS what the providers let through."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from aftersales.kernel.money import Money
from aftersales.notices import braces, sms_rules, wording
from aftersales.notices.kinds import KINDS, Kind

pytestmark = pytest.mark.smoke

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
# 24:00 of 27 November in Shanghai.
DEADLINE = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)
LONG = {
    "ref": "R-7K2MQX94D",
    "order_number": "4210987654321098765",
    "status_url": "https://desk.shop.test/returns/R-7K2MQX94D/",
    "url": "/desk/returns/R-7K2MQX94D/",
    "deadline": DEADLINE,
    "question": "请补拍鞋底 <照片> & 发票",
    "address": "王老五 0571-85000000\n浙江省杭州市西湖区文三路 1 号 3 楼",
    "reason": "已超过七天，且吊牌缺失。",
    "answer": "We found the tag on your second photo.",
    "amount": Money(123456, "CNY"),
    "days": 3,
    "carrier": "圆通速递",
    "number": "YT1234567890123456",
    "people": 120,
    "stars": 1,
    "step": "ship",
    "refusal_stands": True,
    "checked": 12,
    "refused": 10,
    "why": "ACCOUNT_CLOSED",
    "most": 500,
    "code": "042137",
    "minutes": 10,
    "freight": "运费由商家承担。",
    "clause": "《网络购买商品七日无理由退货办法》第八条",
    "payer": "buyer",
    "until": DEADLINE,
    "who": "陈组长",
    "text": "您好，<b>今天</b>寄出。\n单号稍后发您。",
    "subject": "退款 & 换货",
    "unsubscribe_url": "https://desk.shop.test/messages/P-7K2MQX94D:news:x/",
    "title": "锅盖什么时候寄？",
    "metric": "first_response",
    "deed": "reassign",
    "goods": "恒温电水壶 <1.7 升>",
    "to": "platform",
}
LOCALES = ("zh-hans", "en")
CUSTOMER = [kind for kind in KINDS.values() if not kind.staff]
STAFF = [kind for kind in KINDS.values() if kind.staff]
SMS = [key for kind in KINDS.values() for key in kind.sms_keys]


def variants(kind: Kind) -> list[dict[str, Any]]:
    """The same notice with what may be left empty, so that each branch of its template and each of its SMS is seen."""
    whole = {name: LONG[name] for name in kind.needs | ({"freight"} if kind.key == "return.approved" else set())}
    other: dict[str, dict[str, Any]] = {
        "return.approved": {"address": ""},
        "return.inspected": {"amount": None, "refused": 0, "why": "", "clause": "", "until": None},
        "return.reminded": {"step": "info"},
        "handback.sent": {"payer": "shop"},
        "return.contest_settled": {"refusal_stands": False},
        "clock.warned": {"metric": "answer"},
        "clock.missed": {"metric": "next_response"},
        "clock.escalated": {"metric": "resolution", "deed": "tell_manager"},
        "complaint.escalated": {"to": "lead"},
    }
    more: list[dict[str, Any]] = [{"amount": None}, {"refused": 0}] if kind.key == "return.inspected" else []
    return [wording.as_json({**whole, **each}) for each in ({}, other.get(kind.key, {}), *more)]


@pytest.fixture(autouse=True)
def shop(settings: Any) -> None:
    settings.SHOP_NAME = "山海户外旗舰店"


def in_right_language(text: str, locale: str, params: dict[str, Any]) -> bool:
    """Chinese sentences in a Chinese message; in an English one no Chinese but the shop's own words."""
    for value in (*params.values(), "山海户外旗舰店", "圆通速递"):
        if isinstance(value, str):
            text = text.replace(value, "").replace(" ".join(value.split()), "")  # lines stand in one where one is shown
    chinese = bool(re.search(r"[\u4e00-\u9fff]", text))
    return chinese if locale == "zh-hans" else not chinese


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", CUSTOMER, ids=lambda kind: kind.key)
def test_every_mail_is_whole_in_both_languages(kind: Kind, locale: str) -> None:
    for params in variants(kind):
        mail = wording.mail(kind.key, params, locale, NOW)
        assert 0 < len(mail.subject) <= 60
        assert "\n" not in mail.subject
        for text in (mail.text,) if kind.marketing else (mail.subject, mail.text):  # the plan's own subject
            assert in_right_language(text, locale, params), text
            assert not re.search(r"%\(|\{[{%]|None|\bat:|&(amp|lt|#)", text), text
        assert "\n\n\n" not in mail.text
        for name in ("question", "reason", "address", "status_url", "order_number"):
            if params.get(name):
                assert params[name] in mail.text
        if kind.needs & {"status_url", "unsubscribe_url"}:
            link = LONG["unsubscribe_url" if kind.marketing else "status_url"]
            assert f'<a href="{link}">' in mail.html
        if locale == "zh-hans":
            mixed = re.search(r"[\u4e00-\u9fff] ?[,;?!]|[,;?!] ?[\u4e00-\u9fff]", mail.text)
            assert not mixed, f"half-width punctuation: {mail.text}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", [each for each in CUSTOMER if each.sms_keys], ids=lambda kind: kind.key)
def test_every_sms_is_let_through(kind: Kind, locale: str) -> None:
    for params in variants(kind):
        text = wording.sms(kind.key, params, locale, NOW)
        sms_rules.check(text, wording.sms_variables(kind.key, params, locale, NOW))
        assert sms_rules.parts(text) <= (1 if locale == "zh-hans" else 2), f"{len(text)}: {text}"
        assert text.startswith("【山海户外旗舰店】")
        assert in_right_language(text, locale, params), text


@pytest.mark.parametrize("kind", [each for each in CUSTOMER if each.variants], ids=lambda kind: kind.key)
def test_each_text_of_an_sms_is_one_that_some_case_gets(kind: Kind) -> None:
    assert {wording.sms_key(kind.key, params) for params in variants(kind)} == set(kind.sms_keys)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", SMS)
def test_every_sms_can_be_registered_at_a_carrier(key: str, locale: str) -> None:
    """One number is one text: nothing in it depends on the case, and its variables stand as carriers want them."""
    source = (Path(django_settings.BASE_DIR) / "templates" / "sms" / f"{key}.txt").read_text()
    assert set(re.findall(r"{%\s*(\w+)", source)) == {"load", "blocktranslate", "endblocktranslate"}
    text = wording.registered_text(key, locale)
    sms_rules.check_template(text)
    assert set(braces.names_in(text)) == set(re.findall(r"{{\s*(\w+)\s*}}", source)) <= wording.SMS_VARIABLES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", STAFF, ids=lambda kind: kind.key)
def test_every_line_for_staff_names_its_case(kind: Kind, locale: str) -> None:
    params = wording.as_json({name: LONG[name] for name in kind.needs})
    text = wording.line(kind.key, params, locale, NOW)
    assert "R-7K2MQX94D" in text
    assert in_right_language(text, locale, params), text


def test_the_folders_hold_these_kinds_and_no_others() -> None:
    folder = Path(django_settings.BASE_DIR) / "templates"
    customer, staff = {kind.key for kind in CUSTOMER}, {kind.key for kind in STAFF}
    mails = {path.name.removesuffix(".txt") for path in (folder / "email").glob("*.txt")} - {"frame"}
    assert mails == customer | {f"{key}.subject" for key in customer}
    assert {path.stem for path in (folder / "sms").glob("*.txt")} == set(SMS)
    assert {path.stem for path in (folder / "notices").glob("*.txt")} == staff


def test_deadlines_and_money_are_said_as_people_say_them() -> None:
    params = wording.as_json({name: LONG[name] for name in KINDS["return.approved"].needs})
    assert "11月27日 周五 24:00" in wording.mail("return.approved", params, "zh-hans", NOW).text
    assert "before Fri 27 Nov, 24:00" in wording.mail("return.approved", params, "en", NOW).text
    assert "11月27日 周五" in wording.sms("return.approved", params, "zh-hans", NOW)
    paid = wording.as_json({name: LONG[name] for name in KINDS["refund.paid"].needs})
    assert "¥1,234.56" in wording.mail("refund.paid", paid, "zh-hans", NOW).text
    assert "1234.56元" in wording.sms("refund.paid", paid, "zh-hans", NOW)


def test_what_staff_wrote_is_text_in_the_html_too() -> None:
    params = wording.as_json({name: LONG[name] for name in KINDS["return.info_requested"].needs})
    mail = wording.mail("return.info_requested", params, "zh-hans", NOW)
    assert "请补拍鞋底 <照片> & 发票" in mail.text
    assert "请补拍鞋底 &lt;照片&gt; &amp; 发票" in mail.html


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("没有签名", "signature"),
        ("【店】【店】两个", "signature"),
        ("【店】" + "长" * 140, "messages"),
        ("【店】退款¥99.00", "¥"),
        ("【店】退款￥99.00", "￥"),
        ("【店】请点 https://shop.test/x", "Links"),
        ("【店】请到 shop.com 查看", "Links"),
        ("【店】请拨打13800000001", "mobile"),
        ("【店】请拨打+8613800000001", "mobile"),
        ("【店】请拨打+86 138-0000-0001", "mobile"),
        ("【店】请拨打138-0000-0001", "mobile"),
        ("【店】请拨打0086 138 0000 0001", "mobile"),
        ("【店】满意请邀请好评", "邀请好评"),
        ("【店】如需维权", "维权"),
        ("【店】好评返现", "返现"),
    ],
)
def test_texts_the_providers_refuse_are_refused_here(text: str, why: str) -> None:
    with pytest.raises(sms_rules.NotAllowed, match=why):
        sms_rules.check(text, {})


@pytest.mark.parametrize("number", ["YT8962646785389", "1380000000123", "400-800-1380", "0571-85000000", "2026-11-30"])
def test_other_numbers_are_no_mobile(number: str) -> None:
    sms_rules.check(f"【店】单号{number}，请查收。", {})


def test_length_and_variables_at_the_limit() -> None:
    assert sms_rules.parts("【店】" + "字" * 67) == 1
    assert sms_rules.parts("【店】" + "字" * 68) == 2
    sms_rules.check("【店】单号" + "1" * 20, {"number": "1" * 20})
    with pytest.raises(sms_rules.NotAllowed, match="number"):
        sms_rules.check("【店】单号" + "1" * 21, {"number": "1" * 21})


def test_the_notice_of_a_clock_names_its_ticket_as_people_do_and_an_older_one_by_its_number() -> None:
    params = wording.as_json({name: LONG[name] for name in KINDS["clock.missed"].needs} | {"metric": "resolution"})
    assert wording.line("clock.missed", params, "zh-hans", NOW) == (
        "R-7K2MQX94D“锅盖什么时候寄？”：“解决”已超时，期限为11月27日 周五 24:00 前，请优先处理。"
    )
    told = wording.line("clock.missed", params, "en", NOW)
    assert told.startswith("R-7K2MQX94D “锅盖什么时候寄？”: resolution was due before Fri 27 Nov")
    del params["title"]
    assert wording.line("clock.missed", params, "zh-hans", NOW).startswith("R-7K2MQX94D：“解决”")
