"""What leaves is signed with the database's time: a carrier refuses a signature of a worker whose own clock is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from aftersales.accounts.models import Team
from aftersales.accounts.sealing import seal
from aftersales.hooks.signing import NotSigned, check_own
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor, Role
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.record import record
from aftersales.notices.actions.telling import tell
from aftersales.notices.channels.webhook import sign
from tests.notices.conftest import PHONE
from tests.notices.http_double import Answer, HttpDouble
from tests.notices.test_sms import BASE, OK
from tests.notices.test_tencent import SHIPPED, ok
from tests.world import a_webhook
from tickets.chat_channel import ChatChannel
from tickets.models import ChatSource
from tickets.models.chat_source import PURPOSE

pytestmark = pytest.mark.django_db
MIA = Actor(kind="staff", id=9, role=Role.MANAGER, label="Mia")
# The database's instant while the worker's own clock says something else, by months.
RIGHT = dt.datetime(2031, 5, 6, 4, 5, 6, tzinfo=dt.UTC)
STAMP = str(int(RIGHT.timestamp()))


@pytest.fixture
def far_side(settings: Any) -> Any:
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        settings.SMS_ENDPOINT, settings.SMS_SIGN_NAME = f"http://{double.authority}", "山海小店"
        settings.SMS_ACCESS_KEY_ID = settings.SMS_ACCESS_KEY_SECRET = "of-a-test"
        yield double


def test_an_sms_by_aliyun(far_side: HttpDouble, ada: Any, drain: Callable[[], int], settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "aliyun", {"return.withdrawn:zh-hans": "SMS_123"}
    far_side.answers = [Answer(body=OK)]
    with clock.fixed(RIGHT):
        tell(ada(PHONE), "return.withdrawn", BASE, key="withdrawn")
        drain()
    assert far_side.requests[0].headers["x-acs-date"] == "2031-05-06T04:05:06Z"


def test_an_sms_by_tencent(far_side: HttpDouble, ada: Any, drain: Callable[[], int], settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "tencent", {"exchange.shipped:zh-hans": "1:carrier,number"}
    far_side.answers = [Answer(body=ok())]
    with clock.fixed(RIGHT):
        tell(ada(PHONE), "exchange.shipped", SHIPPED, key="shipped")
        drain()
    assert far_side.requests[0].headers["X-TC-Timestamp"] == STAMP


def test_a_webhook(far_side: HttpDouble, drain: Callable[[], int]) -> None:
    a_webhook(far_side.url, events=["ticket.opened"], actor=MIA)
    with clock.fixed(RIGHT):
        with transaction.atomic():
            record("ticket.opened", on=Team.objects.get_or_create(name="Returns")[0], actor=SYSTEM, kind="return")
        drain()
    assert far_side.requests[0].headers["X-Desk-Signature"].startswith(f"t={STAMP},")


def test_a_reply_to_a_chat_tool(far_side: HttpDouble) -> None:
    source = ChatSource.objects.create(
        name="chat", key="chat", sealed_secret=seal("s" * 40, purpose=PURPOSE), reply_url=far_side.url
    )
    item = Outbound(channel="chat", payload={"source": source.pk, "body": {"id": 1}}, status=Due.Status.PENDING)
    item.leaves_at = RIGHT
    ChatChannel().send(item)
    assert far_side.requests[0].headers["X-Desk-Signature"].startswith(f"t={STAMP},")


@pytest.mark.parametrize(("seconds", "is_fresh"), [(0, True), (-300, True), (300, True), (301, False), (-301, False)])
def test_what_comes_in_is_fresh_by_the_same_clock(seconds: int, is_fresh: bool) -> None:
    stamp = str(int(RIGHT.timestamp()) + seconds)
    header = f"t={stamp},v1={sign('secret', stamp, b'body')}"
    if is_fresh:
        check_own("secret", header, b"body", now=RIGHT)
    else:
        with pytest.raises(NotSigned):
            check_own("secret", header, b"body", now=RIGHT)
