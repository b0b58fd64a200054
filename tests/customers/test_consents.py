"""Consents are a closed list with proof both ways, and the customer ends one with a single press on the link of a message."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.ledger.models import Event
from customers.actions.consents import PurposeUnknown, give_consent, withdraw_consent
from customers.actions.consents_by_link import (
    MOST_SLIPS,
    SLIP,
    LinkTooLate,
    give_by_link,
    may_give_again,
    standing_of,
    withdraw_by_link,
)
from customers.models import Consent, Person, Purpose
from tests.world import a_person, member, staff, token_of

pytestmark = pytest.mark.django_db


def agreed(*purposes: str) -> Person:
    person = a_person()
    for purpose in purposes or ("news",):
        give_consent(person.pk, purpose=purpose, proof="3 月 1 日聊天", actor=staff())
    return person


def standing(person: Person) -> list[str]:
    return sorted(Consent.objects.filter(person=person, withdrawn_at=None).values_list("purpose", flat=True))


def test_a_purpose_that_is_not_on_the_list_and_a_yes_without_proof_are_refused() -> None:
    person = a_person()
    with pytest.raises(PurposeUnknown):
        give_consent(person.pk, purpose="everything", proof="chat", actor=staff())
    with pytest.raises(BadInput) as told:
        give_consent(person.pk, purpose="news", proof=" ", actor=staff())
    assert told.value.field == "proof"
    assert not Consent.objects.exists()


def test_both_proofs_are_kept_with_the_row_and_events_name_it() -> None:
    person = agreed("news")
    withdraw_consent(person.pk, purpose="news", proof="来电 0571", actor=staff())
    withdraw_consent(person.pk, purpose="news", proof="再次来电", actor=staff())
    consent = Consent.objects.get()
    assert (consent.proof, consent.withdrawal) == ("3 月 1 日聊天", "来电 0571")
    told = Event.objects.filter(name__startswith="consent.").order_by("id").values_list("name", "data")
    assert list(told) == [
        ("consent.given", {"purpose": "news", "consent": consent.pk}),
        ("consent.withdrawn", {"purpose": "news"}),
    ], "what was said stands in the row alone"


def test_one_press_ends_what_the_message_was_for_and_nothing_else() -> None:
    person = agreed("news", "occasions")
    token = token_of(person, Purpose.NEWS)
    assert standing_of(token)[2] == [Purpose.NEWS, Purpose.OCCASIONS]
    withdraw_by_link(token, actor=ANONYMOUS)
    withdraw_by_link(token, actor=ANONYMOUS)
    assert standing(person) == ["occasions"]
    assert Event.objects.filter(name="consent.withdrawn").count() == 1
    give_by_link(token, actor=ANONYMOUS)
    assert standing(person) == ["news", "occasions"]
    withdraw_by_link(token, everything=True, actor=ANONYMOUS)
    assert standing(person) == []


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t.replace("news", "goods"), lambda _: "", lambda _: "x" * 999]
)
def test_a_link_that_we_did_not_sign_opens_nothing(spoil: Any) -> None:
    person = agreed("news")
    with pytest.raises(NotFound):
        withdraw_by_link(spoil(token_of(person, Purpose.NEWS)), actor=ANONYMOUS)
    assert standing(person) == ["news"]


def test_the_page_asks_once_without_login_and_the_mail_program_presses_without_a_cookie() -> None:
    person = agreed("news", "goods")
    path = f"/messages/{token_of(person, Purpose.NEWS)}/"
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = client.get(path)
    assert page.status_code == 200
    assert "Stop these messages" in page.content.decode()
    assert "Reminders about what was bought" in page.content.decode()
    assert standing(person) == ["goods", "news"], "looking changes nothing"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert standing(person) == ["goods"]
    assert "send them again" in client.get(path).content.decode()
    assert client.post(path, {"again": "1"}).status_code == 302
    assert standing(person) == ["goods", "news"]
    assert client.get("/messages/nobody/").status_code == 404


def test_a_forwarded_mail_takes_consents_away_and_gives_none() -> None:
    """What was ended elsewhere, or longer ago than a slip of the finger, is not given behind the link."""
    person = agreed("news", "goods")
    news, goods = token_of(person, Purpose.NEWS), token_of(person, Purpose.GOODS)
    withdraw_consent(person.pk, purpose="news", proof="来电", actor=staff())
    with pytest.raises(LinkTooLate):
        give_by_link(news, actor=ANONYMOUS)
    withdraw_by_link(news, everything=True, actor=ANONYMOUS)
    with pytest.raises(LinkTooLate):
        give_by_link(goods, actor=ANONYMOUS)  # ended behind the other link
    never = token_of(a_person("王五", "+8613900000001", "wang@example.org"), Purpose.NEWS)
    with pytest.raises(LinkTooLate):
        give_by_link(never, actor=ANONYMOUS)
    assert standing(person) == []


def test_a_slip_is_taken_back_within_half_an_hour_and_not_for_ever_to_and_fro() -> None:
    person, start = agreed("news"), clock.now()
    token = token_of(person, Purpose.NEWS)
    for number in range(MOST_SLIPS):
        with clock.fixed(start + number * dt.timedelta(hours=1)):
            withdraw_by_link(token, actor=ANONYMOUS)
        with clock.fixed(start + number * dt.timedelta(hours=1) + SLIP):
            assert may_give_again(token, actor=ANONYMOUS)
            give_by_link(token, actor=ANONYMOUS)
            give_by_link(token, actor=ANONYMOUS)
    end = start + MOST_SLIPS * dt.timedelta(hours=1)
    with clock.fixed(end):
        withdraw_by_link(token, actor=ANONYMOUS)
        with pytest.raises(LinkTooLate):
            give_by_link(token, actor=ANONYMOUS)
    assert Event.objects.filter(name="consent.given").count() == 1 + MOST_SLIPS
    with clock.fixed(end + dt.timedelta(days=2)), pytest.raises(LinkTooLate):
        give_by_link(token, actor=ANONYMOUS)  # too late by now


def test_a_member_of_staff_who_presses_does_not_agree_for_the_customer() -> None:
    person = agreed("news")
    token = token_of(person, Purpose.NEWS)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("agent"))
    assert client.post(f"/messages/{token}/", {"stop": "1"}).status_code == 302
    page = client.post(f"/messages/{token}/", {"again": "1"}, follow=True).content.decode()
    assert "only the customer can agree" in page
    assert "send them again" not in page
    assert standing(person) == []
