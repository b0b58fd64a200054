"""Between telling and leaving a customer may refuse a channel or lose an address: then it goes the new way, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger.models import Outbound
from aftersales.ledger.outbox import Permanent
from aftersales.notices import recipients
from aftersales.notices.actions.preferences import choose
from aftersales.notices.actions.telling import tell
from aftersales.notices.channels import EmailChannel
from aftersales.notices.envelope import Envelope
from aftersales.notices.models import Notice, Preference
from aftersales.notices.recipients import Point, Recipient
from tests.notices.conftest import MAIL, PHONE
from tests.notices.test_telling import BASE, DEADLINE
from tests.world import staff

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
NEW_MAIL = Point("email", "ada@new.example", "a***@new.example")
CARE = {"subject": "生日快乐", "text": "祝您生日快乐", "unsubscribe_url": "https://desk.shop.test/messages/x/"}


@pytest.fixture(autouse=True)
def really_sent(settings: Any) -> None:
    settings.MAILBOX = False


def refuse(person: Team, channel: str, kind: Preference.Kind = Preference.Kind.SERVICE) -> None:
    choose(person, channel=Notice.Channel(channel), kind=kind, allowed=False, actor=staff())


def standing() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("channel", "state"))


def test_who_refused_mail_meanwhile_gets_an_sms(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    (notice,) = tell(person, "return.withdrawn", BASE, key="once")
    refuse(person, "email")
    drain()
    drain()
    assert mail.outbox == []
    assert standing() == [("email", "stopped"), ("sms", "shown")]
    notice.refresh_from_db()
    assert "another way" in notice.error
    assert notice.outbound is not None
    assert notice.outbound.payload == {"blanked": True}
    assert tell(person, "return.withdrawn", BASE, key="once")[0].channel == "sms", "told again it is the same one"
    assert Notice.objects.count() == 2


def test_who_was_told_both_ways_is_not_told_twice_by_one(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    tell(person, "return.rejected", {**BASE, "reason": "穿过", "deadline": DEADLINE}, key="x")
    tell(person, "return.approved", {**BASE, "address": "", "deadline": DEADLINE}, key="both")
    refuse(person, "sms")
    drain()
    assert standing() == [("email", "sent"), ("email", "sent"), ("sms", "stopped")]
    assert len(mail.outbox) == 2


def test_an_address_that_changed_is_followed_with_what_the_mail_carried(
    ada: Any, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = ada(MAIL)
    envelope = Envelope(headers={"List-Unsubscribe": "<https://desk.shop.test/>"})
    tell(person, "return.withdrawn", BASE, key="once", envelope=envelope)
    monkeypatch.setitem(recipients._registered, "accounts.team", lambda _: Recipient("zh-hans", (NEW_MAIL,)))
    drain()
    assert [sent.to for sent in mail.outbox] == [["ada@new.example"]]
    assert mail.outbox[0].extra_headers["List-Unsubscribe"] == "<https://desk.shop.test/>"
    assert standing() == [("email", "stopped"), ("email", "sent")]


@pytest.mark.parametrize("found", [None, Recipient("zh-hans", ())], ids=["the person is gone", "no address is left"])
def test_an_address_erased_meanwhile_gets_nothing(
    ada: Any, drain: Drain, monkeypatch: pytest.MonkeyPatch, found: Recipient | None
) -> None:
    tell(ada(MAIL), "return.withdrawn", BASE, key="once")
    monkeypatch.setitem(recipients._registered, "accounts.team", lambda _: found)
    drain()
    assert (mail.outbox, standing()) == ([], [("email", "stopped")])


def test_offers_refused_meanwhile_are_not_sent_by_any_other_way(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    with clock.fixed(dt.datetime(2026, 11, 3, 4, tzinfo=dt.UTC)):  # noon where the shop is, not the quiet hours
        tell(person, "care.message", CARE, key="birthday")
        refuse(person, "email", Preference.Kind.MARKETING)
        drain()
    assert (mail.outbox, standing()) == ([], [("email", "stopped")])


def test_who_refuses_every_channel_still_hears_of_a_case_by_the_first(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    tell(person, "return.withdrawn", BASE, key="once")
    refuse(person, "email")
    refuse(person, "sms")
    drain()
    assert standing() == [("email", "sent")]


def test_a_mail_in_doubt_is_neither_repeated_nor_told_elsewhere(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    (notice,) = tell(person, "return.withdrawn", BASE, key="once")
    begun = notice.at - dt.timedelta(minutes=5)
    Outbound.objects.update(sending_since=begun, first_tried_at=begun, due_at=begun)
    refuse(person, "email")
    drain()
    assert (mail.outbox, standing()) == ([], [("email", "unknown")])


def test_what_is_told_elsewhere_is_told_once_though_the_worker_dies_behind_it(ada: Any, drain: Drain) -> None:
    person = ada(MAIL, PHONE)
    tell(person, "return.withdrawn", BASE, key="once")
    refuse(person, "email")
    item = Outbound.objects.get()
    for _ in range(2):
        with pytest.raises(Permanent, match="another way"):
            EmailChannel().send(item)
    assert Notice.objects.filter(channel="sms").count() == 1
    drain()
    assert Notice.objects.filter(channel="sms", state="shown").count() == 1
