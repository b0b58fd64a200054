"""The shop's own fields: what is filled in is kept with an event, what is wrong is told at its field, closing waits for it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from aftersales.kernel.errors import BadInput, Conflict, NotPermitted
from aftersales.ledger.models import Event
from aftersales.search.find import find
from tests.world import an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.fields import FieldsMissing, fill_in
from tickets.actions.questions import ask_question
from tickets.models import Ticket, TicketField
from tickets.models.field import read_choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def a_field(key: str, kind: str = "text", **more: object) -> TicketField:
    given = {"label_zh": f"{key}（中）", "label_en": key.capitalize(), "kind": kind, **more}
    return TicketField.objects.create(key=key, **given)


def the_fault(**more: object) -> TicketField:
    return a_field("fault", "choice", choices="noise: 异响 / noise\nleak: 漏水 / leak", **more)


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def test_each_kind_of_field_is_kept_plain_and_the_same_again_changes_nothing(ticket: Ticket) -> None:
    the_fault()
    for key, kind in (("serial", "text"), ("weight", "number"), ("bought", "date"), ("opened", "yes_no")):
        a_field(key, kind)
    typed = {"fault": "leak", "serial": " AB-1 ", "weight": "1.50", "bought": "2026-11-02", "opened": "no"}
    for _time in range(2):
        fill_in(ticket.pk, typed, actor=staff())
    ticket.refresh_from_db()
    assert ticket.custom == {
        "fault": "leak", "serial": "AB-1", "weight": "1.50", "bought": "2026-11-02", "opened": False,
    }  # fmt: skip
    event = Event.objects.get(name="ticket.filled_in")
    assert event.data["now"]["fault"] == "leak"
    assert event.data["labels"]["zh"].startswith("fault（中）")
    fill_in(ticket.pk, {"serial": ""}, actor=staff())
    ticket.refresh_from_db()
    assert "serial" not in ticket.custom
    assert Event.objects.filter(name="ticket.filled_in").count() == 2


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("weight", "heavy", "Weight is a number such as 12.5."),
        ("weight", "NaN", "Weight is a number such as 12.5."),
        ("weight", "1e400", "Weight is a number such as 12.5."),
        ("bought", "yesterday", "Bought is a day such as 2026-11-28."),
        ("fault", "moon", "Fault: choose one of what is offered."),
        ("serial", "x" * 501, "Serial has 500 characters at most."),
        ("moon", "x", "This ticket has no field “moon”."),
        ("gone", "x", "This ticket has no field “gone”."),
        ("repairs", "x", "This ticket has no field “repairs”."),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(ticket: Ticket, key: str, typed: str, says: str) -> None:
    the_fault()
    a_field("weight", "number")
    a_field("bought", "date")
    a_field("serial")
    a_field("gone", retired_at=timezone.now())
    a_field("repairs", kinds=["repair"])
    with pytest.raises(BadInput) as refused:
        fill_in(ticket.pk, {"serial": "kept?", key: typed}, actor=staff())
    assert (str(refused.value), refused.value.field) == (says, key)
    ticket.refresh_from_db()
    assert ticket.custom == {}


def test_a_ticket_closes_when_what_is_needed_is_filled_in(ticket: Ticket) -> None:
    the_fault(required_to_close=True)
    a_field("opened", "yes_no", required_to_close=True)
    a_field("repairs", required_to_close=True, kinds=["repair"])
    with pytest.raises(FieldsMissing, match=r"Fill in first: Fault, Opened\."):
        close_ticket(ticket.pk, actor=staff())
    fill_in(ticket.pk, {"fault": "leak", "opened": "no"}, actor=staff())
    assert close_ticket(ticket.pk, actor=staff()).status == "closed"
    with pytest.raises(Conflict):
        fill_in(ticket.pk, {"fault": "noise"}, actor=staff())


def test_who_only_reads_fills_in_nothing(ticket: Ticket) -> None:
    the_fault()
    with pytest.raises(NotPermitted):
        fill_in(ticket.pk, {"fault": "leak"}, actor=staff("auditor"))


def test_texts_are_found_and_other_values_are_not(ticket: Ticket) -> None:
    a_field("serial")
    the_fault()
    fill_in(ticket.pk, {"serial": "枫叶七号", "fault": "leak"}, actor=staff())
    found = find(staff(), "枫叶", kinds=["ticket"])
    assert [hit.key for group in found for hit in group.hits] == [ticket.ref]
    assert not [hit for group in find(staff(), "leak", kinds=["ticket"]) for hit in group.hits]


def test_choices_are_lines_and_a_wrong_one_is_named() -> None:
    assert read_choices("noise: 异响 / noise\n\nleak：漏水") == {"noise": ("异响", "noise"), "leak": ("漏水", "漏水")}
    for lines, says in (("noise", "“noise” is no choice"), ("a: 甲\na: 乙", "stands there twice")):
        with pytest.raises(ValidationError, match=says):
            read_choices(lines)
    with pytest.raises(ValidationError, match="at least one choice"):
        TicketField(key="x", label_zh="x", label_en="x", kind="choice").full_clean()
    with pytest.raises(ValidationError, match="Only a field of choices"):
        TicketField(key="x", label_zh="x", label_en="x", kind="text", choices="a: 甲").full_clean()


def test_words_of_values_are_in_the_reader_s_language() -> None:
    fault = the_fault()
    assert (fault.words("leak"), fault.words("moon")) == ("leak", "moon")
    with translation.override("zh-hans"):
        assert fault.words("leak") == "漏水"
        assert a_field("opened", "yes_no").words(False) == "否"
