"""Phrases: what may stand in them, what they become on a ticket, the steps they bring, and whom a note names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import translation

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from customers.models import Promise
from tests.world import an_order, customer, member, staff
from tickets.actions import phrases
from tickets.actions.conversation import note, reply, undo
from tickets.actions.phrases.seeding import seed_phrases
from tickets.actions.questions import ask_question
from tickets.models import Phrase, Tag, Ticket, WordingTerm

pytestmark = pytest.mark.django_db
TEN = dt.timedelta(seconds=10)


@pytest.fixture(autouse=True)
def in_english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def a_phrase(**fields: object) -> Phrase:
    given = {"title_zh": "问候", "text_zh": "您好", "key": "greeting", **fields}
    return phrases.save_phrase(None, actor=staff("lead"), **given)  # type: ignore[arg-type]


def test_a_new_shop_has_phrases_in_both_languages_and_words_to_look_for() -> None:
    Phrase.objects.all().delete()
    for _ in range(2):
        seed_phrases()
    assert Phrase.objects.filter(key="apology").count() == 1
    assert not Phrase.objects.filter(text_en="").exists()
    assert set(WordingTerm.objects.values_list("fault", "language")) == {
        (fault, language) for fault in ("blame", "push_away", "apology") for language in ("zh", "en")
    }


def test_an_unknown_variable_is_refused_by_name() -> None:
    with pytest.raises(BadInput) as refusal:
        a_phrase(text_zh="您好 {costumer}")
    assert "{costumer}" in str(refusal.value)
    assert refusal.value.field == "text_zh"
    assert not Phrase.objects.filter(key="greeting").exists()


def test_variables_are_filled_in_and_a_hole_stays_visible(ticket: Ticket) -> None:
    assert ticket.order is not None
    values = phrases.values_for(ticket, staff(), locale="zh-hans")
    told = phrases.fill("{customer} {order} {ref} {agent} {promise_due}", values)
    assert told == f"林梅 {ticket.order.number} {ticket.ref} agent {{promise_due}}"
    due = clock.now() + dt.timedelta(days=1)
    Promise.objects.create(person=ticket.person, order=ticket.order, text="换新", made_at=clock.now(), due_at=due)
    values = phrases.values_for(ticket, staff(), locale="zh-hans")
    assert "换新" in phrases.fill("{promise}", values)
    assert "{" not in phrases.fill("{promise_due}", values)


def test_steps_are_lines_in_either_language_and_a_wrong_one_is_quoted() -> None:
    assert phrases.read_steps("assign: me\n备注： 已致电\n\nclose") == [
        ["assign", "me"],
        ["note", "已致电"],
        ["close", ""],
    ]
    for wrong in ("explode", "note:", "assign"):
        with pytest.raises(BadInput) as refusal:
            phrases.read_steps(wrong)
        assert wrong in str(refusal.value)


def test_steps_are_done_when_the_reply_is_sent_and_not_when_it_is_undone(
    ticket: Ticket, drain: Callable[[], int]
) -> None:
    a_phrase()
    steps = [["assign", "me"], ["note", "Rang the warehouse"], ["close", ""]]
    first = reply(ticket.pk, text="Hello", actor=staff(), hold=TEN, phrase="greeting", steps=steps)
    undo(first.pk, actor=staff())
    reply(ticket.pk, text="Hello", actor=staff(), hold=TEN, phrase="greeting", steps=steps)
    ticket.refresh_from_db()
    assert ticket.assignee is None
    with clock.fixed(clock.now() + TEN):
        drain()
        drain()
    ticket.refresh_from_db()
    assert ticket.assignee_id == member().pk
    assert ticket.status == "closed"
    assert list(ticket.messages.filter(internal=True).values_list("text", flat=True)) == ["Rang the warehouse"]
    assert Phrase.objects.get(key="greeting").uses == 1


def test_steps_mark_and_move_the_ticket(ticket: Ticket) -> None:
    Tag.objects.create(name="破损")
    steps = phrases.read_steps("标签：破损\npriority: urgent\n等待：customer")
    note(ticket.pk, text="Rang her", actor=staff(), steps=steps)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.waiting_on) == (1, "customer")
    assert [tag.name for tag in ticket.tags.all()] == ["破损"]
    note(ticket.pk, text="Again", actor=staff(), steps=[["tag", "unknown"]])
    assert "unknown" in Event.objects.get(name="ticket.step_refused").data["why"]
    with pytest.raises(BadInput) as refusal:
        phrases.read_steps("priority: enormous")
    assert "urgent" in str(refusal.value)


def test_a_step_that_is_refused_stops_nothing_and_its_author_is_told(ticket: Ticket, drain: Callable[[], int]) -> None:
    reply(ticket.pk, text="Hello", actor=staff(), steps=[["assign", "nobody@nowhere.example"], ["close", ""]])
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    refused = Event.objects.get(name="ticket.step_refused")
    assert "nobody@nowhere.example" in refused.data["why"]
    drain()
    assert Notice.objects.filter(template="ticket.step_refused", recipient_id=member().pk).count() == 1


def test_a_phrase_of_ones_own_is_nobody_elses_and_a_teams_is_its_teams() -> None:
    Phrase.objects.all().delete()
    own = phrases.save_phrase(None, actor=staff(), title_zh="我的", text_zh="您好", mine=True)
    team = Team.objects.create(name="一组")
    a_phrase(team_id=team.pk)
    with pytest.raises(NotPermitted):
        phrases.save_phrase(None, actor=staff(), title_zh="大家的", text_zh="您好")
    other = staff("agent", "other")
    assert set(Phrase.objects.visible_to(staff())) == {own}
    assert not Phrase.objects.visible_to(other).exists()
    user = member("agent", "other")
    user.team = team
    user.save()
    assert Phrase.objects.visible_to(other).get().key == "greeting"
    with pytest.raises(NotFound):
        phrases.retire_phrase(own.pk, actor=other)
    for _ in range(2):
        phrases.retire_phrase(own.pk, actor=staff())
    assert Event.objects.filter(name="phrase.retired").count() == 1
    assert not Phrase.objects.visible_to(staff()).offered("question").exists()


def test_saving_the_same_again_changes_nothing() -> None:
    phrase = a_phrase()
    phrases.save_phrase(phrase.pk, actor=staff("lead"), title_zh="问候", text_zh="您好")
    assert Event.objects.filter(name="phrase.saved", subject_id=phrase.pk).count() == 1
    with pytest.raises(BadInput):
        a_phrase()


def test_who_is_named_in_a_note_hears_of_it_once(ticket: Ticket, drain: Callable[[], int]) -> None:
    wang, wangli = member("agent", "王"), member("agent", "王丽")
    note(ticket.pk, text="@王丽 请看一下，@王丽；写给 a@b.example，@agent", actor=staff())
    assert Event.objects.get(name="ticket.mentioned").data["users"] == [wangli.pk]
    drain()
    drain()
    assert Notice.objects.filter(template="ticket.mentioned", recipient_id=wangli.pk).count() == 1
    assert not Notice.objects.filter(template="ticket.mentioned", recipient_id=wang.pk).exists()


def test_who_may_not_see_the_ticket_is_not_told_of_a_note_that_names_them(ticket: Ticket) -> None:
    wang, lead = member("agent", "王"), member("lead", "李")
    team = Team.objects.create(name="乙组", is_closed=True)
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    note(ticket.pk, text="@王 和 @李 请看一下", actor=staff("lead"))
    assert Event.objects.get(name="ticket.mentioned").data["users"] == [lead.pk]
    User.objects.filter(pk=wang.pk).update(team=team)
    note(ticket.pk, text="@王 请再看一下", actor=staff("lead"))
    assert Event.objects.filter(name="ticket.mentioned").latest("pk").data["users"] == [wang.pk]
