"""What a ticket is about, opened by hand and changed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from aftersales.accounts.models import Team
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from tests.world import a_return, an_order, staff
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.closing import close_ticket
from tickets.actions.details import ChangedMeanwhile, KindFixed, as_it_stands, change_ticket
from tickets.actions.opening import queue
from tickets.actions.scope import TicketClosed
from tickets.models import Tag, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def a_task(title: str = "补打面单") -> Ticket:
    return open_by_staff(kind="task", title=title, actor=staff(), about=About(), channel="desk")


def test_a_task_needs_no_customer_and_stands_under_the_shop() -> None:
    first, second = a_task(), a_task("盘点")
    assert first.person == second.person
    assert (first.person.source, first.order, first.queue.key, first.kind) == ("shop", None, "tasks", "task")
    with translation.override("en"):
        assert str(first.person) == "The shop itself"
    assert first.due_at


def test_a_call_is_kept_as_a_talk_with_the_customer() -> None:
    order = an_order()
    ticket = open_by_staff(
        kind="repair",
        title=" 水壶\n不加热 ",
        actor=staff(),
        about=About(order_id=order.pk),
        text="指示灯不亮",
        channel="phone",
    )
    assert (ticket.title, ticket.person, ticket.order, ticket.channel) == ("水壶 不加热", order.person, order, "phone")
    message = ticket.messages.get()
    assert (message.internal, message.contact, message.channel, message.author_id) == (True, True, "phone", staff().id)


def test_who_cannot_open_what() -> None:
    order, other = an_order(), an_order(person=None)
    with pytest.raises(BadInput, match="customer"), transaction.atomic():
        open_by_staff(kind="praise", title="好评", actor=staff(), about=About())
    with pytest.raises(BadInput, match="order"), transaction.atomic():
        open_by_staff(kind="return", title="退货", actor=staff(), about=About(order_id=order.pk))
    with pytest.raises(BadInput, match="somebody else"), transaction.atomic():
        open_by_staff(
            kind="visit", title="回访", actor=staff(), about=About(person_id=other.person_id, order_id=order.pk)
        )
    with pytest.raises(NotFound), transaction.atomic():
        open_by_staff(kind="visit", title="回访", actor=staff(), about=About(person_id=0))
    with pytest.raises(NotPermitted), transaction.atomic():
        open_by_staff(kind="task", title="x", actor=staff("warehouse"), about=About())
    assert not Ticket.objects.exists()


def test_what_differs_is_changed_and_told_once() -> None:
    ticket, team, tag = a_task(), Team.objects.create(name="二组"), Tag.objects.create(name="易碎")
    wanted: dict[str, Any] = {
        "title": "补打两张面单",
        "kind": "visit",
        "priority": 1,
        "queue_id": queue("returns").pk,
        "team_id": team.pk,
    }
    for _time in range(2):
        change_ticket(ticket.pk, actor=staff(), tags=[tag.pk], **wanted)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.kind, ticket.priority, ticket.queue.key) == ("补打两张面单", "visit", 1, "returns")
    assert (ticket.team, list(ticket.tags.all())) == (team, [tag])
    told = Event.objects.get(name="ticket.changed")
    assert told.data["fields"] == ["kind", "priority", "queue", "tags", "team", "title"]
    assert (told.data["was"]["priority"], told.data["now"]["tags"]) == (3, ["易碎"])


def test_a_retired_tag_stays_where_it_is_and_goes_nowhere_new() -> None:
    old, tag = a_task(), Tag.objects.create(name="旧活动")
    change_ticket(old.pk, actor=staff(), tags=[tag.pk])
    tag.retired_at = old.opened_at
    tag.save()
    change_ticket(old.pk, actor=staff(), tags=[tag.pk, Tag.objects.create(name="新").pk])
    assert {each.name for each in old.tags.all()} == {"旧活动", "新"}
    with pytest.raises(NotFound):
        change_ticket(a_task().pk, actor=staff(), tags=[tag.pk])


def test_kinds_with_rows_of_their_own_are_not_changed_by_a_word() -> None:
    task, ret = a_task(), a_return(an_order())
    for pk, kind in ((task.pk, "return"), (task.pk, "complaint"), (ret.ticket_id, "task")):
        with pytest.raises(KindFixed):
            change_ticket(pk, actor=staff(), kind=kind)
    with pytest.raises(BadInput, match="zebra"):
        change_ticket(task.pk, actor=staff(), kind="zebra")
    with pytest.raises(BadInput):
        change_ticket(task.pk, actor=staff(), title=" \n")
    close_ticket(task.pk, actor=staff())
    with pytest.raises(TicketClosed):
        change_ticket(task.pk, actor=staff(), priority=1)
    assert change_ticket(task.pk, actor=staff(), priority=3).status == "closed"
    with pytest.raises(NotPermitted):
        change_ticket(task.pk, actor=staff("auditor"), priority=1)


def test_what_was_not_chosen_reverts_nobody() -> None:
    ticket, agent, tag = a_task(), staff(), Tag.objects.create(name="急")
    shown = as_it_stands(ticket)
    change_ticket(ticket.pk, actor=staff("lead"), priority=1, tags=[tag.pk])
    sent = {**shown, "title": "补打两张面单"}
    for _time in range(2):
        change_ticket(ticket.pk, actor=agent, seen=shown, **sent)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority, list(ticket.tags.all())) == ("补打两张面单", 1, [tag])
    assert Event.objects.filter(name="ticket.changed").count() == 2


def test_what_was_chosen_and_became_something_else_is_refused() -> None:
    ticket, agent = a_task(), staff()
    shown = as_it_stands(ticket)
    change_ticket(ticket.pk, actor=staff("lead"), priority=1)
    with pytest.raises(ChangedMeanwhile, match="Priority"):
        change_ticket(ticket.pk, actor=agent, seen=shown, **{**shown, "priority": 4, "title": "又一张"})
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.title) == (1, "补打面单")
    change_ticket(ticket.pk, actor=agent, seen=shown, **{**shown, "priority": 1})
    assert Event.objects.filter(name="ticket.changed").count() == 1, "both chose the same"
