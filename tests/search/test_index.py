"""The index says what the things say: after every action, after a rollback, after a crash, after erasure."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from aftersales.ledger.sweep import sweep
from aftersales.search import index
from aftersales.search import watch as watching
from aftersales.search.compare import compare
from aftersales.search.models import Entry, Rebuild, Touched
from aftersales.search.rebuild import rebuild
from aftersales.search.watch import LONGEST_KIND, make_triggers, watch
from customers.actions.notes import note_order, note_person
from customers.actions.people import add_contact, change_person, remove_contact
from customers.models import ContactPoint, Note, Person
from tests.faces.desk import stages
from tests.search.conftest import Found
from tests.world import a_person, an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.questions import ask_question
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db
Search = Callable[..., Found]
_WORDS = (
    "退货",
    "发票",
    "换一个颜色",
    "拉链坏了",
    "zip broken",
    "SF1234567",
    "还没收到",
    "🙏谢谢",
    "尺码 M",
    "保修一年",
)


def _random_action(chance: random.Random, tickets: list[Ticket]) -> None:
    """One thing that happens at a desk, with words of its own."""
    agent, ticket = staff("agent"), chance.choice(tickets)
    words = f"{chance.choice(_WORDS)} {chance.randrange(10_000)}"
    person, order = ticket.person, ticket.order
    assert order
    match chance.randrange(10):
        case 0 | 1:
            receive_message(ticket.pk, text=words, actor=customer(order))
        case 2:
            reply(ticket.pk, text=words, actor=agent)
        case 3:
            note(ticket.pk, text=words, actor=agent)
        case 4:
            note_order(order.pk, text=words, actor=agent)
        case 5:
            change_person(person.pk, name=words[:20], actor=agent)
        case 6:
            add_contact(person.pk, text=f"139{chance.randrange(10**8):08d}", actor=agent)
        case 7:
            if point := person.contact_points.first():
                remove_contact(point.pk, actor=agent)
        case 8:
            note_person(person.pk, text=words, actor=agent)
        case 9:
            tickets.append(ask_question(order.pk, text=words, actor=customer(order)))


@pytest.mark.parametrize("seed", range(4))
def test_after_every_action_the_index_says_what_the_things_say(indexed: Callable[[], int], seed: int) -> None:
    chance = random.Random(seed)
    orders = [an_order(person=a_person(name=name)) for name in ("林梅", "王小明")]
    tickets = [ask_question(order.pk, text="开始", actor=customer(order)) for order in orders]
    for _ in range(25):
        _random_action(chance, tickets)
        indexed()
        assert compare() == {}


def test_a_whole_return_is_in_the_index(search: Search, indexed: Callable[[], int]) -> None:
    for stage in (stages.refund_due, stages.awaiting_reship, stages.contested, stages.goods_refused):
        ret = stage()
        indexed()
        assert compare() == {}
        assert search(ret.ref)["return"][0] == ret.ref


def test_what_is_rolled_back_leaves_no_mark(search: Search, indexed: Callable[[], int]) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="开始", actor=customer(order))
    indexed()
    with transaction.atomic():
        receive_message(ticket.pk, text="反悔的话", actor=customer(order))
        assert search("反悔")["ticket"] == [ticket.ref], "one's own transaction sees it at once"
        transaction.set_rollback(True)
    assert not Touched.objects.exists()
    assert search("反悔") == {}


def test_what_was_marked_survives_a_crash_in_the_middle(
    search: Search, indexed: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_order(buyer_message="放门口")
    marks = Touched.objects.count()

    def killed(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(index, "_upsert", killed)
        with pytest.raises(KeyboardInterrupt):
            index.catch_up()
    assert Touched.objects.count() == marks
    assert not Entry.objects.exists()
    indexed()
    assert not Touched.objects.exists()
    assert search("放门口")["order"]
    assert compare() == {}


def test_one_thing_that_cannot_be_read_holds_up_no_other(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = an_order(buyer_message="好的话"), an_order(buyer_message="坏的话")
    really = index.row_of

    def fussy(kind: Any, document: Any) -> Any:
        if document.key == bad.pk and kind.name == "order":
            raise ValueError("unreadable")
        return really(kind, document)

    with monkeypatch.context() as patch:
        patch.setattr(index, "row_of", fussy)
        while index.catch_up():
            pass
    assert search("好的话")["order"] == [str(good.pk)]
    assert search("坏的话") == {}
    assert compare() == {"order": [bad.pk]}, "the comparison finds it and marks it again"
    while index.catch_up():
        pass
    assert search("坏的话")["order"] == [str(bad.pk)]


def test_the_sweep_catches_up_by_itself() -> None:
    an_order()
    assert Touched.objects.exists()
    sweep("test", budget_seconds=30)
    assert not Touched.objects.exists()
    assert compare() == {}


def test_what_the_index_does_not_keep_leaves_no_mark(indexed: Callable[[], int]) -> None:
    order = an_order()
    indexed()
    ticket = ask_question(order.pk, text="开始", actor=customer(order))
    indexed()
    close_ticket(ticket.pk, actor=staff("agent"))
    assert not Touched.objects.exists(), "a status is nothing the index keeps"
    Person.objects.filter(pk=order.person_id).update(locale="en")
    assert not Touched.objects.exists()


def test_a_message_that_moves_leaves_its_old_ticket(search: Search, indexed: Callable[[], int]) -> None:
    order = an_order()
    first, second = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("甲", "乙"))
    said = receive_message(first.pk, text="跟着走的话", actor=customer(order))
    indexed()
    Message.objects.filter(pk=said.pk).update(ticket=second)
    assert search("跟着走")["ticket"] == [second.ref]
    indexed()
    assert search("跟着走")["ticket"] == [second.ref]
    assert compare() == {}


def test_what_is_erased_is_nowhere_in_the_index(indexed: Callable[[], int]) -> None:
    """Name, contact and note taken from a person leave no row in which they could be found, in words or in numbers."""
    person = a_person(name="赵无名", phone="+8613977778888")
    order = an_order(person=person)
    ask_question(order.pk, text="请联系我", actor=customer(order))
    note_person(person.pk, text="住在三楼", actor=staff("agent"))
    indexed()
    before = Entry.objects.filter(body__contains="赵无名").count()
    assert before == 3  # the person, the order, the ticket
    Note.objects.filter(person=person).delete()
    ContactPoint.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(name="", nick="")
    indexed()
    assert not Entry.objects.filter(body__contains="赵无名").exists()
    assert not Entry.objects.filter(body__contains="三楼").exists()
    from aftersales.search.backend import has_any
    from aftersales.search.words import tokens_of_phone

    held = has_any()
    assert not Entry.objects.extra(where=[held.sql], params=[held.value(tokens_of_phone("+8613977778888"))]).exists()


def test_the_comparison_finds_what_is_missing_left_over_and_wrong(indexed: Callable[[], int]) -> None:
    missing, wrong = an_order(), an_order()
    indexed()
    Entry.objects.filter(kind="order", key=missing.pk).delete()
    Entry.objects.filter(kind="order", key=wrong.pk).update(body="etwas anderes")
    Entry.objects.filter(kind="person", key=wrong.person_id).update(key=999_999)
    assert compare() == {"order": [missing.pk, wrong.pk], "person": [wrong.person_id, 999_999]}
    indexed()
    assert compare() == {}


def test_a_rebuild_gives_the_same_index_in_place_anew_and_cut_off(
    indexed: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        stages.submitted()
    indexed()
    columns = ("kind", "key", "at", "team", "body")
    wanted = sorted(Entry.objects.values_list(*columns))
    Entry.objects.filter(kind="ticket").update(body="falsch")
    Entry.objects.create(kind="order", key=999_999, at="2026-01-01T00:00:00Z", tokens=_no_tokens(), body="übrig")
    rebuild(progress=_silent)
    assert sorted(Entry.objects.values_list(*columns)) == wanted
    rebuild(anew=True, progress=_silent)
    assert sorted(Entry.objects.values_list(*columns)) == wanted
    really, calls = index.row_of, iter(range(7))

    def killed(kind: Any, document: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return really(kind, document)

    with monkeypatch.context() as patch:
        patch.setattr("aftersales.search.rebuild.row_of", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            rebuild(anew=True, progress=_silent)
    Rebuild.objects.get_or_create(kind="order", defaults={"anew": False})
    assert rebuild(progress=_silent) >= 3, "goes on with what was begun"
    assert not Rebuild.objects.exists()
    assert sorted(Entry.objects.values_list(*columns)) == wanted
    assert compare() == {}


def test_an_index_of_a_former_release_is_made_again_by_the_sweep(search: Search, indexed: Callable[[], int]) -> None:
    """Its tokens were the same for all kinds."""
    older = an_order(buyer_message="拉链坏了")
    newer = an_order(buyer_message="颜色不对")
    indexed()
    Entry.objects.update(tokens=_no_tokens())
    assert search("拉链") == {}
    with connection.cursor() as cursor:
        import_module("aftersales.search.migrations.0002_tokens_of_a_kind").forwards(
            None, SimpleNamespace(connection=connection, execute=cursor.execute)
        )
    orders = Touched.objects.filter(kind="order").order_by("id").values_list("key", flat=True)
    assert [key for key in orders if key in (older.pk, newer.pk)] == [newer.pk, older.pk]
    indexed()
    assert search("拉链")["order"] == [str(older.pk)]
    assert compare() == {}


def _no_tokens() -> str:
    return "{}" if connection.vendor == "postgresql" else ""


def _silent(_text: str) -> None:
    pass


def test_while_the_index_is_made_anew_marks_wait_and_changes_are_found(
    search: Search, indexed: Callable[[], int]
) -> None:
    an_order(buyer_message="旧的话")
    indexed()
    Rebuild.objects.create(kind="order", anew=True)
    order = an_order(buyer_message="新的话")
    assert index.catch_up() == 0
    assert Touched.objects.exists()
    assert search("新的话")["order"] == [str(order.pk)]
    assert search("旧的话") == {}
    Rebuild.objects.all().delete()
    indexed()
    assert search("旧的话")["order"]


def test_making_the_triggers_again_changes_nothing(indexed: Callable[[], int]) -> None:
    make_triggers()
    make_triggers()
    order = an_order()
    assert Touched.objects.filter(kind="order", key=order.pk).exists()


def test_a_kind_that_its_column_cannot_hold_is_an_error_when_it_is_watched() -> None:
    """Postgres would refuse the first change of the table instead; SQLite holds any length and says nothing."""
    assert {model._meta.get_field("kind").max_length for model in (Entry, Touched, Rebuild)} == {LONGEST_KIND}
    with pytest.raises(ValueError, match="more than 12 letters"):
        watch("tickets.ticket", kind="return_ticket")


def test_a_trigger_of_a_former_release_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(watching, "_watched", [watching.Watched("customers.product", "old", "id", ())])
        make_triggers()
    make_triggers()
    order = an_order()
    assert set(Touched.objects.values_list("kind", flat=True)) <= {"order", "person"}, order
