"""Who is told what by which channel, once, in their language, and what is kept of it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from aftersales import notices
from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Role
from aftersales.kernel.money import Money
from aftersales.ledger.models import Event, Outbound
from aftersales.ledger.record import timeline
from aftersales.notices import caps, inbox
from aftersales.notices.actions.preferences import choose
from aftersales.notices.actions.reading import mark_read, unread_count
from aftersales.notices.actions.telling import tell, tell_staff
from aftersales.notices.models import Notice, Preference
from aftersales.notices.recipients import recipient
from tests.notices.conftest import MAIL, PHONE
from tests.world import staff

pytestmark = pytest.mark.smoke

URL = "https://desk.shop.test/returns/R-7K2MQX94D/"
BASE: dict[str, Any] = {"ref": "R-7K2MQX94D", "order_number": "4210987654321098765", "status_url": URL}
DEADLINE = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)
Happened = Callable[[], Event]


@pytest.fixture(autouse=True)
def mailbox_for_sms(settings: Any) -> None:
    """SMS are shown, mails go to Django's in-memory backend."""
    settings.MAILBOX = False


def test_a_mail_is_written_sent_once_and_forgotten(ada: Any, happened: Happened, drain: Callable[[], int]) -> None:
    person, event = ada(MAIL, PHONE), happened()
    paid = {**BASE, "amount": Money(12900, "CNY")}
    (notice,) = tell(person, "refund.paid", paid, event=event)
    assert tell(person, "refund.paid", paid, event=event) == [notice], "told twice is told once"
    drain()
    drain()
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]
    assert mail.outbox[0].subject == "退款 ¥129.00 已退回（R-7K2MQX94D）"
    assert URL in str(mail.outbox[0].body)
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@localhost>")
    notice.refresh_from_db()
    assert (notice.channel, notice.state, notice.to_masked) == ("email", "sent", "a***@example.org")
    assert (notice.event, notice.about) == (event, person)
    assert notice.sent_at is not None
    assert Outbound.objects.get().payload == {"blanked": True}, "address and words live in the archive and the template"
    assert "ada@example.org" not in str(Notice.objects.values())


def test_language_is_the_persons(ada: Any, happened: Happened, drain: Callable[[], int]) -> None:
    tell(ada(MAIL, locale="en"), "return.withdrawn", BASE, event=happened())
    drain()
    assert mail.outbox[0].subject == "Your request R-7K2MQX94D is withdrawn"


@pytest.mark.parametrize(
    ("points", "template", "channels"),
    [
        ((MAIL, PHONE), "return.withdrawn", ["email"]),
        ((PHONE,), "return.withdrawn", ["sms"]),
        ((), "return.withdrawn", []),
        ((MAIL, PHONE), "return.reminded", ["email", "sms"]),
        ((PHONE,), "return.reminded", ["sms"]),
    ],
)
def test_pressing_ones_go_both_ways_and_others_by_the_first(
    ada: Any, happened: Happened, points: tuple[Any, ...], template: str, channels: list[str]
) -> None:
    told = tell(ada(*points), template, {**BASE, "step": "ship", "deadline": DEADLINE}, event=happened())
    assert [notice.channel for notice in told] == channels


def test_a_refused_channel_is_left_alone_but_somebody_must_hear(ada: Any, happened: Happened) -> None:
    person = ada(MAIL, PHONE)
    service = Preference.Kind.SERVICE
    choose(person, channel=Notice.Channel.EMAIL, kind=service, allowed=False, actor=staff())
    choose(person, channel=Notice.Channel.EMAIL, kind=service, allowed=False, actor=staff())
    assert len(timeline(person)) == 1, "choosing the same twice is choosing once"
    told = [notice.channel for notice in tell(person, "return.withdrawn", BASE, event=happened())]
    assert told == ["sms"]
    choose(person, channel=Notice.Channel.SMS, kind=service, allowed=False, actor=staff())
    told = [notice.channel for notice in tell(person, "return.withdrawn", BASE, event=happened())]
    assert told == ["email"], "a deadline may hang on it"


def test_what_is_missing_is_said_before_anything_is_written(ada: Any, happened: Happened) -> None:
    with pytest.raises(ValueError, match="amount"):
        tell(ada(MAIL), "refund.paid", BASE, event=happened())
    with pytest.raises(KeyError):
        tell(ada(MAIL), "refund.lost", BASE, event=happened())
    with pytest.raises(ValueError, match="without a key"):
        tell(ada(MAIL), "return.withdrawn", BASE)
    with pytest.raises(LookupError):
        recipient(happened())
    assert not Notice.objects.exists()
    assert (
        tell(ada(MAIL), "return.withdrawn", BASE, key="once")[0]
        == tell(ada(MAIL), "return.withdrawn", BASE, key="once")[0]
    )


