"""What a ticket and its pages tell: findings, sums, who released, in the reader's language, and a way on from dead ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from aftersales.search.find import find
from returns.actions.payment import release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from tests.faces.desk import stages
from tests.faces.desk.test_warehouse import judged
from tests.world import a_sku, an_order, staff
from tickets.actions.opening import open_ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def test_the_ticket_tells_what_was_found_on_each_unit(sit: Sit) -> None:
    ret = stages.in_transit(stages.submitted(an_order(skus=[(a_sku(), 2)]), quantity=2))
    line = ret.lines.get()
    receive_goods(ret.pk, {line.pk: 2}, key="count", actor=staff("warehouse"))
    found = [
        Finding(line.pk, 1, True, "intact", "restock"),
        Finding(line.pk, 1, False, "damaged", "send_back", note="One torn"),
    ]
    inspect_goods(ret.pk, found, clause="Measures art. 8", actor=staff("warehouse"))
    page = sit().get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert "× 1 · accepted · intact · back on the shelf" in page
    refused = page.partition("not accepted · damaged · back to the customer")[2]
    assert "One torn" in refused[:120]


def test_the_note_stands_under_the_refused_units_only(sit: Sit) -> None:
    ret = stages.in_transit(stages.submitted(an_order(skus=[(a_sku(), 2)]), quantity=2))
    receive_goods(ret.pk, {ret.lines.get().pk: 2}, key="count", actor=staff("warehouse"))
    sent = judged(ret, refused="1", refused_grade="damaged", refused_goes="send_back", note="One torn")
    sent["clause"] = "Measures art. 8"
    assert sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", sent).status_code == 302
    assert {each.accepted: each.note for each in ret.lines.get().inspections.all()} == {True: "", False: "One torn"}


@pytest.mark.parametrize(("reason", "ready"), [("preference", True), ("quality_defect", False)])
def test_goods_said_to_be_faulty_are_not_put_on_the_shelf_by_default(sit: Sit, reason: str, ready: bool) -> None:
    ret = stages.received(stages.submitted(reason=reason))
    page = sit("warehouse").get(f"/desk/returns/{ret.ref}/inspection/").content.decode()
    assert ('value="restock" selected' in page) == ready
    assert ('value="intact" selected' in page) == ready


def test_the_ticket_tells_the_sums_before_anything_came(sit: Sit) -> None:
    ret = stages.awaiting_return(stages.submitted(an_order(skus=[(a_sku(price=9_900), 2)]), quantity=2))
    page = sit().get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert "Refund at most" in page
    assert page.count("¥198.00") >= 2


def test_an_even_exchange_says_that_nothing_is_to_pay(sit: Sit) -> None:
    page = sit().get(f"/desk/tickets/{stages.awaiting_reship().ticket.ref}/").content.decode()
    assert "nothing to pay on either side" in page


@pytest.mark.parametrize(("days_ago", "warned"), [(3, True), (60, False)])
def test_refusing_what_is_due_is_cautioned(sit: Sit, days_ago: int, warned: bool) -> None:
    ret = stages.submitted(an_order(days_ago=days_ago))
    page = sit().get(f"/desk/returns/{ret.ref}/rejection/").content.decode()
    assert ("By the rules, what the customer asks for is due" in page) == warned


def test_both_people_who_released_a_refund_are_in_the_story(sit: Sit) -> None:
    ret = stages.refund_due(price=80_000)
    refund = ret.refunds.get()
    release_refund(refund.pk, actor=staff("agent"))
    release_refund(refund.pk, actor=staff("lead"))
    page = sit().get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert "Refund released by the first person" in page
    assert "Refund released by the second person" in page


def test_a_title_kept_in_another_language_is_shown_in_the_readers() -> None:
    with translation.override("zh-hans"):
        ticket = stages.submitted().ticket
    hits = {group.kind: group.hits for group in find(staff(), ticket.ref)}
    assert hits["ticket"][0].title == f"Return · {ticket.person}"
    asked = open_ticket(kind="question", title="Invoice?", person=ticket.person, order=None, actor=staff())
    assert asked.subject == "Invoice?"


def test_a_reference_is_found_without_its_letter(sit: Sit) -> None:
    ret = stages.in_transit()
    for ref, kind in ((ret.ref, "return"), (ret.ticket.ref, "ticket")):
        assert [group.kind for group in find(staff(), ref.partition("-")[2].lower())] == [kind]
    answer = sit("warehouse").get("/desk/warehouse/", {"scan": ret.ref.partition("-")[2]})
    assert answer["Location"] == f"/desk/returns/{ret.ref}/goods/"


@pytest.mark.parametrize(("where", "way"), [("/desk/nope/", "/desk/"), ("/office/nope/", "/office/"), ("/nope/", "/")])
def test_a_page_that_is_not_there_leads_back_to_its_face(sit: Sit, where: str, way: str) -> None:
    answer = sit("manager").get(where)
    assert answer.status_code == 404
    assert f'class="button button--primary" href="{way}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("came_from", "way"),
    [
        ("http://testserver/desk/tickets/?view=mine", "/desk/tickets/?view=mine"),
        ("http://evil.example/desk/", "/"),
        ("http://testserver//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_an_expired_form_offers_the_way_back(came_from: str, way: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/account/login/", {}, headers={"referer": came_from})
    assert answer.status_code == 403
    assert f'class="button button--primary" href="{way}"' in answer.content.decode()
