"""Orders, customers, contacts, search and the request for a customer who calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.ledger.models import Event
from customers.models import Order
from returns.models import Return
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.world import a_person, a_return, a_sku, an_order

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def asked(order: Order, **changes: Any) -> dict[str, Any]:
    """The request form as the page sends it, for one unit of the first line."""
    line = order.lines.order_by("id")[0]
    return {
        "key": key(), "kind": "return", "channel": "phone", f"quantity-{line.pk}": "1", f"reason-{line.pk}": "preference",
        f"story-{line.pk}": "", f"wanted-{line.pk}": str(line.sku_id),
    } | changes  # fmt: skip


def test_a_promise_made_on_the_order_reaches_the_verdict(sit: Sit) -> None:
    order = an_order(days_ago=20)
    client, where = sit("agent"), f"/desk/orders/{order.pk}/promise/"
    late = a_return(order).lines.get().verdicts.get().outcome
    assert late["requested_due"] is False
    assert "Promised days of no-reason return" in client.get(where).content.decode()
    wrong = client.post(where, {"text": "Thirty days", "promised_days": "400"})
    assert (wrong.status_code, order.promises.count()) == (422, 0)
    client.post(where, {"text": "Thirty days", "promised_days": "30", "promised_return": "on"})
    assert order.promises.get().terms == {"promised_days": 30, "promised_return": True}
    page = client.get(f"/desk/orders/{order.pk}/").content.decode()
    assert "promised days of no-reason return: 30 · return freight promised" in page
    verdict = a_return(order).lines.get().verdicts.get().outcome
    assert (verdict["requested_due"], verdict["return_leg_payer"]) == (True, "shop")


@pytest.mark.postgres  # SQLite asks list by list
def test_the_order_page(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ret = stages.submitted()
    agent = sit("agent")
    agent.get("/desk/profile/")
    with django_assert_max_num_queries(7):
        page = agent.get(f"/desk/orders/{ret.order_id}/").content.decode()
    assert ret.ref in page
    assert "New request" in page
    assert "New request" not in sit("auditor").get(f"/desk/orders/{ret.order_id}/").content.decode()


def test_a_look_at_the_rules_writes_nothing(sit: Sit) -> None:
    order = an_order()
    answer = sit("agent").post(f"/desk/orders/{order.pk}/request/", asked(order, preview="1"))
    assert answer.status_code == 200
    assert 'class="verdict' in answer.content.decode()
    assert not Return.objects.exists()


def test_a_request_by_phone_is_opened_once(sit: Sit) -> None:
    order = an_order()
    agent, sent = sit("agent"), asked(order)
    first = agent.post(f"/desk/orders/{order.pk}/request/", sent)
    second = agent.post(f"/desk/orders/{order.pk}/request/", sent)
    ret = Return.objects.get()
    assert first["Location"] == second["Location"] == f"/desk/tickets/{ret.ticket.ref}/"
    assert (ret.channel, ret.lines.get().quantity) == ("phone", 1)


def test_an_exchange_by_phone_takes_the_wanted_variant(sit: Sit) -> None:
    order, wanted = an_order(), a_sku(variant="白 L")
    line = order.lines.get()
    sent = asked(
        order, kind="exchange", **{f"wanted-{line.pk}": str(wanted.pk), f"reason-{line.pk}": "wrong_choice.size"}
    )
    sit("agent").post(f"/desk/orders/{order.pk}/request/", sent)
    assert Return.objects.get().lines.get().wanted_sku == wanted


@pytest.mark.parametrize(
    "odd",
    [
        {"quantity": "3"}, {"quantity": "-1"}, {"quantity": "1e3"}, {"reason": ""}, {"reason": "because"}, {"wanted": "999999"},
        {"quantity": "0"}, {"story": "x" * 2001}, {"kind": "gift"}, {"channel": "drum"}, {"key": ""},
    ],
    ids=str,
)  # fmt: skip
def test_odd_requests_get_a_sentence_and_open_nothing(sit: Sit, odd: dict[str, str]) -> None:
    order = an_order()
    line = order.lines.get()
    named = {
        f"{name}-{line.pk}" if name in ("quantity", "reason", "wanted", "story") else name: v for name, v in odd.items()
    }
    answer = sit("agent").post(f"/desk/orders/{order.pk}/request/", asked(order, **named))
    assert answer.status_code in (400, 422)
    assert 'role="alert"' in answer.content.decode()
    assert not Return.objects.exists()


def test_a_contact_is_shown_for_a_reason_that_stays_on_record(sit: Sit) -> None:
    person = a_person(phone="+8613812345678")
    point = person.contact_points.get(kind="phone")
    where = f"/desk/people/{person.ref}/contacts/{point.pk}/"
    agent = sit("agent")
    assert "13812345678" not in agent.get(f"/desk/people/{person.ref}/").content.decode()
    bare = agent.post(where, {"why": "  "})
    assert bare.status_code == 422
    assert "13812345678" not in bare.content.decode()
    shown = agent.post(where, {"why": "Call back about the parcel"})
    assert "+8613812345678" in shown.content.decode()
    event = Event.objects.get(name="contact.revealed")
    assert event.data["why"] == "Call back about the parcel"
    assert sit("warehouse").post(where, {"why": "curious"}).status_code == 403


def test_a_contact_of_somebody_else_is_not_found(sit: Sit) -> None:
    one, other = a_person(), a_person(name="B", phone="+8613800009999", email="b@example.org")
    point = other.contact_points.filter(kind="phone").get()
    assert sit("agent").get(f"/desk/people/{one.ref}/contacts/{point.pk}/").status_code == 404


def test_the_search_finds_what_people_name(sit: Sit) -> None:
    person = a_person(name="欧阳晓", phone="+8613900004321", email="xiao@example.org")
    ret = stages.in_transit(stages.submitted(an_order(person=person)))
    agent, parcel = sit("agent"), ret.parcels.get()
    for text, wanted in {
        ret.order.number: f"/desk/orders/{ret.order_id}/",
        "4321": f"/desk/people/{person.ref}/",
        "139 0000 4321": f"/desk/people/{person.ref}/",
        "XIAO@example.org": f"/desk/people/{person.ref}/",
        "阳晓": f"/desk/tickets/{ret.ticket.ref}/",
        "欧": f"/desk/people/{person.ref}/",
        parcel.number: f"/desk/returns/{ret.ref}/",
        ret.order.shipments.get().number: f"/desk/orders/{ret.order_id}/",
    }.items():
        assert wanted in agent.get("/desk/search/", {"q": text}).content.decode(), text


def test_a_reference_leads_straight_to_its_page(sit: Sit) -> None:
    ret = stages.refund_due()
    agent = sit("agent")
    typed = ret.ticket.ref.replace("-", " ").lower()
    assert agent.get("/desk/search/", {"q": typed})["Location"] == f"/desk/tickets/{ret.ticket.ref}/"
    assert agent.get("/desk/search/", {"q": ret.refunds.get().ref})["Location"] == f"/desk/returns/{ret.ref}/"
    assert agent.get(f"/desk/returns/{ret.ref}/")["Location"] == f"/desk/tickets/{ret.ticket.ref}/"


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "'; DROP TABLE", "x" * 5000, "\x00", "<b>", "9" * 80])
def test_odd_questions_find_nothing_and_break_nothing(sit: Sit, text: str) -> None:
    stages.submitted()
    answer = sit("agent").get("/desk/search/", {"q": text})
    assert answer.status_code == 200
    assert "/desk/orders/" not in answer.content.decode()


def test_my_page_says_who_i_am(sit: Sit) -> None:
    page = sit("warehouse").get("/desk/profile/").content.decode()
    assert "warehouse@shop.example" in page
    assert "return.inspect" in page


def test_a_link_for_the_customer_is_shown_once_and_opens_the_order(sit: Sit) -> None:
    order, agent = an_order(), sit("agent")
    where = f"/desk/orders/{order.pk}/link/"
    assert where in agent.get(f"/desk/orders/{order.pk}/").content.decode()
    assert "/l/" not in agent.get(where).content.decode(), "looking makes none"
    found = re.search(r"http\S+?(/l/[\w-]+/)", agent.post(where).content.decode())
    assert found
    customers = Client(headers={"accept-language": "en"})
    assert customers.post(found[1])["Location"].startswith(f"/orders/{order.pk}/")
    assert Client().post(found[1]).status_code == 410
    assert Event.objects.filter(name="proof.link_made").count() == 1
    assert sit("warehouse").get(where).status_code == 403
