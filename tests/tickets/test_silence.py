"""A customer who no longer answers is reminded once and let go, where the queue says so; answers, plans, promises stop it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from aftersales.kernel import clock
from aftersales.ledger import timers
from aftersales.ledger.models import Timer
from customers.actions.promises import keep_promise
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, staff
from tickets.actions import silence, silence_due
from tickets.actions.conversation import hear_in_cc, note, receive_message, reply, send_held
from tickets.actions.details import change_ticket
from tickets.actions.mail.placing import BY_MAIL
from tickets.actions.merging import merge_tickets
from tickets.actions.opening import queue
from tickets.actions.promises import promise_on_ticket
from tickets.actions.questions import ask_question
from tickets.actions.splitting import split_ticket
from tickets.actions.waiting import is_to_be_read, set_waiting
from tickets.models import Closure, Queue, Ticket

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def rule(remind: int | None = 2, close: int | None = 5) -> None:
    Queue.objects.update(remind_after=remind, close_after=close)


@pytest.fixture
def ticket() -> Ticket:
    """Asked and answered on a Monday, so that the customer is waited for."""
    order = an_order()
    with clock.fixed(at("Mon 09:00")):
        ticket = ask_question(order.pk, text="能修吗？", actor=customer(order))
    rule()
    reply(ticket.pk, text="请把照片发给我们。", actor=staff(), at=at("Mon 10:00"))
    return ticket


def due() -> list[tuple[str, dt.datetime]]:
    kinds = (silence.REMINDS, silence.CLOSES)
    return list(Timer.objects.pending().filter(kind__in=kinds).values_list("kind", "due_at"))


def reach(when: dt.datetime) -> None:
    """What the sweep does at that moment."""
    with clock.fixed(when):
        for timer in Timer.objects.pending().filter(kind__in=(silence.REMINDS, silence.CLOSES), due_at__lte=when):
            timers.fire(timer)


def test_without_a_rule_nothing_is_set() -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="能修吗？", actor=customer(order))
    reply(ticket.pk, text="能。", actor=staff())
    assert silence.watch_missing(clock.now()) == 0
    assert due() == []


def test_reminded_in_their_language_then_closed_as_silent(ticket: Ticket) -> None:
    assert due() == [(silence.REMINDS, at("Wed 10:00"))]
    reach(at("Wed 10:00"))
    reminder = ticket.messages.latest("pk")
    assert (reminder.text, reminder.author, reminder.internal) == (ticket.queue.reminder_zh, None, False)
    assert due() == [(silence.CLOSES, at("Mon 10:00") + 7 * DAY)], "three working days more, the weekend passed over"
    reach(at("Mon 10:00") + 7 * DAY)
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    assert [(row.reason, row.by) for row in Closure.objects.all()] == [("no_answer", None)]
    reach(at("Mon 10:00") + 30 * DAY)
    assert ticket.messages.filter(text=ticket.queue.reminder_zh).count() == 1


def test_a_reminder_that_went_late_leaves_the_rest_of_the_days(ticket: Ticket) -> None:
    reach(at("Wed 10:00") + 14 * DAY)
    assert due()[0][1] >= at("Mon 10:00") + 21 * DAY


def test_an_answer_stops_it_and_the_next_word_of_the_shop_begins_anew(ticket: Ticket) -> None:
    assert ticket.order is not None
    receive_message(ticket.pk, text="马上发。", actor=customer(ticket.order), at=at("Tue 10:00"))
    assert due() == []
    reply(ticket.pk, text="好的。", actor=staff(), at=at("Tue 11:00"))
    reply(ticket.pk, text="还有一件事。", actor=staff(), at=at("Tue 12:00"))
    assert due() == [(silence.REMINDS, at("Thu 12:00"))]
    note(ticket.pk, text="打过电话了。", actor=staff(), contact=True, at=at("Tue 13:00"))
    assert due() == [(silence.REMINDS, at("Thu 13:00"))]


@pytest.mark.parametrize(("whom", "days"), [("warehouse", None), ("customer", 3)])
def test_who_has_a_plan_of_their_own_is_left_to_it(ticket: Ticket, whom: str, days: int | None) -> None:
    until = clock.now() + days * DAY if days else None
    set_waiting(ticket.pk, whom, actor=staff(), until=until)
    assert due() == []
    silence_due.remind(ticket.pk, at=clock.now())
    silence_due.close(ticket.pk, at=clock.now())
    ticket.refresh_from_db()
    assert ticket.status == "waiting"
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("on", ["it", "a ticket merged into it"])
def test_what_is_promised_keeps_it_open_until_it_is_kept(ticket: Ticket, on: str) -> None:
    rule(remind=None, close=2)
    order = ticket.order
    assert order is not None
    there = ticket if on == "it" else ask_question(order.pk, text="盖子？", actor=customer(order))
    promise = promise_on_ticket(there.pk, text="一个盖子", due_at=clock.now() + 90 * DAY, actor=staff())
    if there != ticket:
        merge_tickets(there.pk, ticket.pk, actor=staff())
    reply(ticket.pk, text="请尽快。", actor=staff(), at=at("Mon 11:00"))
    reach(at("Wed 11:00"))
    ticket.refresh_from_db()
    assert (ticket.status, due()) == ("waiting", [(silence.CLOSES, at("Thu 11:00"))])
    keep_promise(promise.pk, actor=staff())
    reach(at("Thu 11:00"))
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_a_reply_in_its_undo_window_keeps_it_open_and_begins_the_days_anew(ticket: Ticket) -> None:
    reach(at("Wed 10:00"))
    closes = at("Mon 10:00") + 7 * DAY
    message = reply(ticket.pk, text="还有别的办法。", actor=staff(), at=closes, hold=dt.timedelta(seconds=10))
    reach(closes)
    ticket.refresh_from_db()
    assert ticket.status == "waiting"
    assert due() == [(silence.CLOSES, closes + DAY)], "should it be undone"
    send_held(message.pk, at=closes)
    assert due() == [(silence.REMINDS, closes + 2 * DAY)]


def test_in_another_queue_the_days_go_by_its_rule_and_nobody_is_reminded_twice(ticket: Ticket) -> None:
    tasks = queue("tasks")
    Queue.objects.filter(pk=tasks.pk).update(remind_after=None, close_after=4)
    with clock.fixed(at("Tue 10:00")):
        change_ticket(ticket.pk, queue_id=tasks.pk, actor=staff())
    assert due() == [(silence.CLOSES, at("Mon 10:00") + 7 * DAY)]
    with clock.fixed(at("Tue 11:00")):
        change_ticket(ticket.pk, queue_id=queue("questions").pk, actor=staff())
    assert due() == [(silence.REMINDS, at("Thu 11:00"))]
    reach(at("Thu 11:00"))
    with clock.fixed(at("Fri 10:00")):
        change_ticket(ticket.pk, queue_id=tasks.pk, actor=staff())
        change_ticket(ticket.pk, queue_id=queue("questions").pk, actor=staff())
    assert due() == [(silence.CLOSES, at("Wed 10:00") + 7 * DAY)]


def test_where_only_the_reminder_is_taken_away_it_is_closed_all_the_same(ticket: Ticket) -> None:
    rule(remind=None, close=1)
    reach(at("Wed 10:00"))
    assert ticket.messages.count() == 2
    assert due() == [(silence.CLOSES, at("Thu 10:00"))]


def test_a_rule_taken_away_does_nothing(ticket: Ticket) -> None:
    rule(None, None)
    reach(at("Wed 10:00"))
    assert ticket.messages.count() == 2
    assert due() == []


def test_tickets_that_waited_before_the_rule_are_counted_from_the_day_it_is_found(ticket: Ticket) -> None:
    Timer.objects.all().delete()
    assert silence.watch_missing(at("Fri 10:00")) == 1
    assert silence.watch_missing(at("Fri 11:00")) == 0
    assert due() == [(silence.REMINDS, at("Tue 10:00") + 7 * DAY)]
    rule(close=None)
    reach(at("Tue 10:00") + 7 * DAY)
    assert ticket.messages.count() == 3
    assert silence.watch_missing(at("Wed 10:00") + 7 * DAY) == 0, "nobody is reminded twice of the same thing"


def test_closing_comes_after_the_reminder(ticket: Ticket) -> None:
    queue = ticket.queue
    queue.remind_after, queue.close_after = 5, 5
    with pytest.raises(ValidationError):
        queue.full_clean()
    queue.close_after = 6
    queue.full_clean()
    queue.remind_after = 61
    with pytest.raises(ValidationError):
        queue.full_clean()


def test_words_of_somebody_in_cc_are_no_answer_and_are_read_before_it_closes(ticket: Ticket) -> None:
    reach(at("Wed 10:00"))
    closes = at("Mon 10:00") + 7 * DAY
    hear_in_cc(ticket.pk, text="她出差了。", writer="周", actor=BY_MAIL, at=at("Thu 10:00"))
    ticket.refresh_from_db()
    assert (ticket.waiting_on, ticket.due_at) == ("customer", at("Thu 10:00"))
    assert due() == [(silence.CLOSES, closes)], "her days go on"
    reach(closes)
    assert due() == [(silence.CLOSES, closes + DAY)], "nobody has read it yet"
    note(ticket.pk, text="看过了。", actor=staff())
    ticket.refresh_from_db()
    assert (ticket.waiting_on, ticket.due_at) == ("customer", None)
    reach(closes + DAY)
    assert Closure.objects.get().reason == "no_answer"
    hear_in_cc(ticket.pk, text="她回来了。", writer="周", actor=BY_MAIL, at=closes + 2 * DAY)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at) == ("open", closes + 2 * DAY)
    assert ticket.reopenings.get().cause == "cc"


@pytest.mark.parametrize("moved", ["merged", "split"])
def test_words_in_cc_that_go_over_to_another_ticket_are_read_there(ticket: Ticket, moved: str) -> None:
    reach(at("Wed 10:00"))
    hear_in_cc(ticket.pk, text="在吗？", writer="周", actor=BY_MAIL, at=at("Thu 09:00"))
    heard = hear_in_cc(ticket.pk, text="她出差了。", writer="周", actor=BY_MAIL, at=at("Thu 10:00"))
    if moved == "split":
        new = split_ticket(ticket.pk, [heard.pk], title="周", actor=staff())
        assert new.process_due_at == at("Thu 10:00")
        assert Ticket.objects.get(pk=ticket.pk).process_due_at == at("Thu 09:00"), "what stayed is read here"
        with clock.fixed(at("Thu 11:00")):
            note(ticket.pk, text="看过了。", actor=staff())
        assert Ticket.objects.get(pk=ticket.pk).process_due_at is None
        return
    with clock.fixed(at("Wed 11:00")):
        assert ticket.order is not None
        other = ask_question(ticket.order.pk, text="还有一事", actor=customer(ticket.order))
        reply(other.pk, text="请说", actor=staff())
        set_waiting(other.pk, "customer", actor=staff())
    with clock.fixed(at("Thu 11:00")):
        merge_tickets(ticket.pk, other.pk, actor=staff())
        other.refresh_from_db()
        assert is_to_be_read(other)
        note(other.pk, text="看过了。", actor=staff())
    assert Ticket.objects.get(pk=other.pk).process_due_at is None
