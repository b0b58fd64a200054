"""A customer answers a visit behind the link of the message: once, for ten days, in their language, without signing in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from aftersales.kernel import clock
from customers.actions.consents import refuses
from customers.models import Purpose
from tests.tickets.visits import at
from tests.world import an_order, staff
from tickets.actions.visits.inviting import token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.actions.visits.recording import record_callback
from tickets.models import Ticket, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(drain: Callable[[], int]) -> Visit:
    """Asked in writing on 5 November at ten."""
    with clock.fixed(at(2)):
        plan_after_signing(an_order(days_ago=0).pk, at=clock.now())
    with clock.fixed(at(5, 10)):
        drain()
    return Visit.objects.get()


def browser(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def address(visit: Visit) -> str:
    return f"/v/{token_of(visit)}/"


def test_the_message_carries_the_link_and_the_page_reads_in_both_languages(visit: Visit) -> None:
    text = str(mail.outbox[-1].body)
    link = re.search(r"/v/\S+/", text)
    assert link
    assert link[0] == address(visit)
    assert "亚麻衬衫" in text
    with clock.fixed(at(6)):
        for language, words in (("en", "Are the goods as described?"), ("zh-hans", "商品和描述一致吗？")):
            assert words in browser(language).get(link[0]).content.decode()


def test_her_answer_lands_on_the_visit_once(visit: Visit) -> None:
    question = visit.script()[0]
    sent = {"score": 4, f"q{question.pk}": "yes", "suggestion": "袋子太难拆"}
    with clock.fixed(at(6)):
        assert browser().post(address(visit), sent).status_code == 302
        again = browser().post(address(visit), {**sent, "score": 1})
        assert "Your answer is with us" in again.content.decode()
    visit.refresh_from_db()
    assert (visit.outcome, visit.satisfaction, visit.suggestion, visit.by_customer) == (
        "content",
        4,
        "袋子太难拆",
        True,
    )
    assert visit.answers[0]["value"] == "yes"


def test_help_opens_a_ticket_with_her_words(visit: Visit) -> None:
    with clock.fixed(at(6)):
        browser().post(address(visit), {"score": 2, "needs": "扣子掉了一颗"})
    ticket = Ticket.objects.get(kind="visit")
    message = ticket.messages.get()
    assert (message.text, message.internal) == ("扣子掉了一颗", False)
    visit.refresh_from_db()
    assert (visit.outcome, visit.help_ticket) == ("help", ticket)


def test_whoever_wants_none_need_not_answer_anything_else(visit: Visit) -> None:
    with clock.fixed(at(6)):
        assert browser().post(address(visit), {"wants_none": "on"}).status_code == 302
    assert Visit.objects.get().outcome == "declined"
    assert refuses(visit.person_id, Purpose.VISITS)


def test_what_is_missing_or_too_long_is_said_and_kept(visit: Visit) -> None:
    with clock.fixed(at(6)):
        answer = browser().post(address(visit), {"suggestion": "再软一点"})
        assert answer.status_code == 422
        assert "Choose one of the five answers." in answer.content.decode()
        assert "再软一点" in answer.content.decode()
        assert browser().post(address(visit), {"score": 9}).status_code == 422
        assert browser().post(address(visit), {"score": 3, "needs": "长" * 1001}).status_code == 422


def test_looking_uses_nothing_up_and_after_ten_days_it_is_over(visit: Visit, drain: Callable[[], int]) -> None:
    with clock.fixed(at(15, 9)):
        assert browser().get(address(visit)).status_code == 200
    with clock.fixed(at(15, 10, 1)):
        assert browser().post(address(visit), {"score": 5}).status_code == 410
        drain()
    assert Visit.objects.get().outcome == "unreached"


def test_a_call_made_meanwhile_ends_the_link(visit: Visit) -> None:
    with clock.fixed(at(6)):
        record_callback(visit.pk, again_at=at(6) + dt.timedelta(hours=3), actor=staff())
        assert browser().get(address(visit)).status_code == 410
    assert Visit.objects.get().channel == "call"


@pytest.mark.parametrize("token", ["x", "V-000000000.x", "%00", "a" * 500, "V-7K2MQX94D"])
def test_a_link_that_is_none_leads_nowhere(token: str, db: None) -> None:
    assert browser().get(f"/v/{token}/").status_code == 404


def test_a_link_of_another_visit_does_not_fit(visit: Visit) -> None:
    seal = token_of(visit).partition(".")[2]
    other = Visit(ref="V-000000001")
    assert token_of(other).partition(".")[2] != seal
    assert browser().get(f"/v/{other.ref}.{seal}/").status_code == 404
