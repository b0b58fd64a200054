"""What a customer reads as a conversation with us, whatever the desk calls it, and what stays the shop's own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail

from customers.models import Order
from tests.faces.portal.conftest import Opened
from tests.world import an_order, customer, staff
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
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
