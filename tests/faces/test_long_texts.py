"""A paste that is far too long: never cut, told with numbers, kept where it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from django.utils import translation

from tests.faces.desk import stages
from tests.faces.desk.conftest import sit as sit_at_the_desk
from tests.faces.portal.conftest import opened as opened_by_a_customer
from tests.world import an_order
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db

sit, opened = sit_at_the_desk, opened_by_a_customer  # the fixtures
LONG = "很长" * 30_000  # 180 kB
FIVE_MEGABYTES = "粘贴" * 900_000


class Words(forms.Form):
    text = forms.CharField(max_length=30, widget=forms.Textarea(attrs={"rows": 3, "required": True}))
    line = forms.CharField(max_length=30)


def test_no_text_is_cut_by_the_browser() -> None:
    with translation.override("en"):
        page = str(Words({"text": "<b>", "line": ""}))
    area = re.search(r"<textarea[^>]*>", page)
    assert area
    assert "maxlength" not in area[0]
    assert 'data-longest="30"' in area[0]
    assert "characters; %(longest)s are the most" in area[0]
    assert (' rows="3"' in area[0], " required" in area[0]) == (True, True)
    assert "&lt;b&gt;</textarea>" in page
    assert 'maxlength="30"' in page, "a line has its end"


def test_a_long_question_of_a_customer_comes_back_whole(opened: Callable[..., Client]) -> None:
    order = an_order()
    page = opened(order).post(f"/orders/{order.pk}/questions/", {"text": LONG})
    assert page.status_code in (400, 422)
    assert LONG in page.content.decode()
    assert re.search(r"60000|60,000", page.content.decode())
    assert not Message.objects.exists()


def test_a_long_deed_comes_back_whole(sit: Callable[..., Client]) -> None:
    ticket, agent = stages.question(), sit("agent")
    sent = {"code": "", "statement": LONG}
    page = agent.post(f"/desk/tickets/{ticket.ref}/complaint/", sent)
    assert page.status_code == 422
    assert LONG in page.content.decode()
    assert "This has 60000 characters; 5000 are the most." in page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_five_megabytes_have_a_sentence_of_their_own(sit: Callable[..., Client], language: str) -> None:
    ticket, agent = stages.question(), sit("agent")
    before = Message.objects.count()
    for noun in ("note", "complaint", "draft"):
        page = agent.post(
            f"/desk/tickets/{ticket.ref}/{noun}/", {"text": FIVE_MEGABYTES}, headers={"accept-language": language}
        )
        assert page.status_code == 413
        said = {"en": "That is too much text", "zh-hans": "文字太多了"}[language]
        assert said in page.content.decode()
        assert "100" not in page.content.decode().split("<main")[1].split("</main")[0].replace("300,000", "")
    assert Message.objects.count() == before
    assert Ticket.objects.filter(kind="complaint").count() == 0


def test_too_many_fields_are_told_as_before(sit: Callable[..., Client]) -> None:
    ticket = stages.question()
    page = sit("agent").post(f"/desk/tickets/{ticket.ref}/note/", {f"f{each}": "x" for each in range(600)})
    assert page.status_code == 400
    assert "fewer files" in page.content.decode()
