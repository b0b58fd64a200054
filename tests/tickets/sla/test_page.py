"""The worked examples of docs/sla.md, counted row by row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from aftersales.kernel import clock as time
from customers.models import Order
from returns.actions.decision import approve_return
from returns.models import Return
from tests.tickets.sla.hours import OFFICE, at, clock
from tests.world import a_return, an_order, customer, staff
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message, reply, send_held
from tickets.actions.details import change_ticket
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.opening import open_ticket
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.splitting import split_ticket
from tickets.models import Clock, Ticket
from tickets.models.sla_settings import read_length
from tickets.sla import due_at, elapsed, remaining, state

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "sla.md"


def rows() -> list[list[str]]:
    lines = _PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line.startswith("| running")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_the_page_says_what_the_clock_counts(row: list[str]) -> None:
    segments, target, now = clock(*row[0].split(", ")), read_length(row[1], ""), at(row[2])
    assert elapsed(segments, OFFICE, now) == read_length(row[3], "")
    assert remaining(segments, OFFICE, target, now) == read_length(row[4], "", zero=True)
    assert due_at(segments, OFFICE, target) == (None if row[5] == "–" else at(row[5]))
    assert state(segments, OFFICE, target, now) == row[6]


def deeds() -> list[list[str]]:
    """The rows of "Waiting goes along" and of "Whose turn it is"."""
    lines = _PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line.startswith("| A ")]


def done(told: str, tickets: dict[str, Ticket], order: Order) -> None:
    """One deed, such as "A merged into B Mon 09:10"."""
    name, verb, *words, day, minute = told.split()
    agent, asker, other = staff(), customer(order), tickets.get(words[-1]) if words else None
    with time.fixed(at(f"{day} {minute}")):
        if verb == "asked":
            tickets[name] = ask_question(order.pk, text="Where is it?", actor=asker)
        elif verb == "task":
            tickets[name] = open_ticket(kind="task", title="Look", person=order.person, order=order, actor=agent)
        elif verb == "called":
            about = About(order_id=order.pk)
            tickets[name] = open_by_staff(kind="question", title="Lid", text="A new lid.", actor=agent, about=about)
        elif verb == "closed":
            close_ticket(tickets[name].pk, actor=agent)
        elif verb == "reopened":
            reopen_ticket(tickets[name].pk, actor=agent)
        elif verb == "returned":
            tickets[name] = a_return(order).ticket
        elif verb == "granted":
            approve_return(Return.objects.get(ticket=tickets[name]).pk, actor=agent)
        elif verb == "split":
            assert other is not None
            last = other.messages.order_by("-pk")[0]
            tickets[name] = split_ticket(other.pk, [last.pk], title="The other thing", actor=agent)
        elif verb == "merged":
            assert other is not None
            merge_tickets(tickets[name].pk, other.pk, actor=agent)
        elif verb == "apart":
            unmerge(tickets[name].pk, actor=agent)
        elif verb == "wrote":
            receive_message(tickets[name].pk, text="And this.", actor=asker)
        elif verb == "answered":
            reply(tickets[name].pk, text="On its way.", actor=agent)
        elif verb == "written":
            reply(tickets[name].pk, text="On its way.", actor=agent, hold=dt.timedelta(minutes=2))
        elif verb == "sent":
            send_held(tickets[name].messages.get(sent=False).pk, at=time.now())
        else:
            change_ticket(tickets[name].pk, kind=verb, actor=agent)


@pytest.mark.django_db
@pytest.mark.parametrize("row", deeds(), ids=lambda row: row[0])
def test_the_page_says_what_goes_along(row: list[str]) -> None:
    tickets: dict[str, Ticket] = {}
    order = an_order()
    for told in row[0].split("; "):
        done(told, tickets, order)
    name, metric = row[1].split(" ", 1)
    clock = Clock.objects.told().open().get(ticket=tickets[name], metric=metric.replace(" ", "_"))
    assert clock.started_at == at(row[3])
    assert clock.elapsed(at(row[2])) == read_length(row[4], "")
    assert clock.due_at == at(row[5])


def test_there_are_examples() -> None:
    assert len(rows()) == 7
    assert len(deeds()) == 18
