"""A form nobody has begun is drawn once for its kind; on every page it is the form of that page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.middleware.csrf import get_token
from django.test import Client
from django.utils import translation

from aftersales.desk import composers
from aftersales.desk.composers import Place
from aftersales.desk.doors import DeskRequest
from aftersales.desk.forms.composer import Composer, NoteForm, ReplyForm
from tests.faces.desk import stages
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
HERE = "/desk/tickets/?view=mine&sort=due"


@pytest.fixture
def ticket() -> Ticket:
    return stages.submitted().ticket


@pytest.fixture
def asked(sit: Sit) -> DeskRequest:
    request: DeskRequest = sit("agent").get("/desk/").wsgi_request  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("signature", ["", "小林 <售后>"])
@pytest.mark.parametrize("renews", [False, True])
@pytest.mark.parametrize("kind", [ReplyForm, NoteForm])
def test_it_says_what_a_form_of_its_own_would_say(
    asked: DeskRequest, ticket: Ticket, kind: type[Composer], language: str, signature: str, renews: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(composers, "signature_of", lambda _request: signature)
    place = Place(ticket, asked, HERE, get_token(asked))
    with translation.override(language):
        once = composers._fresh(kind, place, "7", None, [], mailed=False, renews=renews)
        own = composers.written(kind.begun(None, seen="7", kept=[], signature=signature), place, renews=renews)
    assert plain(once) == plain(own)
    assert 'value="7"' in own


@pytest.mark.parametrize("kind", [ReplyForm, NoteForm])
def test_one_that_offers_a_cc_says_so(kind: type[Composer]) -> None:
    assert kind.has_cc == ("offer_cc" in vars(kind))


def test_each_page_has_its_own_addresses_and_keys(sit: Sit, ticket: Ticket) -> None:
    other, agent = stages.submitted().ticket, sit("agent")
    pages = [agent.get(f"/desk/tickets/{each.ref}/").content.decode() for each in (ticket, other, ticket)]
    for each, page in zip((ticket, other, ticket), pages, strict=True):
        assert f'action="/desk/tickets/{each.ref}/reply/?next=' in page
        assert set(re.findall(r'hx-post="/desk/tickets/([^/]+)/draft/"', page)) == {each.ref}
        assert set(re.findall(r'data-kept-for="[0-9]+:([^:]+):', page)) == {each.ref}
    keys = [key for page in pages for key in re.findall(r'name="key" value="([0-9a-f]{32})"', page)]
    assert len(keys) == len(set(keys)) == 6


def test_two_people_have_tokens_of_their_own(sit: Sit, ticket: Ticket) -> None:
    pages = [sit(role).get(f"/desk/tickets/{ticket.ref}/").content.decode() for role in ("agent", "lead")]
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages]
    assert tokens[0]
    assert not tokens[0] & tokens[1]


def plain(form: str) -> str:
    """Without the key, which every form has of its own, and without what a browser overlooks."""
    return re.sub(r"\s+", " ", re.sub(r'name="key" value="[0-9a-f]{32}"', "", form)).strip()
