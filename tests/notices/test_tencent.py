"""Tencent's SMS: a signature that a second reader of its documentation accepts, values in their places, answers understood."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.notices.actions.telling import tell
from aftersales.notices.checks import notices_reach_people
from aftersales.notices.gateways.tencent import signed_headers
from aftersales.notices.kinds import KINDS
from aftersales.notices.models import Notice
from tests.notices.carrier_doubles import aliyun_accepts, tencent_accepts
from tests.notices.conftest import PHONE
from tests.notices.http_double import Answer, HttpDouble

SECRETS = {"AKID-test": "not-a-real-one"}
SHIPPED = {
    "ref": "R-7K2MQX94D", "order_number": "42", "status_url": "", "carrier": "圆通", "number": "YT8962646785389",
}  # fmt: skip


def ok(code: str = "Ok") -> bytes:
    sent = {"SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": "+8613800000001", "Fee": 1, "Code": code}
    return json.dumps({"Response": {"SendStatusSet": [sent], "RequestId": "a0aabda6"}}).encode()


def refused(code: str) -> bytes:
    return json.dumps({"Response": {"Error": {"Code": code, "Message": "+8613800000001"}, "RequestId": "a0"}}).encode()


@pytest.fixture
def carrier(settings: Any) -> Iterator[HttpDouble]:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        settings.SMS_GATEWAY, settings.SMS_ENDPOINT = "tencent", f"http://{double.authority}"
        settings.SMS_ACCESS_KEY_ID, settings.SMS_ACCESS_KEY_SECRET = "AKID-test", "not-a-real-one"
        settings.SMS_SDK_APP_ID, settings.SMS_SIGN_NAME = "1400006666", "山海小店"
        settings.SMS_TEMPLATE_CODES = {"exchange.shipped:zh-hans": "1234567:carrier,number"}
        yield double


@pytest.fixture
def told(ada: Any) -> Notice:
    return tell(ada(PHONE), "exchange.shipped", SHIPPED, key="shipped")[0]


def outcome(notice: Notice, drain: Callable[[], int]) -> tuple[str, str]:
    start = clock.now()
    for minute in range(15):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()
    notice.refresh_from_db()
    return notice.state, notice.error


def test_the_carrier_accepts_the_signature_and_finds_each_value_in_its_place(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int]
) -> None:
    carrier.answers = [Answer(body=ok())]
    assert outcome(told, drain) == ("sent", "")
    (request,) = carrier.requests
    assert tencent_accepts(request, secrets=SECRETS) == "OK"
    assert json.loads(request.body) == {
        "PhoneNumberSet": ["+8613800000001"], "SmsSdkAppId": "1400006666", "SignName": "山海小店",
        "TemplateId": "1234567", "TemplateParamSet": ["圆通", "YT8962646785389"],
        "SessionContext": f"sms:notice:{told.pk}",
    }  # fmt: skip
    assert (request.headers["X-TC-Action"], request.headers["X-TC-Version"]) == ("SendSms", "2021-01-11")
    assert Outbound.objects.get().provider_ref == "5000:1045710669157053657849499619"


def test_a_request_changed_on_its_way_is_turned_away(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int]
) -> None:
    """The double is no yes-man: another body, another key and an old stamp are each refused."""
    carrier.answers = [Answer(body=ok())]
    outcome(told, drain)
    (request,) = carrier.requests
    changed = type(request)(request.path, request.headers, request.body.replace(b"1234567", b"7654321"))
    assert tencent_accepts(changed, secrets=SECRETS) == "AuthFailure.SignatureFailure"
    assert tencent_accepts(request, secrets={"AKID-test": "another"}) == "AuthFailure.SignatureFailure"
    assert tencent_accepts(request, secrets={}) == "AuthFailure.SecretIdNotFound"
    old = type(request)(request.path, {**request.headers, "X-TC-Timestamp": "1551113065"}, request.body)
    assert tencent_accepts(old, secrets=SECRETS) == "AuthFailure.SignatureExpire"


def test_the_signature_is_the_one_the_carrier_documents() -> None:
    """The worked example of Tencent Cloud's page on signature version 3 (DescribeInstances)."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = signed_headers(
        host="cvm.tencentcloudapi.com", service="cvm", body=body, key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******",
        key_secret="Gu5t9xGARNpq86cd98joQYCN3*******", at=dt.datetime.fromtimestamp(1551113065, dt.UTC),
    )  # fmt: skip
    assert headers["Authorization"].endswith(
        "Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"
    )


