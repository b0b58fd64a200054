"""Checklists: they come by kind and reason or by hand, are ticked and unticked, hold up closing, are left out."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from aftersales.ledger.otherwise import DoneOtherwise
from returns.actions.ending import withdraw_return
from tests.world import a_return, an_order, customer, staff
from tickets.actions.checklists import ItemsOpen, add_checklist, leave_out, tick, untick
from tickets.actions.closing import close_ticket
from tickets.actions.details import change_ticket
from tickets.actions.phrases.steps import kind_of
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.models import Checklist, Ticket, TicketCheck, TicketChecklist
from tickets.models.checklist import read_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def a_list(title: str = "Testing", items: str = "* 通电 / Switched on\n拍照 / Photo", **more: object) -> Checklist:
    return Checklist.objects.create(title_zh=f"{title}（中）", title_en=title, items=items, **more)


def asked() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def first(ticket: Ticket) -> TicketCheck:
    return TicketCheck.objects.filter(of__ticket=ticket).order_by("of", "position")[0]


def test_a_ticket_gets_the_lists_of_its_kind_and_reason_once() -> None:
    a_list("Question", kinds=["question"])
    a_list("Broken", kinds=["return"], reasons="not_working, carrier_damage")
    a_list("Any return", kinds=["return", "repair"])
    a_list("By hand")
    a_list("Gone", kinds=["question"], retired_at="2026-01-01T00:00Z")
    ticket = asked()
    plain, broken = a_return(an_order(), reason="preference"), a_return(an_order(), reason="not_working")

    def titles(of: Ticket) -> list[str]:
        return [each.title_en for each in of.checklists.all()]

    assert titles(ticket) == ["Question"]
    assert titles(plain.ticket) == ["Any return"]
    assert titles(broken.ticket) == ["Broken", "Any return"]
    assert [(each.text_en, each.is_required) for each in TicketCheck.objects.filter(of__ticket=ticket)] == [
        ("Switched on", True), ("Photo", False),
    ]  # fmt: skip
    change_ticket(ticket.pk, kind="repair", actor=staff())
    assert titles(ticket) == ["Question", "Any return"], "another kind brings its lists, and what is there stays"
    change_ticket(ticket.pk, kind="question", actor=staff())
    assert titles(ticket) == ["Question", "Any return"]
    assert Event.objects.filter(name="checklist.added").count() == 5


def test_an_item_is_ticked_by_somebody_and_the_tick_is_taken_back() -> None:
    a_list(kinds=["question"])
    item = first(asked())
    tick(item.pk, actor=staff("agent"))
    tick(item.pk, actor=staff("lead"))
    item.refresh_from_db()
    assert item.ticked_by_id == staff("agent").id, "who came second has not done it"
    assert item.ticked_at is not None
    for _time in range(2):
        untick(item.pk, actor=staff())
    item.refresh_from_db()
    assert not TicketCheck.objects.exclude(ticked_at=None, ticked_by=None).exists()
    names = Event.objects.filter(name__startswith="checklist.").order_by("id").values_list("name", flat=True)
    assert list(names) == ["checklist.added", "checklist.ticked", "checklist.unticked"]


def test_closing_names_what_is_needed_and_waits_for_it() -> None:
    a_list(items="* One\n* Two\nThree\n" + "\n".join(f"* More {n}" for n in range(5)), kinds=["question"])
    ticket = asked()
    with pytest.raises(ItemsOpen, match=r"Not ticked yet: One, Two, More 0, More 1, More 2, \+2\."):
        close_ticket(ticket.pk, actor=staff())
    for item in TicketCheck.objects.filter(is_required=True):
        tick(item.pk, actor=staff())
    assert close_ticket(ticket.pk, actor=staff()).status == "closed"


def test_a_list_left_out_with_a_reason_holds_up_nothing() -> None:
    a_list(kinds=["question"])
    ticket = asked()
    one = TicketChecklist.objects.get()
    with pytest.raises(BadInput, match="Say why"):
        leave_out(one.pk, why="  ", actor=staff())
    for why in ("Nothing to switch on.", " Nothing to switch  on."):
        leave_out(one.pk, why=why, actor=staff())
    with pytest.raises(DoneOtherwise):
        leave_out(one.pk, why="Another reason.", actor=staff())
    one.refresh_from_db()
    assert (one.left_out_why, one.left_out_by_id) == ("Nothing to switch on.", staff().id)
    assert Event.objects.get(name="checklist.left_out").data["why"] == "Nothing to switch on."
    assert close_ticket(ticket.pk, actor=staff()).status == "closed"


def test_a_request_that_ends_closes_its_ticket_whatever_is_not_ticked() -> None:
    a_list(kinds=["return"])
    ret = a_return(an_order())
    withdraw_return(ret.pk, actor=staff())
    ret.ticket.refresh_from_db()
    assert ret.ticket.status == "closed"


def test_a_list_comes_by_hand_once_and_by_a_step_of_a_phrase() -> None:
    by_hand, by_step = a_list("By hand"), a_list("By step")
    ticket = asked()
    for _time in range(2):
        add_checklist(ticket.pk, by_hand.pk, actor=staff())
    step = kind_of("checklist")
    assert step is not None
    step.run(ticket, "By step（中）", staff(), ticket.opened_at)
    assert {each.checklist for each in ticket.checklists.all()} == {by_hand, by_step}
    with pytest.raises(BadInput, match="no checklist “Moon”"):
        step.run(ticket, "Moon", staff(), ticket.opened_at)
    with pytest.raises(NotFound):
        add_checklist(ticket.pk, 0, actor=staff())


def test_an_edited_list_changes_no_ticket_and_a_closed_ticket_is_ticked_no_more() -> None:
    made = a_list(kinds=["question"], items="One")
    ticket = asked()
    Checklist.objects.filter(pk=made.pk).update(items="* Two\n* Three")
    assert [str(each) for each in TicketCheck.objects.all()] == ["One"]
    close_ticket(ticket.pk, actor=staff())
    with pytest.raises(Exception, match="closed"):
        tick(first(ticket).pk, actor=staff())
    reopen_ticket(ticket.pk, actor=staff())
    with pytest.raises(NotPermitted):
        tick(first(ticket).pk, actor=staff("auditor"))


def test_items_are_lines_and_what_is_none_is_named() -> None:
    assert [(each.is_required, each.text_zh, each.text_en) for each in read_items("* 通电 / Switched on\n\n拍照")] == [
        (True, "通电", "Switched on"), (False, "拍照", "拍照"),
    ]  # fmt: skip
    for lines in ("", "*", "x" * 201, "\n".join(["x"] * 41)):
        with pytest.raises(ValidationError):
            read_items(lines)
