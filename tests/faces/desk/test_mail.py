"""The mailroom: what waits is seen, searched, placed, made a ticket, put aside; the original is saved and never opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from tests.mail.conftest import letter
from tests.world import an_order, customer, staff
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.questions import ask_question
from tickets.models import Arrival, Ticket

Sit = Callable[..., Client]


def arrived(raw: bytes, uid: int = 1) -> Arrival:
    account = add_account("service@shop.example", actor=staff("manager"))
    kept = keep_mail(account, raw, uid_validity=1, uid=uid, received_at=clock.now(), actor=SYSTEM)
    return place(kept.pk, at=clock.now())


def test_what_waits_stands_in_the_list_with_its_reason(sit: Sit) -> None:
    arrived(letter("<script>alert(1)</script> hello", sender="Eve <eve@stranger.example>", subject="Where is it"))
    page = sit().get("/desk/mail/").content.decode()
    assert "Where is it" in page
    assert "The sender is not in the archive" in page
    assert "eve@stranger.example" not in page, "addresses are masked in lists"
    assert "<script>alert" not in page


def test_words_and_whole_addresses_are_found(sit: Sit) -> None:
    arrived(letter("退货地址", sender="Eve <eve@stranger.example>"), 1)
    arrived(letter("发票", sender="Bob <bob@stranger.example>", subject="别的"), 2)
    client = sit()
    for words, seen in (("退货地址", "e***@"), ("eve@stranger.example", "Eve"), ("发票", "Bob")):
        page = client.get("/desk/mail/", {"q": words}).content.decode()
        assert page.count("work__subject") == 1, words
        assert seen in page or words == "退货地址"
    assert "Nothing matches" in client.get("/desk/mail/", {"q": " 没有 "}).content.decode()


def test_it_is_placed_on_a_ticket_and_gone_from_the_list(sit: Sit) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    arrival = arrived(letter("在的", sender="Eve <eve@stranger.example>", subject=f"about {ticket.ref}"))
    client = sit()
    form = client.get(f"/desk/mail/{arrival.ref}/placing/").content.decode()
    assert f'value="{ticket.ref}"' in form, "the ticket it names is offered"
    assert "not its customer" in form
    client.post(f"/desk/mail/{arrival.ref}/placing/", {"ticket": ticket.ref})
    client.post(f"/desk/mail/{arrival.ref}/placing/", {"ticket": ticket.ref})
    assert ticket.messages.filter(text="在的").count() == 1
    assert "Nothing waits" in client.get("/desk/mail/").content.decode()
    assert ticket.ref in client.get("/desk/mail/?view=placed").content.decode()


def test_a_wrong_number_is_said_at_the_field(sit: Sit) -> None:
    arrival = arrived(letter(sender="Eve <eve@stranger.example>"))
    answer = sit().post(f"/desk/mail/{arrival.ref}/placing/", {"ticket": "T-123"})
    assert answer.status_code == 400
    assert "There is no ticket “T-123”" in answer.content.decode()


def test_a_ticket_is_made_of_it(sit: Sit) -> None:
    arrival = arrived(letter(sender="Eve <eve@stranger.example>", subject="Help"))
    sit().post(f"/desk/mail/{arrival.ref}/ticket/")
    assert Ticket.objects.get().title == "Help"


def test_it_is_put_aside_and_found_under_that_view(sit: Sit) -> None:
    arrival = arrived(letter(sender="Eve <eve@stranger.example>", subject="Buy now"))
    client = sit()
    client.post(f"/desk/mail/{arrival.ref}/putting-aside/")
    assert "Buy now" in client.get("/desk/mail/?view=aside").content.decode()
    assert "Make a ticket of it" in client.get(f"/desk/mail/{arrival.ref}/").content.decode(), (
        "it can still be a ticket"
    )


def test_the_original_is_saved_and_never_shown(sit: Sit) -> None:
    raw = letter(sender="Eve <eve@stranger.example>")
    arrival = arrived(raw)
    answer = sit().get(f"/desk/mail/{arrival.ref}/original/")
    assert answer.content == raw
    assert answer["Content-Disposition"] == f'attachment; filename="{arrival.ref}.eml"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("role", ["warehouse", "auditor"])
def test_the_mailroom_is_the_agents(sit: Sit, role: str) -> None:
    arrival = arrived(letter(sender="Eve <eve@stranger.example>"))
    assert sit(role).get("/desk/mail/").status_code == 403
    assert sit(role).get(f"/desk/mail/{arrival.ref}/original/").status_code == 403


def test_the_pages_ask_few_questions(sit: Sit, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        arrived(letter(sender=f"Eve <eve{number}@stranger.example>"), number + 1)
    client = sit()
    client.get("/desk/mail/")
    with django_assert_max_num_queries(10):
        client.get("/desk/mail/")
    with django_assert_max_num_queries(10):
        client.get(f"/desk/mail/{Arrival.objects.latest('pk').ref}/")


def test_a_manager_adds_an_account_whose_password_is_shown_nowhere(sit: Sit) -> None:
    from tickets.models import MailAccount

    client = sit("manager")
    answer = client.post(
        "/office/tickets/mailaccount/add/",
        {
            "address": "Help@Shop.example", "host": "imap.shop.example", "port": "993", "user": "help",
            "password": "Str3ng-geheim", "folder": "INBOX", "auth_server": "",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    account = MailAccount.objects.get()
    assert (account.address, account.password) == ("help@shop.example", "Str3ng-geheim")
    page = client.get(f"/office/tickets/mailaccount/{account.pk}/change/").content.decode()
    assert "geheim" not in page
    assert account.sealed_password not in page
    client.post("/office/tickets/mailaccount/", {"action": "end", "_selected_action": [str(account.pk)]})
    account.refresh_from_db()
    assert account.ended_at is not None
