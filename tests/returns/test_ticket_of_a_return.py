"""The ticket of a return closes with it and never before, whatever the door."""

from __future__ import annotations

import pytest

from aftersales.desk.deeds.ticket_relations import Merging
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.subject import subject_of
from aftersales.search.kinds import kind_of
from returns.actions.ending import withdraw_return
from tests.world import a_person, a_return, an_order, customer, staff
from tickets.actions.closing import CaseOpen, close_ticket
from tickets.actions.opening import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_running_return_keeps_its_ticket_open() -> None:
    ret = a_return(an_order())
    with pytest.raises(CaseOpen) as refusal:
        close_ticket(ret.ticket_id, actor=staff())
    assert (refusal.value.status, refusal.value.code) == (409, "case_open")
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    assert (ticket.status, ticket.closed_at) == ("open", None)
    assert not Event.objects.filter(name="ticket.closed").exists()


def test_the_end_of_the_return_closes_it_once() -> None:
    order = an_order()
    ret = a_return(order)
    withdraw_return(ret.pk, actor=customer(order))
    ticket = close_ticket(ret.ticket_id, actor=staff())
    assert ticket.status == "closed"
    assert Event.objects.filter(name="ticket.closed", **subject_of(ticket)).count() == 1


def test_a_question_without_a_return_closes_at_any_time() -> None:
    ticket = open_ticket(kind="question", title="?", person=a_person(), order=None, actor=staff())
    with pytest.raises(NotPermitted):
        close_ticket(ticket.pk, actor=staff("warehouse"))
    assert close_ticket(ticket.pk, actor=staff()).status == "closed"
    assert close_ticket(ticket.pk, actor=staff()).status == "closed"
    assert Event.objects.filter(name="ticket.closed", **subject_of(ticket)).count() == 1


def test_only_a_repair_nobody_asked_for_on_the_form_has_a_title_of_its_own() -> None:
    order = an_order()
    asked = a_return(order, kind="repair", reason="flaw").ticket
    own = open_ticket(kind="repair", title="Lid", person=order.person, order=order, channel="phone", actor=staff())
    told = [Ticket.objects.get(pk=each.pk) for each in (asked, own)]
    assert [ticket.is_titled for ticket in told] == [False, True]
    assert [Merging.is_open(ticket, staff("lead")) for ticket in told] == [False, True]
    found = {each.key: each.text for each in kind_of("ticket").documents([ticket.pk for ticket in told])}
    assert [ticket.title in found[ticket.pk] for ticket in told] == [False, True]
