"""Lin Mei complains: one question a page, then a page that says what happens next and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from customers.actions.promises import keep_promise
from customers.actions.proof import give_claim_codes
from customers.models import Order
from tests.faces.api.test_callers import a_photo
from tests.world import a_return, an_order, staff
from tickets.actions.complaints import deciding, hearing
from tickets.actions.complaints.apologising import apologise
from tickets.models import Complaint

pytestmark = pytest.mark.django_db

Opened = Callable[..., Client]
SAID = {"once": "a" * 16, "statement": "锅用了两次就坏了", "wish": "换一口新的"}


def test_one_question_a_page_and_sent_once(opened: Opened) -> None:
    order = an_order()
    browser, base = opened(order), f"/orders/{order.pk}/complaint/"
    assert base in browser.get(f"/orders/{order.pk}/").content.decode()
    assert f"{base}goods/" in browser.get(base).content.decode()
    assert f"{base}story/quality/" in browser.get(f"{base}goods/").content.decode()
    story = f"{base}story/quality/"
    assert browser.get(story).status_code == 200
    empty = browser.post(story, {"once": "a", "statement": ""})
    assert (empty.status_code, Complaint.objects.count()) == (422, 0)
    first = browser.post(story, SAID | {"attachments": [a_photo()]})
    second = browser.post(story, SAID)
    complaint = Complaint.objects.get()
    assert first["Location"] == second["Location"] == f"/complaints/{complaint.ticket.ref}/"
    assert (complaint.statement, complaint.aim, complaint.understood_at) == (SAID["statement"], SAID["wish"], None)
    assert Attachment.objects.of(complaint.ticket.messages.get()).count() == 1
    assert complaint.ticket.ref in browser.get(f"/orders/{order.pk}/").content.decode()


def test_a_class_that_is_not_offered_is_no_page(opened: Opened) -> None:
    order = an_order()
    browser, base = opened(order), f"/orders/{order.pk}/complaint/"
    assert browser.get(f"{base}nonsense/").status_code == 404
    assert browser.get(f"{base}story/nonsense/").status_code == 404


def test_it_is_about_the_return_it_began_from(opened: Opened) -> None:
    order = an_order()
    ret, browser = a_return(order), opened(order)
    here = f"/orders/{order.pk}/complaint/?about={ret.ref}"
    assert here in browser.get(f"/returns/{ret.ref}/").content.decode()
    assert f"goods/?about={ret.ref}" in browser.get(here).content.decode()
    browser.post(f"/orders/{order.pk}/complaint/story/freight/?about={ret.ref}", SAID)
    assert Complaint.objects.get().about == ret.ticket


def test_the_page_says_what_happens_next_and_asks_how_content_one_is(opened: Opened) -> None:
    order, agent = an_order(), staff("agent")
    browser = opened(order)
    where = browser.post(f"/orders/{order.pk}/complaint/story/quality/", SAID)["Location"]
    complaint = Complaint.objects.get()
    pk = complaint.ticket_id
    page = browser.get(where).content.decode()
    assert "We read what you wrote and answer you" in page
    assert "right now?" in page
    assert browser.post(f"{where}satisfaction/", {"score": "9"}).status_code == 422
    browser.post(f"{where}satisfaction/", {"score": "2"})
    browser.post(f"{where}satisfaction/", {"score": "5"})
    assert [(each.stage, each.score) for each in complaint.ratings.all()] == [("before", 2)]
    apologise(pk, words="非常抱歉", channel="phone", actor=agent)
    assert "We work on a solution" in browser.get(where).content.decode()
    hearing.hear_out(pk, statement="锅坏了", actor=agent)
    hearing.understand(pk, real_problem="没人管", aim="换新", actor=agent)
    deciding.decide_fault(pk, fault="supplier", reason="批次缺陷内部结论", actor=agent)
    due = clock.now() + dt.timedelta(days=2)
    planned = deciding.make_plan(pk, text="内部方案", promise="周四前寄出新锅", due_at=due, actor=agent)
    page = browser.get(where).content.decode()
    assert "周四前寄出新锅" in page
    for secret in ("批次缺陷", "内部方案", "没人管", "supplier"):
        assert secret not in page
    assert planned.promise is not None
    keep_promise(planned.promise.pk, actor=agent)
    assert "with what we did about it?" in browser.get(where).content.decode()
    browser.post(f"{where}satisfaction/", {"score": "4"})
    assert complaint.ratings.get(stage="after").score == 4
    browser.post(where, {"once": "b" * 16, "text": "谢谢"})
    assert complaint.ticket.messages.filter(text="谢谢").count() == 1


def a_card(order: Order) -> dict[str, str]:
    code = give_claim_codes([order.number], platform=order.platform, actor=SYSTEM)[0][1]
    return {"number": order.number, "claim_code": code}


def test_whoever_proves_the_order_first_comes_back_and_others_find_nothing(opened: Opened) -> None:
    order, other = an_order(), an_order()
    where = opened(order).post(f"/orders/{order.pk}/complaint/story/quality/", SAID)["Location"]
    stranger = opened(other)
    assert stranger.get(where).status_code == 404
    asked = Client().get(where)["Location"].replace("/?", "/proof/card/?")
    assert Client().post(asked, a_card(order))["Location"] == where
    assert Client().post(asked, a_card(other))["Location"] == f"/orders/{other.pk}/"
    assert stranger.post(f"{where}satisfaction/", {"score": "1"}).status_code == 404
    assert stranger.post(f"/orders/{order.pk}/complaint/story/quality/", SAID).status_code == 404
    assert Complaint.objects.get().ratings.count() == 0
