"""A customer whole, on their page and beside a ticket: figures, warnings, parcels, consents, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.desk import customer_asked
from aftersales.desk.customer import customer_of
from aftersales.desk.customer_asked import SHOWN
from aftersales.kernel import clock
from aftersales.kernel.money import Money
from customers.actions.consents import give_consent, withdraw_consent
from customers.actions.notes import note_person
from customers.actions.promises import keep_promise, make_promise
from customers.actions.tiers.counting import count_tiers
from customers.models import Note, Order, Person, Promise
from tests.faces.desk import stages
from tests.faces.desk.many import copies
from tests.faces.desk.test_queue import shown
from tests.world import a_person, a_return, an_order, staff
from tickets.actions.opening import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def whole(person: Person) -> dict[str, int]:
    """Two orders, one refunded in part, a return, a question, a complaint, a promise that is late, a consent, a note."""
    now, agent = clock.now(), staff("agent")
    orders = [an_order(person=person) for _each in range(2)]
    a_return(orders[0])
    open_ticket(kind="question", title="?", person=person, order=orders[0], actor=agent)
    open_ticket(kind="complaint", title="!", person=person, order=orders[0], actor=agent)
    with clock.fixed(now - dt.timedelta(days=3)):
        late = make_promise(person.pk, text="补寄赠品", actor=agent, due_at=now - dt.timedelta(days=1))
        make_promise(person.pk, text="回电", actor=agent, due_at=now + dt.timedelta(days=1))
    give_consent(person.pk, purpose="occasions", proof="聊天记录", actor=agent)
    note_person(person.pk, text="喜欢浅色", actor=agent)
    return {"late": late.pk}


def test_the_figures_and_what_to_mind() -> None:
    person = a_person()
    made = whole(person)
    found = customer_of(person, staff(), clock.now())
    summary = found.summary
    assert (summary.orders, summary.cases, summary.open_cases) == (2, 3, 3)
    assert (summary.returns, summary.complaints) == (1, 1)
    assert summary.spent == [Money(2 * 25_600, "CNY")]
    assert summary.warnings == ["A complaint is open.", "1 promise is overdue."]
    assert [said.text for said in found.notes] == ["喜欢浅色"]
    assert [said.text for said in found.consents] == ["occasions"]
    assert len(found.parcels) == 2
    keep_promise(made["late"], actor=staff())
    withdraw_consent(person.pk, purpose="occasions", proof="电话", actor=staff())
    again = customer_of(person, staff(), clock.now())
    assert again.summary.warnings == ["A complaint is open."]
    assert again.consents[0].ended_at is not None


def test_many_returns_on_few_orders_are_said_as_a_fact() -> None:
    person = a_person()
    for _each in range(3):
        a_return(an_order(person=person))
    assert customer_of(person, staff(), clock.now()).summary.warnings == ["3 returns or exchanges on 3 orders."]


def test_the_figures_are_true_however_much_there_is(sit: Sit) -> None:
    person, now = a_person(), clock.now()
    made = whole(person)
    order = Order.objects.filter(person=person)[0]
    copies(order, 250, paid_minor=100, refunded_minor=30)
    copies(order, 1, paid_minor=500, refunded_minor=0, currency="EUR")
    question = Ticket.objects.get(person=person, kind="question")
    copies(question, 250, opened_at=now + dt.timedelta(minutes=1), status="closed", closed_at=now)
    copies(Promise.objects.get(pk=made["late"]), 30, order_id=order.pk, made_at=now - dt.timedelta(days=9))
    summary = customer_of(person, staff(), now).summary
    assert (summary.orders, summary.cases, summary.open_cases) == (253, 253, 3)
    assert summary.spent == [Money(2 * 25_600 + 250 * 70, "CNY"), Money(500, "EUR")]
    assert summary.warnings == ["A complaint is open.", "31 promises are overdue."]
    beside = sit("agent").get(f"/desk/tickets/{question.ref}/").content.decode()
    for words in (*summary.warnings, "<dd>253 · ", "1 return · 1 complaint"):
        assert words in beside, words


def test_of_each_list_no_more_is_read_than_is_shown_and_what_is_open_comes_first() -> None:
    person, now, agent = a_person(), clock.now(), staff("agent")
    made = whole(person)
    copies(Promise.objects.get(pk=made["late"]), SHOWN + 5)
    copies(Note.objects.get(person=person), SHOWN + 5)
    complaint = Ticket.objects.get(person=person, kind="complaint")
    copies(complaint, SHOWN + 5, opened_at=now + dt.timedelta(minutes=1), status="closed", closed_at=now)
    for _time in range(SHOWN):
        give_consent(person.pk, purpose="news", proof="聊天记录", actor=agent)
        withdraw_consent(person.pk, purpose="news", proof="电话", actor=agent)
    asked = customer_asked.ask(person, agent, now)
    for name in ("promises", "notes", "consents", "complaints", "orders", "tickets"):
        assert len(getattr(asked, name).rows) <= SHOWN, name
    found = customer_of(person, agent, now)
    assert [len(found.promises), len(found.notes), len(found.complaints), len(found.consents)] == [SHOWN] * 4
    assert found.complaints[0].ref == complaint.ref
    assert [(said.text, said.by) for said in found.consents if said.ended_at is None] == [("occasions", "聊天记录")]
    assert {said.by for said in found.consents if said.ended_at} == {"聊天记录 → 电话"}


def test_the_page_and_the_panel_show_it(sit: Sit) -> None:
    ret = stages.submitted()
    whole(ret.person)
    page = sit("agent").get(f"/desk/people/{ret.person.ref}/").content.decode()
    for words in ("A complaint is open.", "补寄赠品", "Greetings and thanks", "喜欢浅色", "SF0"):
        assert words in page, words
    beside = sit("agent").get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert "A complaint is open." in beside
    assert "1 complaint" in beside


@pytest.mark.postgres  # SQLite asks list by list
def test_the_page_costs_few_statements(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    person = a_person()
    whole(person)
    client = sit("agent")
    client.get("/desk/profile/")
    with django_assert_max_num_queries(8):
        assert client.get(f"/desk/people/{person.ref}/").status_code == 200


def test_regular_customers_are_marked_and_asked_for(sit: Sit) -> None:
    new, regular = stages.submitted(), stages.submitted(an_order())
    for _each in range(2):
        an_order(person=regular.person)
    count_tiers(clock.now())
    client = sit("agent")
    assert shown(client, "/desk/tickets/?tier=regular") == [regular.ticket.ref]
    assert shown(client, "/desk/tickets/?tier=new") == [new.ticket.ref]
    assert client.get("/desk/tickets/").content.decode().count('<span class="tag">regular</span>') == 1


def test_contacts_are_added_and_taken_away_and_refused_channels_are_said(sit: Sit) -> None:
    person, client = a_person(), sit("agent")
    where = f"/desk/people/{person.ref}/"
    wrong = client.post(f"{where}contact/", {"contact": "ring me"})
    assert (wrong.status_code, "neither a phone number" in wrong.content.decode()) == (400, True)
    client.post(f"{where}contact/", {"contact": "Lin.Mei@Example.net"})
    client.post(f"{where}preferences/", {"refused": ["sms", "email-news"]})
    client.post(f"{where}note/", {"text": "Rings twice"})
    page = client.get(where).content.decode()
    for words in ("l***@example.net", "SMS about orders and requests · E-mail of our own accord", "Rings twice"):
        assert words in page, words
    client.post(f"{where}preferences/", {"refused": ["email-news"]})
    page = client.get(where).content.decode()
    assert "SMS about orders" not in page
    assert "E-mail of our own accord" in page


def test_a_name_that_is_known_is_corrected_but_not_emptied(sit: Sit) -> None:
    person = a_person()
    answer = sit("agent").post(f"/desk/people/{person.ref}/details/", {"name": "", "locale": "en"})
    assert answer.status_code == 422
    person.refresh_from_db()
    assert (person.name, person.locale) == ("林梅", "zh-hans")
