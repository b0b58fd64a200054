"""What a customer reads as a conversation with us, whatever the desk calls it, and what stays the shop's own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail

from customers.models import Order
from tests.faces.portal.conftest import Opened
from tests.world import a_complaint, a_return, an_order, customer, staff
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.merging import merge_tickets
from tickets.actions.opening import open_ticket
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def opened_by_hand(order: Order, kind: str) -> Ticket:
    return open_ticket(kind=kind, title="For colleagues", person=order.person, order=order, actor=staff())


@pytest.mark.parametrize("kind", ["repair", "visit", "praise"])
def test_the_link_of_a_reply_opens_whatever_the_shop_opened(opened: Opened, kind: str, drain: Drain) -> None:
    order = an_order()
    ticket, client = opened_by_hand(order, kind), opened(order)
    note(ticket.pk, text="Among us", actor=staff())
    here = f"/questions/{ticket.ref}/"
    assert client.get(here).status_code == 404, "nothing was said to them"
    assert here not in client.get(f"/orders/{order.pk}/").content.decode()
    reply(ticket.pk, text="It is mended.", actor=staff())
    drain()
    (link,) = re.findall(rf"/questions/{ticket.ref}/", "".join(str(each.body) for each in mail.outbox))
    page = client.get(link).content.decode()
    assert "It is mended." in page
    assert "Among us" not in page
    assert "For colleagues" not in page, "the title was written for the desk"
    assert here in client.get(f"/orders/{order.pk}/").content.decode()
    assert client.post(here, {"text": "Thank you", "once": "k"})["Location"] == f"{here}#messages"
    assert "Thank you" in client.get(here).content.decode()
    assert opened(an_order()).get(here).status_code == 404


def test_a_question_that_became_a_repair_stays_where_it_was(opened: Opened) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="The zip is torn", actor=customer(order))
    change_ticket(ticket.pk, kind="repair", actor=staff())
    assert "The zip is torn" in opened(order).get(f"/questions/{ticket.ref}/").content.decode()


def test_a_task_is_the_shops_own(opened: Opened) -> None:
    order = an_order()
    ticket = opened_by_hand(order, "task")
    receive_message(ticket.pk, text="By mail", actor=customer(order))
    assert opened(order).get(f"/questions/{ticket.ref}/").status_code == 404


def merged(order: Order, into: Ticket) -> Ticket:
    source = ask_question(order.pk, text="Where is it?", actor=customer(order))
    merge_tickets(source.pk, into.pk, actor=staff())
    return source


def targets(order: Order) -> dict[str, tuple[Ticket, str, str]]:
    """What a question may be merged into: the ticket, the reference its customer knows, the page."""
    ret = a_return(order)
    complaint = a_complaint(order).ticket
    question = ask_question(order.pk, text="Invoice?", actor=customer(order))
    repair = opened_by_hand(order, "repair")
    return {
        "return": (ret.ticket, ret.ref, f"/returns/{ret.ref}/"),
        "complaint": (complaint, complaint.ref, f"/complaints/{complaint.ref}/"),
        "question": (question, question.ref, f"/questions/{question.ref}/"),
        "repair": (repair, repair.ref, f"/questions/{repair.ref}/"),
    }


@pytest.mark.parametrize("kind", ["return", "complaint", "question", "repair"])
def test_a_merged_question_leads_to_where_it_goes_on(opened: Opened, kind: str) -> None:
    order = an_order()
    into, ref, page = targets(order)[kind]
    here, client = f"/questions/{merged(order, into).ref}/", opened(order)
    assert f'href="{page}#messages"' in client.get(here).content.decode()
    sent = client.post(here, {"text": "It is still missing", "once": "k"}, follow=True)
    assert sent.redirect_chain == [(f"{page}#messages", 302)]
    shown = sent.content.decode()
    assert "It is still missing" in shown
    assert f"Sent. It has arrived in {ref}." in shown


def test_what_goes_on_with_another_order_says_so_and_leads_to_its_proof(opened: Opened) -> None:
    order = an_order()
    other = an_order(person=order.person)
    ret = a_return(other)
    here, client = f"/questions/{merged(order, ret.ticket).ref}/", opened(order)
    page = client.get(here).content.decode()
    assert "which is about another order of yours" in page
    assert f'href="/?next=%2Freturns%2F{ret.ref}%2F"' in page
    sent = client.post(here, {"text": "It is still missing", "once": "k"}, follow=True)
    assert sent.redirect_chain == [(here, 302)]
    assert f"Sent. It has arrived in {ret.ref}." in sent.content.decode()
    assert ret.ticket.messages.filter(text="It is still missing").exists()
    assert client.get(f"/returns/{ret.ref}/").status_code == 404
    assert f'href="/returns/{ret.ref}/#messages"' in opened(order, other).get(here).content.decode()


def test_what_goes_on_without_a_page_says_that_we_answer(opened: Opened) -> None:
    order = an_order()
    call = open_ticket(kind="question", title="A call", person=order.person, order=None, actor=staff(), channel="phone")
    here, client = f"/questions/{merged(order, call).ref}/", opened(order)
    assert f"arrives in {call.ref}, and we answer you directly" in client.get(here).content.decode()
    assert (
        f"It has arrived in {call.ref}."
        in client.post(here, {"text": "It is still missing", "once": "k"}, follow=True).content.decode()
    )
