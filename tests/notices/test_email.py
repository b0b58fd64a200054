"""Mail over a real connection: what was refused, what was never handed over, and what is in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.notices.actions.telling import tell
from aftersales.notices.models import Notice, Posted
from tests.notices.conftest import MAIL
from tests.notices.smtp_double import SmtpDouble

pytestmark = pytest.mark.smoke
BASE = {"ref": "R-7K2MQX94D", "order_number": "42", "status_url": "https://desk.shop.test/returns/R-7K2MQX94D/"}


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpDouble]:
    with SmtpDouble() as double:
        settings.EMAIL_BACKEND = "aftersales.notices.channels.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", double.port, 3
        settings.DEFAULT_FROM_EMAIL = "山海小店 <desk@shop.test>"
        settings.MAILBOX = False
        yield double


@pytest.fixture
def told(ada: Any, server: SmtpDouble) -> Notice:
    notice: Notice = tell(ada(MAIL), "return.withdrawn", BASE, key="withdrawn")[0]
    return notice


def pass_time(drain: Callable[[], int], minutes: int = 12) -> None:
    start = clock.now()
    for minute in range(minutes):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()


def outcome(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.state, notice.error


def test_it_arrives_whole_under_a_fixed_message_id(server: SmtpDouble, told: Notice, drain: Callable[[], int]) -> None:
    pass_time(drain, 2)
    (raw,) = server.mails.taken
    message: Any = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "您的申请 R-7K2MQX94D 已撤回"
    assert message["To"] == "ada@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@shop.test>")
    plain, html = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
    assert "按您的意愿，申请已撤回" in plain
    assert f'<a href="{BASE["status_url"]}">' in html
    assert outcome(told)[0] == "sent"


@pytest.mark.parametrize(
    ("verb", "answer", "state", "said"),
    [
        ("RCPT", "550 no such user ada@example.org", "failed", "The mail server answered 550."),
        ("MAIL", "553 not you", "failed", "The mail server answered 553."),
        (".", "554 spam", "failed", "The mail server answered 554."),
    ],
)
def test_a_refusal_is_final_and_tells_nobodys_address(
    server: SmtpDouble, told: Notice, drain: Callable[[], int], verb: str, answer: str, state: str, said: str
) -> None:
    server.mails.answers[verb] = answer
    pass_time(drain)
    assert outcome(told) == (state, said)
    assert server.mails.commands.count("MAIL") == 1


@pytest.mark.parametrize(
    ("verb", "answer"), [("RCPT", "450 greylisted"), (".", "451 try later"), ("CONNECT", "421 busy")]
)
def test_a_busy_server_is_asked_again(
    server: SmtpDouble, told: Notice, drain: Callable[[], int], verb: str, answer: str
) -> None:
    server.mails.answers[verb] = answer
    pass_time(drain, 2)
    assert outcome(told)[0] == "pending"
    server.mails.answers.clear()
    pass_time(drain)
    assert outcome(told)[0] == "sent"
    assert verb == "." or len(server.mails.taken) == 1


def test_a_line_that_breaks_before_the_hand_over_loses_and_doubles_nothing(
    server: SmtpDouble, told: Notice, drain: Callable[[], int]
) -> None:
    server.mails.hang_up = "RCPT"
    pass_time(drain, 4)
    assert server.mails.commands.count("MAIL") > 2, "asked again as often as it takes"
    server.mails.hang_up = ""
    pass_time(drain)
    assert outcome(told)[0] == "sent"
    assert len(server.mails.taken) == 1


def test_a_line_that_breaks_during_the_hand_over_leaves_a_doubt_and_one_repeat(
    server: SmtpDouble, told: Notice, drain: Callable[[], int]
) -> None:
    server.mails.hang_up = "."
    pass_time(drain)
    assert len(server.mails.taken) == 2, "once more, because a mail twice is the lesser harm; not three times"
    ids = {message_from_bytes(raw)["Message-ID"] for raw in server.mails.taken}
    assert len(ids) == 1, "both bear the same id"
    state, error = outcome(told)
    assert (state, "handed over" in error) == ("unknown", True)


def test_nothing_goes_in_clear_where_starttls_is_wanted_and_refused(
    server: SmtpDouble, told: Notice, drain: Callable[[], int], settings: Any
) -> None:
    settings.EMAIL_USE_TLS = True
    pass_time(drain, 2)
    server.mails.features = ("STARTTLS",)
    server.mails.answers["STARTTLS"] = "454 not today"
    pass_time(drain, 4)
    assert server.mails.taken == []
    assert not {"MAIL", "RCPT", "DATA", "AUTH"} & set(server.mails.commands)
    item = Outbound.objects.get()
    assert (outcome(told)[0], "cannot be reached safely" in item.last_error) == ("pending", True)


def test_a_server_that_is_not_there_is_waited_for(told: Notice, drain: Callable[[], int], settings: Any) -> None:
    settings.EMAIL_PORT = 1
    pass_time(drain, 2)
    assert outcome(told)[0] == "pending"
    assert "ada" not in Outbound.objects.get().last_error


def test_the_demo_shows_it_and_says_it_was_not_sent(
    server: SmtpDouble, told: Notice, drain: Callable[[], int], settings: Any
) -> None:
    settings.MAILBOX, settings.EMAIL_BACKEND = True, "aftersales.notices.mailbox.MailboxBackend"
    pass_time(drain, 1)
    assert server.mails.commands == []
    posted = Posted.objects.get()
    assert (posted.kind, posted.to, posted.subject) == ("email", "ada@example.org", "您的申请 R-7K2MQX94D 已撤回")
    assert outcome(told)[0] == "shown"
