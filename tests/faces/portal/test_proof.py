"""Prove an order in the browser: three ways in, one answer to whatever does not fit, and the way back to where one was."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from customers.actions.proof import give_claim_codes, make_link
from customers.models import Order
from tests.faces.portal.conftest import Opened
from tests.world import an_order, staff

pytestmark = pytest.mark.django_db(transaction=True)

ENGLISH = {"accept-language": "en"}


def claim_code(order: Order) -> str:
    return give_claim_codes([order.number], platform=order.platform, actor=SYSTEM)[0][1]


def test_the_card_opens_the_order(client: Client) -> None:
    order = an_order()
    code = claim_code(order)
    answer = client.post("/proof/card/", {"number": f" {order.number} ", "claim_code": code.lower().replace("-", " ")})
    assert answer["Location"] == f"/orders/{order.pk}/"
    assert order.number in client.get(answer["Location"]).content.decode()


def test_the_session_gets_a_new_key_with_the_proof(client: Client) -> None:
    order = an_order()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["desk_session"] = before or ""
    client.post("/proof/card/", {"number": order.number, "claim_code": claim_code(order)})
    assert client.cookies["desk_session"].value not in ("", before)


@pytest.mark.parametrize("contact", ["notmail<script>", "138", "a@b", "lin mei@example.org", "@example.org"])
def test_what_is_neither_number_nor_address_is_said_so(client: Client, contact: str) -> None:
    page = client.post("/proof/message/", {"number": an_order().number, "contact": contact}, headers=ENGLISH)
    assert page.status_code == 422
    assert "neither a phone number nor an e-mail address" in page.content.decode()


@pytest.mark.parametrize(
    "contact", ["+86 138-0000-0009", "１３８００００１２３４", "nobody@mail.example.org", "(0571) 8500 0000"]
)
def test_a_contact_of_the_right_shape_goes_on_known_or_not(client: Client, contact: str) -> None:
    assert client.post("/proof/message/", {"number": "42", "contact": contact}).status_code == 302


def test_a_code_sent_to_the_contact_on_file_opens_the_order(client: Client, drain: Callable[[], int]) -> None:
    order = an_order()
    sent = client.post("/proof/message/", {"number": order.number, "contact": "Lin.Mei@example.org"})
    assert sent["Location"] == "/proof/message/code/"
    drain()
    found = re.search(r"\b\d{6}\b", "\n".join(str(each.body) for each in mail.outbox))  # a visit may be due as well
    assert found
    assert client.post("/proof/message/code/", {"code": found[0]})["Location"] == f"/orders/{order.pk}/"


def test_a_code_works_once(client: Client, drain: Callable[[], int]) -> None:
    order = an_order()
    client.post("/proof/message/", {"number": order.number, "contact": "lin.mei@example.org"})
    drain()
    code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert code
    client.post("/proof/message/code/", {"code": code[0]})
    other = Client()
    session = other.session
    session["portal_asked"] = {"number": order.number, "contact": "lin.mei@example.org"}
    session.save()
    other.cookies["desk_session"] = session.session_key or ""
    assert other.post("/proof/message/code/", {"code": code[0]}).status_code == 422


def test_a_double_press_with_a_code_opens_the_order(client: Client, drain: Callable[[], int]) -> None:
    order = an_order()
    client.post("/proof/message/", {"number": order.number, "contact": "lin.mei@example.org"})
    drain()
    code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert code
    before = client.cookies["desk_session"].value
    client.post("/proof/message/code/", {"code": code[0]})
    client.cookies["desk_session"] = before  # the second press left with the old cookie
    again = client.post("/proof/message/code/", {"code": code[0]})
    assert again["Location"] == f"/orders/{order.pk}/"
    assert client.get(again["Location"]).status_code == 200


def test_the_old_key_alone_opens_nothing(client: Client) -> None:
    order = an_order()
    client.post("/proof/message/", {"number": order.number, "contact": "lin.mei@example.org"})
    before = client.cookies["desk_session"].value
    client.post(f"/l/{make_link(order.pk, actor=staff())}/")
    stranger = Client()
    stranger.cookies["desk_session"] = before
    assert stranger.get(f"/orders/{order.pk}/")["Location"].startswith("/?next=")
    assert stranger.post("/proof/message/code/", {"code": "000000"})["Location"] == "/proof/message/"
    late = stranger.get("/")
    assert "desk_session" not in late.cookies  # a late answer must not take the new cookie away


def test_the_page_after_asking_is_the_same_for_a_stranger(client: Client) -> None:
    order = an_order()
    known = client.post("/proof/message/", {"number": order.number, "contact": "lin.mei@example.org"}, follow=True)
    stranger = Client()
    unknown = stranger.post("/proof/message/", {"number": order.number, "contact": "no@example.org"}, follow=True)

    def plain(page: str) -> str:
        return re.sub(r'value="[^"]{30,}"|[\w.]+@example.org|"X-CSRFToken": "\w+"', "", page)

    assert plain(known.content.decode()) == plain(unknown.content.decode())


@pytest.mark.parametrize("wrong", ["number", "code"])
def test_wrong_order_and_wrong_code_get_one_answer(client: Client, wrong: str) -> None:
    order = an_order()
    code = claim_code(order)
    typed = {"number": order.number, "claim_code": code} | (
        {"number": "999"} if wrong == "number" else {"claim_code": "0000-0000"}
    )
    page = client.post("/proof/card/", typed, headers=ENGLISH)
    assert page.status_code == 422
    assert "These details do not match an order." in page.content.decode()


def test_the_number_stays_typed_after_a_wrong_code(client: Client) -> None:
    page = client.post("/proof/card/", {"number": "123456", "claim_code": "x"})
    assert 'value="123456"' in page.content.decode()


def test_too_many_tries_say_when_to_come_back(client: Client) -> None:
    order = an_order()
    for _ in range(5):
        client.post("/proof/card/", {"number": order.number, "claim_code": "0000-0000"})
    page = client.post("/proof/card/", {"number": order.number, "claim_code": claim_code(order)}, headers=ENGLISH)
    assert page.status_code == 429
    assert 3_000 < int(page["Retry-After"]) <= 3_600
    assert "Possible again in 60 minutes" in page.content.decode()


def test_looking_at_a_link_does_not_use_it_up(client: Client) -> None:
    order = an_order()
    address = f"/l/{make_link(order.pk, actor=staff())}/"
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert client.post(address)["Location"] == f"/orders/{order.pk}/"


def test_a_used_link_says_so(client: Client) -> None:
    order = an_order()
    address = f"/l/{make_link(order.pk, actor=staff())}/"
    client.post(address)
    page = Client().post(address, headers=ENGLISH)
    assert page.status_code == 410
    assert "This link is used up" in page.content.decode()


def test_a_link_that_nobody_used_in_time_has_a_page_of_its_own(client: Client) -> None:
    """Not so one that was used before it grew old, nor one that never was: to a guesser both are the same."""
    order = an_order()
    made = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
    with clock.fixed(made):
        late, used = (f"/l/{make_link(order.pk, actor=staff())}/" for _ in range(2))
        assert client.post(used).status_code == 302
    headlines = {
        late: "<h1>This link has expired</h1>",
        used: "<h1>This link is used up</h1>",
        "/l/" + "x" * 43 + "/": "<h1>This link is used up</h1>",
    }
    with clock.fixed(made + dt.timedelta(minutes=10, seconds=1)):
        for address, headline in headlines.items():
            page = Client().post(address, headers=ENGLISH)
            assert page.status_code == 410
            assert headline in page.content.decode()
        chinese = Client().post(late, headers={"accept-language": "zh-hans"}).content.decode()
    assert "<h1>这个链接已过期</h1>" in chinese
    assert "再打开" in chinese or "其他方式" in chinese


def test_a_proof_leads_back_to_where_one_was(client: Client) -> None:
    order = an_order()
    asked = client.get(f"/orders/{order.pk}/questions/")
    assert asked["Location"] == f"/?next=%2Forders%2F{order.pk}%2Fquestions%2F"
    start = client.get(asked["Location"], headers=ENGLISH).content.decode()
    assert "then you come straight to the page you wanted" in start
    assert f"/proof/card/?next=%2Forders%2F{order.pk}%2Fquestions%2F" in start
    proof = f"/proof/card/?next=/orders/{order.pk}/questions/"
    answer = client.post(proof, {"number": order.number, "claim_code": claim_code(order)})
    assert answer["Location"] == f"/orders/{order.pk}/questions/"


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example/", "/office/", "/orders/999999/", "javascript:x"]
)
def test_a_way_that_is_not_ours_leads_to_the_order(client: Client, way: str) -> None:
    order = an_order()
    answer = client.post(f"/proof/card/?next={way}", {"number": order.number, "claim_code": claim_code(order)})
    assert answer["Location"] == f"/orders/{order.pk}/"


def test_leaving_closes_every_order(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    assert client.get(f"/orders/{order.pk}/").status_code == 200
    client.post("/leaving/")
    assert client.get(f"/orders/{order.pk}/")["Location"].startswith("/?next=")


def test_a_start_page_says_why_it_asks_again(client: Client) -> None:
    order = an_order()
    client.post("/proof/card/", {"number": order.number, "claim_code": claim_code(order)})
    client.post("/leaving/")
    page = client.get(f"/orders/{order.pk}/", follow=True, headers=ENGLISH)
    assert "what you have entered is kept" in page.content.decode()


def test_nothing_of_an_order_is_cached(opened: Opened) -> None:
    order = an_order()
    assert "no-store" in opened(order).get(f"/orders/{order.pk}/")["Cache-Control"]


def test_every_form_needs_its_token(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/orders/{order.pk}/request/").status_code == 403
    assert client.post("/proof/card/", {"number": "1", "claim_code": "2"}).status_code == 403
