"""Why something was not sent is read in the reader's language, whatever the worker's was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from aftersales.desk.told import told_in, told_to
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import reasons
from aftersales.ledger.models import Outbound
from aftersales.notices.actions.telling import tell
from aftersales.notices.actions.undelivered import undelivered
from aftersales.notices.models import Notice
from customers.models import ContactPoint, Person
from tests.notices.conftest import MAIL, PHONE
from tests.notices.test_sms import BASE
from tests.world import a_person

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def reached_by_phone(settings: Any) -> Person:
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "aliyun", {}
    person = a_person()
    ContactPoint.objects.filter(person=person, kind="email").delete()
    return person


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "SMS_TEMPLATE_CODES has no code for return.withdrawn in zh-hans."),
        ("zh-hans", "SMS_TEMPLATE_CODES 中没有 return.withdrawn（zh-hans）的编号。"),
    ],
)
def test_the_customers_page_says_it_in_the_readers_language(
    reached_by_phone: Person, drain: Drain, language: str, why: str
) -> None:
    tell(reached_by_phone, "return.withdrawn", BASE, key="k")
    drain()
    with translation.override(language):
        assert [each.why for each in told_in(told_to(SYSTEM, person=reached_by_phone.pk), clock.now())] == [why]
    row = Outbound.objects.get()
    assert row.last_error == "SMS_TEMPLATE_CODES has no code for return.withdrawn in zh-hans.", (
        "one language to search in"
    )
    assert Notice.objects.get().error == row.last_error


def test_it_is_still_said_when_the_row_of_the_outbox_is_gone(reached_by_phone: Person, drain: Drain) -> None:
    tell(reached_by_phone, "return.withdrawn", BASE, key="k")
    drain()
    Outbound.objects.all().delete()
    with translation.override("zh-hans"):
        assert "中没有 return.withdrawn" in Notice.objects.get().reason


def test_a_mail_that_was_given_back_says_so_too(ada: Any, drain: Drain) -> None:
    (notice,) = tell(ada(MAIL), "return.withdrawn", BASE, key="k")
    drain()
    assert undelivered(notice.pk, status="5.1.1")
    notice.refresh_from_db()
    with translation.override("zh-hans"):
        assert notice.reason == "对方的邮件服务器退回了这封邮件（5.1.1）。"


def test_what_is_tried_again_says_why_in_the_meantime(ada: Any, drain: Drain, settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_ENDPOINT = "aliyun", "https://127.0.0.1:9"
    settings.OUTBOUND_ALLOWED, settings.SMS_TEMPLATE_CODES = ["127.0.0.1:9"], {"return.withdrawn:zh-hans": "SMS_1"}
    tell(ada(PHONE), "return.withdrawn", BASE, key="k")
    drain()
    notice = Notice.objects.select_related("outbound").get()
    with translation.override("zh-hans"):
        assert notice.state == "pending"
        assert notice.reason.startswith("未能连接对方：")


def test_a_rule_of_the_carriers_is_said_in_the_readers_language(ada: Any, drain: Drain) -> None:
    (notice,) = tell(ada(PHONE), "return.withdrawn", BASE, key="k")
    assert notice.outbound is not None
    Outbound.objects.update(payload={**notice.outbound.payload, "text": "【店】请拨打+86 138-0013-8000"})
    drain()
    notice.refresh_from_db()
    with translation.override("zh-hans"):
        assert notice.reason == "通知短信里不能有手机号。"
    assert notice.error == "A mobile number may not stand in a notice."


@pytest.mark.parametrize("told", [{}, {"why": "", "with": {}}, {"why": "The robot was ended.", "with": {}}])
def test_what_came_from_elsewhere_is_said_as_it_stands(told: dict[str, Any]) -> None:
    with translation.override("zh-hans"):
        assert reasons.said(told, "ValueError: 50 % of it") == "ValueError: 50 % of it"
