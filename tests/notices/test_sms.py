"""SMS through a gateway: signed as the carrier documents, its answers understood, and honest where nobody carries it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.notices.actions.telling import tell
from aftersales.notices.gateways.aliyun import signed_headers
from aftersales.notices.models import Notice, Posted
from tests.notices.conftest import PHONE
from tests.notices.http_double import Answer, HttpDouble

pytestmark = pytest.mark.smoke
BASE = {"ref": "R-7K2MQX94D", "order_number": "42", "status_url": "https://desk.shop.test/returns/R-7K2MQX94D/"}
OK = b'{"Code":"OK","Message":"OK","BizId":"900619746936498440^0","RequestId":"F655A8D5"}'


@pytest.fixture
def carrier(settings: Any) -> Iterator[HttpDouble]:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        settings.SMS_GATEWAY, settings.SMS_ENDPOINT = "aliyun", f"http://{double.authority}"
        settings.SMS_ACCESS_KEY_ID, settings.SMS_ACCESS_KEY_SECRET = "LTAI-test", "not-a-real-one"
        settings.SMS_SIGN_NAME = "山海小店"
        settings.SMS_TEMPLATE_CODES = {"return.withdrawn:zh-hans": "SMS_123"}
        yield double


@pytest.fixture
def told(ada: Any) -> Notice:
    notice: Notice = tell(ada(PHONE), "return.withdrawn", BASE, key="withdrawn")[0]
    return notice


def pass_time(drain: Callable[[], int]) -> None:
    start = clock.now()
    for minute in range(15):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()


def outcome(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.state, notice.error


def test_it_hands_the_registered_template_to_the_carrier(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int]
) -> None:
    carrier.answers = [Answer(body=OK)]
    pass_time(drain)
    (request,) = carrier.requests
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
    assert query["PhoneNumbers"] == "13800000001"
    assert (query["SignName"], query["TemplateCode"]) == ("山海小店", "SMS_123")
    assert json.loads(query["TemplateParam"]) == {"ref": "R-7K2MQX94D"}
    assert request.headers["Authorization"].startswith("ACS3-HMAC-SHA256 Credential=LTAI-test,SignedHeaders=host;")
    assert outcome(told) == ("sent", "")
    assert Outbound.objects.get().provider_ref == "900619746936498440^0"


def test_the_signature_is_the_one_the_carrier_documents() -> None:
    """The worked example of Alibaba Cloud's page “Request syntax and signature method V3”."""
    headers = signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"},
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        at=dt.datetime(2023, 10, 26, 10, 22, 32, tzinfo=dt.UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@pytest.mark.parametrize(
    ("answer", "state", "said", "asked"),
    [
        (Answer(body=b'{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800000001"}'), "failed", "MOBILE_NUMBER", 1),
        (Answer(400, b'{"Code":"SignatureDoesNotMatch"}'), "failed", "SignatureDoesNotMatch", 1),
        (Answer(hang_up=True), "unknown", "Lost", 1),
        (Answer(502, b"<html>"), "unknown", "502", 1),
        (Answer(body=b'["odd"]'), "unknown", "words we do not know", 1),
    ],
)
def test_it_is_never_repeated_when_it_may_have_gone_out(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], answer: Answer, state: str, said: str, asked: int
) -> None:
    carrier.answers = [answer]
    pass_time(drain)
    found, error = outcome(told)
    assert (found, len(carrier.requests)) == (state, asked)
    assert said in error or state == "unknown"
    assert "13800000001" not in error


@pytest.mark.parametrize("code", ["isv.BUSINESS_LIMIT_CONTROL", "Throttling.User", "isp.SYSTEM_ERROR"])
def test_a_busy_carrier_is_asked_again(carrier: HttpDouble, told: Notice, drain: Callable[[], int], code: str) -> None:
    carrier.answers = [Answer(body=json.dumps({"Code": code}).encode()), Answer(body=OK)]
    pass_time(drain)
    assert (outcome(told)[0], len(carrier.requests)) == ("sent", 2)


def test_a_template_the_carrier_does_not_know_is_said(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], settings: Any
) -> None:
    settings.SMS_TEMPLATE_CODES = {}
    pass_time(drain)
    assert outcome(told) == ("failed", "SMS_TEMPLATE_CODES has no code for return.withdrawn in zh-hans.")
    assert carrier.requests == []


def test_a_text_that_would_be_refused_is_not_handed_over(
    carrier: HttpDouble, ada: Any, drain: Callable[[], int]
) -> None:
    shipped = {**BASE, "carrier": "圆通", "number": "https://x.test"}
    (notice,) = tell(ada(PHONE), "exchange.shipped", shipped, key="shipped")
    drain()
    assert outcome(notice)[0] == "failed"
    assert carrier.requests == []


def test_without_a_carrier_it_says_so(told: Notice, drain: Callable[[], int], settings: Any, capsys: Any) -> None:
    settings.MAILBOX = False
    drain()
    assert "SMS to +8613800000001, shown here and not sent: 【" in capsys.readouterr().out
    assert outcome(told)[0] == "shown"


def test_the_demo_shows_it_on_the_page(told: Notice, drain: Callable[[], int], settings: Any, capsys: Any) -> None:
    settings.MAILBOX = True
    drain()
    assert Posted.objects.get().text.endswith("按您的意愿，售后申请R-7K2MQX94D已撤回；在期限内仍可重新提交。")
    assert capsys.readouterr().out == ""
    assert outcome(told)[0] == "shown"


def test_in_production_no_code_reaches_a_terminal(
    told: Notice, drain: Callable[[], int], settings: Any, capsys: Any
) -> None:
    settings.PRODUCTION, settings.MAILBOX = True, False
    drain()
    assert capsys.readouterr().out == ""
    assert outcome(told) == ("failed", "No SMS gateway is set up (SMS_GATEWAY).")
