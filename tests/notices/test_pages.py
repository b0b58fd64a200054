"""The demo's mailbox, and the inbox of staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Role
from aftersales.notices.actions.telling import tell_staff
from aftersales.notices.models import Notice, Posted

pytestmark = pytest.mark.smoke


@pytest.fixture
def posted(db: None) -> Posted:
    return Posted.objects.create(
        kind="email",
        to="ada@example.org",
        subject="您的验证码",
        text="您的验证码是 731946。\n\n<b>请勿</b>告诉任何人。",
        at=clock.now(),
    )


@pytest.mark.parametrize(
    ("mailbox", "demo", "production", "signed_in", "status"),
    [
        (True, True, False, False, 200),
        (True, False, False, True, 200),
        (True, False, False, False, 404),
        (False, False, False, True, 404),
        (True, True, True, True, 404),
    ],
)
def test_the_mailbox_is_open_in_the_demo_only(
    client: Client,
    posted: Posted,
    lea: User,
    settings: Any,
    mailbox: bool,
    demo: bool,
    production: bool,
    signed_in: bool,
    status: int,
) -> None:
    settings.MAILBOX, settings.DEMO, settings.PRODUCTION = mailbox, demo, production
    if signed_in:
        client.force_login(lea)
    answer = client.get("/mailbox/")
    assert answer.status_code == status
    assert ("731946" in answer.content.decode()) == (status == 200)


def test_the_mailbox_shows_text_as_text_and_finds(client: Client, posted: Posted, settings: Any) -> None:
    settings.MAILBOX = settings.DEMO = True
    Posted.objects.create(kind="sms", to="+8613800000001", text="【店】验证码111111", at=clock.now())
    page = client.get("/mailbox/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "&lt;b&gt;请勿&lt;/b&gt;" in page
    assert "演示" in page
    found = client.get("/mailbox/", {"to": "1380000"}).content.decode()
    assert "111111" in found
    assert "731946" not in found
    assert client.post("/mailbox/").status_code == 405


def test_the_start_refuses_a_mailbox_in_production(settings: Any) -> None:
    settings.PRODUCTION, settings.MAILBOX = True, True
    settings.SMS_GATEWAY, settings.SMS_ACCESS_KEY_ID = "aliyun", ""
    assert {"desk.E020", "desk.E021"} <= {message.id for message in run_checks()}
    settings.SMS_GATEWAY, settings.MAILBOX = "console", False
    found = {message.id for message in run_checks()}
    assert "desk.W020" in found
    assert not {"desk.E020", "desk.E021"} & found


@pytest.fixture
def told(lea: User) -> Notice:
    params = {"ref": "R-7K2MQX94D", "url": "/desk/returns/R-7K2MQX94D/"}
    return tell_staff("return.contested", params, roles=[Role.LEAD], key="contested")[0]


def test_the_inbox_tells_and_leads_there(client: Client, lea: User, told: Notice) -> None:
    client.force_login(lea)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/desk/notices/").content.decode()
    assert "R-7K2MQX94D: the customer objects" in page
    assert "1 unread" in page
    assert Notice.objects.unread().count() == 1, "a glance is not reading"
    answer = client.post(f"/desk/notices/{told.pk}/reading/?next=/desk/returns/R-7K2MQX94D/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/returns/R-7K2MQX94D/")
    assert Notice.objects.unread().count() == 0
    assert "unread" not in client.get("/desk/notices/").content.decode()


def test_the_inbox_leads_nowhere_else(client: Client, lea: User, told: Notice) -> None:
    client.force_login(lea)
    answer = client.post(f"/desk/notices/{told.pk}/reading/?next=https://evil.test/")
    assert answer["Location"] == "/desk/notices/"


def test_the_inbox_is_staffs(client: Client, db: None) -> None:
    answer = client.get("/desk/notices/")
    assert answer.status_code == 302
    assert "/account/" in answer["Location"]


def test_an_empty_inbox_says_what_it_is_for(client: Client, lea: User) -> None:
    client.force_login(lea)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Nothing new for you" in client.get("/desk/notices/").content.decode()