@pytest.mark.parametrize(
    ("answer", "state", "said", "asked"),
    [
        (Answer(body=ok("FailedOperation.PhoneNumberInBlacklist")), "failed", "PhoneNumberInBlacklist", 1),
        (Answer(body=ok("LimitExceeded.PhoneNumberDailyLimit")), "failed", "DailyLimit", 1),
        (Answer(body=refused("AuthFailure.SignatureFailure")), "failed", "SignatureFailure", 1),
        (Answer(body=refused("InternalError.Timeout")), "unknown", "InternalError", 1),
        (Answer(hang_up=True), "unknown", "", 1),
        (Answer(502, b"<html>"), "unknown", "502", 1),
        (Answer(body=b'{"Response":{"SendStatusSet":[]}}'), "unknown", "words we do not know", 1),
    ],
)
def test_what_may_have_gone_out_is_never_sent_again(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], answer: Answer, state: str, said: str, asked: int
) -> None:
    carrier.answers = [answer]
    found, error = outcome(told, drain)
    assert (found, len(carrier.requests)) == (state, asked)
    assert said in error or state == "unknown"
    assert "13800000001" not in error


@pytest.mark.parametrize(
    "body", [ok("LimitExceeded.PhoneNumberThirtySecondLimit"), refused("RequestLimitExceeded.UinLimitExceeded")]
)
def test_a_busy_carrier_is_asked_again(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], body: bytes
) -> None:
    carrier.answers = [Answer(body=body), Answer(body=ok())]
    assert outcome(told, drain)[0] == "sent"
    assert len(carrier.requests) == 2


@pytest.mark.parametrize(
    ("codes", "why"),
    [({}, "has no code"), ({"exchange.shipped:zh-hans": "1234567"}, "order of the variables"),
     ({"exchange.shipped:zh-hans": "1234567:amount"}, "has no variable amount")],
)  # fmt: skip
def test_a_table_that_says_too_little_is_said(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], settings: Any, codes: dict[str, str], why: str
) -> None:
    settings.SMS_TEMPLATE_CODES = codes
    state, error = outcome(told, drain)
    assert state == "failed"
    assert why in error
    assert carrier.requests == []


def test_aliyuns_signature_is_accepted_by_a_second_reader_too(
    carrier: HttpDouble, told: Notice, drain: Callable[[], int], settings: Any
) -> None:
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "aliyun", {"exchange.shipped:zh-hans": "SMS_123"}
    carrier.answers = [Answer(body=b'{"Code":"OK","BizId":"9^0"}')]
    assert outcome(told, drain) == ("sent", "")
    (request,) = carrier.requests
    assert aliyun_accepts(request, secrets=SECRETS) == "OK"
    changed = type(request)(request.path.replace("SMS_123", "SMS_321"), request.headers, request.body)
    assert aliyun_accepts(changed, secrets=SECRETS) == "SignatureDoesNotMatch"


def test_a_shop_is_told_at_the_start_which_texts_have_no_number(settings: Any) -> None:
    def unnumbered() -> str:
        return " ".join(found.msg for found in notices_reach_people(None) if found.id == "desk.W021")

    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "console", {}
    assert unnumbered() == "", "nobody is asked to send them"
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "aliyun", {"return.approved:zh-hans": "SMS_1"}
    assert " return.approved:zh-hans" not in unnumbered()
    assert "return.approved.nothing_back:zh-hans, return.approved.nothing_back:en" in unnumbered()
    settings.SMS_TEMPLATE_CODES = {
        f"{key}:{locale}": "SMS_1" for kind in KINDS.values() for key in kind.sms_keys for locale in ("zh-hans", "en")
    }
    assert unnumbered() == ""


def test_the_number_is_that_of_what_is_said(
    carrier: HttpDouble, ada: Any, drain: Callable[[], int], settings: Any
) -> None:
    settings.SMS_TEMPLATE_CODES = {
        "return.approved:zh-hans": "1:ref,deadline",
        "return.approved.nothing_back:zh-hans": "2:ref",
    }
    carrier.answers = [Answer(body=ok())]
    params = {**SHIPPED, "address": "", "deadline": clock.now()}
    (notice,) = tell(ada(PHONE), "return.approved", params, key="approved")
    assert outcome(notice, drain) == ("sent", "")
    told = json.loads(carrier.requests[0].body)
    assert (told["TemplateId"], told["TemplateParamSet"]) == ("2", ["R-7K2MQX94D"])


def test_a_shop_without_its_keys_is_told_at_the_start(settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_ACCESS_KEY_ID, settings.SMS_SDK_APP_ID = "tencent", "", ""
    assert {found.id for found in notices_reach_people(None)} >= {"desk.E021", "desk.E022"}