def test_nobody_is_flooded(ada: Any, happened: Happened, drain: Callable[[], int], capsys: Any) -> None:
    person = ada(PHONE)
    states = [tell(person, "return.withdrawn", BASE, event=happened())[0].state for _ in range(caps.SMS_A_DAY + 2)]
    assert states == ["pending"] * caps.SMS_A_DAY + ["capped"] * 2
    drain()
    assert capsys.readouterr().out.count("shown here and not sent") == caps.SMS_A_DAY
    tomorrow = clock.now() + dt.timedelta(days=1, seconds=5)
    with clock.fixed(tomorrow):
        assert tell(person, "return.withdrawn", BASE, event=happened())[0].state == "pending"


def test_staff_read_in_the_desk_in_their_own_language(lea: User, happened: Happened) -> None:
    max_ = User.objects.create_user("max@shop.test", name="Max", role="agent")
    away = User.objects.create_user("away@shop.test", name="Away", role="lead", is_active=False)
    params = {"ref": "R-7K2MQX94D", "url": "/desk/returns/R-7K2MQX94D/"}
    told = tell_staff("return.contested", params, roles=[Role.LEAD], users=[max_, max_], event=happened())
    assert sorted(notice.recipient_id for notice in told) == sorted([lea.pk, max_.pk])
    assert unread_count(away.as_actor()) == 0
    (line,) = inbox.lines(lea.as_actor(), now=clock.now())
    assert line.text == "R-7K2MQX94D: the customer objects to the refusal. Look at it again."
    assert (line.url, line.is_unread) == ("/desk/returns/R-7K2MQX94D/", True)
    assert "异议" in inbox.lines(max_.as_actor(), now=clock.now())[0].text


def test_reading_is_ones_own(lea: User, happened: Happened) -> None:
    max_ = User.objects.create_user("max@shop.test", name="Max", role="agent")
    params = {"ref": "R-7K2MQX94D", "url": "/x/"}
    for _ in range(3):
        tell_staff("return.contested", params, users=[lea, max_], event=happened())
    first = inbox.lines(lea.as_actor(), now=clock.now())[0]
    assert mark_read(max_.as_actor(), pk=first.pk) == 0
    assert mark_read(lea.as_actor(), pk=first.pk) == 1
    assert mark_read(lea.as_actor(), pk=first.pk) == 0
    assert (unread_count(lea.as_actor()), unread_count(max_.as_actor())) == (2, 3)
    assert mark_read(lea.as_actor()) == 2
    assert (unread_count(lea.as_actor()), unread_count(SYSTEM)) == (0, 0)
    assert inbox.lines(SYSTEM, now=clock.now()) == []


@pytest.fixture
def contact(db: None) -> Any:
    row = Team.objects.create(name="Contact")
    row.kind, row.value, row.masked, row.person_id = "email", "ada@example.org", "a***@example.org", 1  # type: ignore[attr-defined]
    return row


def test_a_code_is_sent_and_then_nowhere_to_be_found(
    contact: Any, drain: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    notice = notices.send_code(contact, "731946", "en")
    drain()
    (sent,) = mail.outbox
    assert "Your code is 731946. It is good for 10 minutes" in str(sent.body)
    assert "731946" not in sent.subject, "a locked screen shows it"
    notice.refresh_from_db()
    assert (notice.state, notice.about) == ("sent", None)
    for rows in (Notice.objects.values(), Outbound.objects.values(), Event.objects.values()):
        assert "731946" not in str(list(rows))
    assert "731946" not in caplog.text


@pytest.mark.parametrize("fault", ["refused", "in doubt"])
def test_a_code_that_did_not_go_out_is_not_kept_either(
    contact: Any, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    from aftersales.ledger.outbox import Permanent, Unknown
    from aftersales.notices.channels.email import EmailChannel

    def fail(self: EmailChannel, item: Outbound) -> str:
        raise Permanent("no") if fault == "refused" else Unknown("cut off")

    monkeypatch.setattr(EmailChannel, "send", fail)
    notice = notices.send_code(contact, "731946", "en")
    start = clock.now()
    for minute in range(4):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()
    notice.refresh_from_db()
    assert notice.state == ("failed" if fault == "refused" else "unknown")
    assert "731946" not in str(list(Outbound.objects.values()))


def test_two_codes_to_one_contact_are_two_messages(contact: Any, drain: Callable[[], int]) -> None:
    notices.send_code(contact, "111111", "en")
    notices.send_code(contact, "222222", "en")
    drain()
    assert len(mail.outbox) == 2


def test_the_package_gives_what_it_promises() -> None:
    assert notices.tell is tell
    with pytest.raises(AttributeError):
        notices.shout  # noqa: B018
