"""The mailroom: what waits is seen, searched, placed, made a ticket, put aside; the original is saved and never opened."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Event
from customers.models import ContactPoint, Shop
from tests.faces.desk import stages
from tests.mail.conftest import letter
from tests.world import an_order, customer, staff
from tickets.actions.conversation import reply
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.keeping import keep_mail
from tickets.actions.mail.placing import place
from tickets.actions.questions import ask_question
from tickets.models import Arrival, Block, Ticket

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


def test_where_a_mailbox_is_read_is_changed_by_its_own_action(sit: Sit) -> None:
    from tickets.models import MailAccount

    client, add = sit("manager"), "/office/tickets/mailaccount/add/"
    box = {"address": "help@shop.example", "host": "imap.old.example", "port": "993", "user": "help", "folder": "INBOX"}
    client.post(add, {**box, "begins_at": "2026-03-01T08:00:00"})
    account = MailAccount.objects.get()
    assert account.begins_at == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    read = clock.now()
    MailAccount.objects.update(uid_validity=1, last_uid=5_000, last_read_at=read, begins_at=read - dt.timedelta(days=9))
    page = f"/office/tickets/mailaccount/{account.pk}/change/"
    typed = re.search(r'name="begins_at" value="([^"]+)"', client.get(page).content.decode())
    assert typed
    same = {**box, "begins_at": typed[1], "sender_name": "Help"}
    client.post(page, same)
    account.refresh_from_db()
    assert (account.sender_name, account.last_uid) == ("Help", 5_000), "nothing is read again for its name"
    client.post(page, {**same, "host": "imap.new.example"})
    account.refresh_from_db()
    assert (account.host, account.uid_validity, account.last_uid, account.last_read_at) == (
        "imap.new.example",
        None,
        0,
        None,
    )
    assert read - dt.timedelta(hours=1) < account.begins_at < read
    assert Event.objects.filter(name="mail.account_moved").count() == 1
    client.post(page, {**same, "host": "imap.new.example", "begins_at": "2026-03-02T08:00:00"})
    account.refresh_from_db()
    assert account.begins_at == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    client.post(page, {**same, "host": "imap.new.example", "begins_at": ""})
    assert MailAccount.objects.get().begins_at == account.begins_at


def several(*senders: str) -> list[Arrival]:
    return [
        arrived(letter(f"words {uid}", sender=each, subject=f"No. {uid}"), uid) for uid, each in enumerate(senders, 1)
    ]


def test_several_mails_at_once_each_by_itself(sit: Sit) -> None:
    one, two, three, nobody = several("a@x.example", "b@z.example", "c@y.example", "a@x.example, b@x.example")
    agent = sit()
    page = agent.get("/desk/mail/").content.decode()
    assert 'value="block"' not in page, "blocking is the leads'"
    asked = {"what": "tickets", "list": "q=No", "mail": [one.ref, nobody.ref]}
    form = agent.get("/desk/mail/many/", asked).content.decode()
    assert "For 2 mails:" in form
    assert one.sender not in form
    answer = agent.post("/desk/mail/many/", query_params=asked)
    told = answer.content.decode()
    assert "Done for 1 mail." in told
    assert "It names no sender, or several" in told
    assert Ticket.objects.get().title == "No. 1"
    answer = agent.post("/desk/mail/many/", query_params={**asked, "what": "aside", "mail": [two.ref, two.ref]})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/mail/?q=No")
    agent.post("/desk/mail/many/", query_params={**asked, "mail": [one.ref]})
    assert Ticket.objects.count() == 1, "twice is once"
    block = {"what": "block", "mail": [three.ref, two.ref]}
    assert agent.post("/desk/mail/many/", query_params=block).status_code == 403
    lead = sit("lead")
    refused = lead.post("/desk/mail/many/", {"scope": "domain", "reason": ""}, query_params=block)
    assert refused.status_code == 422
    lead.post("/desk/mail/many/", {"scope": "domain", "reason": "Spam"}, query_params=block)
    assert set(Block.objects.values_list("sender", "reason")) == {("@z.example", "Spam"), ("@y.example", "Spam")}
    states = {each.ref: (each.state, each.reason) for each in Arrival.objects.all()}
    assert states == {
        one.ref: ("placed", "new"), two.ref: ("ignored", "declined"), three.ref: ("ignored", "blocked"),
        nobody.ref: ("quarantined", "no_sender"),
    }  # fmt: skip


def test_a_view_is_narrowed_to_a_mailbox_and_a_reason_and_has_pages(sit: Sit) -> None:
    several(*(f"a{number}@x.example" for number in range(32)))
    other = add_account("returns@shop.example", actor=staff("manager"))
    kept = keep_mail(other, letter(sender="z@x.example, y@x.example", subject="Elsewhere"), uid_validity=1, uid=1,
                     received_at=clock.now(), actor=SYSTEM)  # fmt: skip
    place(kept.pk, at=clock.now())
    client = sit()
    page = client.get("/desk/mail/", {"why": "unknown_sender", "page": "2"}).content.decode()
    assert page.count("work__subject") == 2
    assert "32 entries" in page
    assert "why=unknown_sender" in page, "the pages keep the filter"
    for narrowed in ({"box": str(other.pk)}, {"why": "no_sender"}):
        found = client.get("/desk/mail/", narrowed).content.decode()
        assert found.count("work__subject") == 1
        assert "Elsewhere" in found
    assert "33 entries" in client.get("/desk/mail/", {"box": "x", "why": "new"}).content.decode()


def test_senders_are_blocked_on_a_page_that_says_who_and_why(sit: Sit) -> None:
    (arrival,) = several("a@x.example")
    an_order()
    client = sit("lead")
    assert "everybody at x.example" in client.get(f"/desk/mail/{arrival.ref}/blocking/").content.decode()
    client.post(f"/desk/mail/{arrival.ref}/blocking/", {"scope": "address", "reason": "Rude"})
    answer = client.post("/desk/mail/blocks/", {"sender": "example.org", "reason": "?"})
    assert answer.status_code == 400
    assert "1 customers have an address at example.org" in answer.content.decode()
    client.post("/desk/mail/blocks/", {"sender": "spam.example", "reason": "Spam"})
    page = client.get("/desk/mail/blocks/").content.decode()
    for words in ("a@x.example", "Rude", "@spam.example", "everybody there", "lead"):
        assert words in page
    block = Block.objects.get(sender="a@x.example")
    client.post(f"/desk/blocks/{block.pk}/ending/")
    block.refresh_from_db()
    assert block.ended_by is not None
    assert "ended" in client.get("/desk/mail/blocks/").content.decode()
    assert sit("agent").get("/desk/mail/blocks/").status_code == 403


def test_cc_is_there_from_the_first_page_where_the_shop_mails_its_words(
    sit: Sit, drain: Callable[[], int], django_assert_max_num_queries: Any
) -> None:
    ticket, client = stages.question(), sit("agent")
    where = f"/desk/tickets/{ticket.ref}/"
    assert 'id="reply-copies"' not in client.get(where).content.decode()
    Shop.objects.update(mails_words=True)
    with django_assert_max_num_queries(12):  # who got each message, and who is suggested
        assert 'id="reply-copies"' in client.get(where).content.decode()
    reply(ticket.pk, text="在。", actor=staff(), cc=["zhou@family.example"])
    assert "z***@family.example" in client.get(where).content.decode(), "below the reply"
    ContactPoint.objects.all().delete()
    drain()
    assert "there is no address · copies sent" in client.get(where).content.decode(), "the customer heard nothing"
