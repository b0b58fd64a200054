"""One box over everything: who finds what, in which order, and what odd questions do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS, STAFF_ROLES
from aftersales.search import asking, lookup
from aftersales.search.asking import Limits
from aftersales.search.find import find
from aftersales.search.models import Entry
from aftersales.search.rebuild import rebuild
from customers.actions.notes import note_order, note_person
from customers.models import Order, Person
from returns.models import Handback
from tests.faces.desk import stages
from tests.search.conftest import Found
from tests.world import a_person, a_return, an_order, customer, staff
from tickets.actions.conversation import note, receive_message
from tickets.actions.questions import ask_question
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db
Search = Callable[..., Found]
both = pytest.mark.parametrize("in_index", [False, True], ids=["just written", "indexed"])


def asked_about(text: str, order: Order | None = None) -> Ticket:
    order = order or an_order()
    return ask_question(order.pk, text=text, actor=customer(order))


@both
def test_everything_people_name_is_found_at_once_and_later(
    search: Search, indexed: Callable[[], int], in_index: bool
) -> None:
    person = a_person(name="欧阳晓 Anna", phone="+8613900004321", email="xiao@example.org")
    order = an_order(person=person, buyer_message="请用顺丰，放门口", seller_memo="老顾客")
    ret = stages.in_transit(stages.submitted(order))
    now = clock.now()
    back = Handback.objects.create(
        of=ret, owed_at=now, due_at=now, carrier="ZTO", number="75310000007531", payer="shop", sent_at=now
    )
    ticket = asked_about("发票抬头能改成公司吗？税号稍后发来", order)
    note(ticket.pk, text="财务说下周一才能改，记得回访", actor=staff("agent"))
    note_order(order.pk, text="地址写错过一次", actor=staff("agent"))
    note_person(person.pk, text="喜欢下午接电话", actor=staff("agent"))
    if in_index:
        assert indexed()
    for text, kind, key in (
        (order.number, "order", str(order.pk)),
        (order.number[-6:], "order", str(order.pk)),
        (order.shipments.get().number, "order", str(order.pk)),
        ("顺丰", "order", str(order.pk)),
        ("地址写错", "order", str(order.pk)),
        ("亚麻", "order", str(order.pk)),
        ("欧", "person", person.ref),
        ("anna", "person", person.ref),
        ("ann 阳晓", "person", person.ref),
        ("4321", "person", person.ref),
        ("139 0000 4321", "person", person.ref),
        ("XIAO@example.org", "person", person.ref),
        ("下午", "person", person.ref),
        (person.ref, "person", person.ref),
        ("税", "ticket", ticket.ref),
        ("税号", "ticket", ticket.ref),
        ("回访", "ticket", ticket.ref),
        ("欧阳 税号", "ticket", ticket.ref),
        ("4321", "ticket", ticket.ref),
        (ticket.ref.lower().replace("-", " "), "ticket", ticket.ref),
        (ticket.ref[2:], "ticket", ticket.ref),
        (ret.ref, "return", ret.ref),
        (ret.parcels.get().number, "return", ret.ref),
        (back.number, "return", ret.ref),
        ("亚麻 欧阳", "return", ret.ref),
    ):
        assert key in search(text).get(kind, []), text


@both
def test_words_are_joined_by_and_and_quotation_marks_ask_for_them_just_so(
    search: Search, indexed: Callable[[], int], in_index: bool
) -> None:
    first = asked_about("拉链坏了，想换货。Broken zip, please help")
    second = asked_about("想换货，拉链没坏。Zip is fine, nothing broken")
    if in_index:
        indexed()
    assert set(search("拉链 换货")["ticket"]) == {first.ref, second.ref}
    assert search("拉链 发票") == {}
    assert search('"拉链坏了"')["ticket"] == [first.ref]
    assert search('"broken zip"')["ticket"] == [first.ref]
    assert set(search("broken zip")["ticket"]) == {first.ref, second.ref}
    assert search('"想换货，拉链没坏" fine')["ticket"] == [second.ref]


@both
@pytest.mark.parametrize(
    "text", ["2026-11-27", "400-820-8820", "138-0013-8000", "38-40", "13700137000", "137 0013 7000"]
)
def test_digits_are_found_as_they_stand_in_a_message(
    search: Search, indexed: Callable[[], int], in_index: bool, text: str
) -> None:
    ticket = asked_about("您好\n请在2026-11-27前打 400-820-8820 或 138-0013-8000，或者 137-0013-7000；尺码 38-40")
    if in_index:
        indexed()
    assert search(text)["ticket"] == [ticket.ref]
    (group,) = find(staff("agent"), text, kinds=["ticket"])
    assert "<mark>" in group.hits[0].snippet


def test_two_numbers_are_two_words_where_they_are_none_together(search: Search, indexed: Callable[[], int]) -> None:
    person = a_person(phone="+8613912348000")
    order = an_order(person=person)
    an_order(person=person)
    indexed()
    assert search(f"{order.number[-6:]} 8000")["order"] == [str(order.pk)]
    assert search(f"{order.number[-6:]} 8001") == {}
    assert search("1391234 8000")["person"] == [person.ref]


def test_an_index_that_knows_no_grouped_numbers_yet_is_asked_for_their_digits(
    search: Search, indexed: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("aftersales.search.words._grouped_numbers", lambda _lines: ())
        ticket = asked_about("热线是 400-820-8820")
        indexed()
    assert search("400-820-8820")["ticket"] == [ticket.ref]
    assert search("4008208820") == {}
    rebuild(progress=lambda _text: None)
    assert search("4008208820")["ticket"] == [ticket.ref]


def test_behind_the_last_page_of_a_number_is_no_page_of_its_parts(search: Search, indexed: Callable[[], int]) -> None:
    ticket = asked_about("2026-11-27")
    asked_about("11 月 27 日，2026 年")
    indexed()
    assert search("2026-11-27", kinds=["ticket"], size=1)["ticket"] == [ticket.ref]
    assert search("2026-11-27", kinds=["ticket"], size=1, page=2) == {}


@both
def test_a_tracking_number_leads_to_the_tickets_of_its_order(
    search: Search, indexed: Callable[[], int], in_index: bool
) -> None:
    order = an_order()
    ticket, parcel = asked_about("到哪里了", order), order.shipments.get()
    if in_index:
        indexed()
    for text in (parcel.number, parcel.number[-6:]):
        assert search(text)["ticket"] == [ticket.ref]
    parcel.number = "YT8812345670"
    parcel.save(update_fields=["number"])
    for _ in range(2):
        assert search("YT8812345670")["ticket"] == [ticket.ref]
        indexed()


def test_what_is_named_outright_comes_first_then_the_newest(search: Search, indexed: Callable[[], int]) -> None:
    order = an_order()
    with clock.fixed(clock.now() - dt.timedelta(days=2)):
        old = asked_about("第一个问题", order)
    new = asked_about(f"我说的是订单 {old.ref}，还有 {order.number}")
    indexed()
    assert search(old.ref)["ticket"] == [old.ref, new.ref]
    (group,) = find(staff("agent"), old.ref, kinds=["ticket"])
    assert (group.exact, group.count, group.more) == (1, 2, False)
    assert search(order.number)["ticket"][0] == old.ref
    assert search("问题 我说") == {}
    newest = [asked_about(f"新的问题 {number}").ref for number in range(3)]
    assert search("问题")["ticket"] == [*reversed(newest), old.ref]
    receive_message(old.pk, text="还在吗", actor=customer(order))
    assert search("问题")["ticket"][0] == old.ref, "a ticket is as new as the last word said on it"


@both
def test_all_are_counted_once_however_few_are_shown(search: Search, indexed: Callable[[], int], in_index: bool) -> None:
    order = an_order()
    old = asked_about("第一个问题", order)
    indexed()
    newer = [asked_about(f"我说的是 {old.ref} 的问题 {number}", order).ref for number in range(6)]
    if in_index:
        indexed()
    for text, exact in ((old.ref, 1), ("问题", 0)):
        (group,) = find(staff("agent"), text, kinds=["ticket"], size=1)
        assert (group.exact, group.count, group.more, group.capped) == (exact, 7, True, False)
        refs = [old.ref, *reversed(newer)] if exact else [*reversed(newer), old.ref]
        assert [search(text, kinds=["ticket"], size=2, page=page)["ticket"] for page in (1, 2, 3, 4)] == [
            refs[:2], refs[2:4], refs[4:6], refs[6:],
        ]  # fmt: skip


def test_dates_kinds_and_pages_narrow(search: Search, indexed: Callable[[], int]) -> None:
    now = clock.now()
    refs = []
    for days in range(5):
        with clock.fixed(now - dt.timedelta(days=days)):
            refs.append(asked_about("快递到哪里了").ref)
    indexed()
    span = {"since": now - dt.timedelta(days=3, minutes=1), "until": now - dt.timedelta(minutes=1)}
    assert search("快递", **span)["ticket"] == refs[1:4]
    assert search("快递", kinds=["order"]) == {}
    assert search("快递", kinds=["ticket"], page=2, size=2)["ticket"] == refs[2:4]
    assert search("快递", kinds=["ticket"], page=4, size=2) == {}
    (group,) = find(staff("agent"), "快递", kinds=["ticket"], page=2, size=2)
    assert (group.count, group.more, group.page) == (5, True, 2)


def taken(roads: list[str], road: str, ask: Callable[..., Any], *shape: Any, **values: Any) -> Any:
    roads.append(road)
    return ask(*shape, **values)


@pytest.mark.parametrize("text", ["清洗", "wash"], ids=["a pair of this kind", "a word of all kinds"])
@pytest.mark.parametrize(
    ("least", "few", "window", "statements"),
    [(9, 1, 3, [2, 3]), (5, 0, 3, [2, 3]), (5, 1, 9, [1, 1]), (5, 1, 3, [1, 3])],
    ids=["by the text index", "the first few hold none", "common", "common, but not among the newest"],
)
def test_very_many_are_counted_up_to_the_cap_and_the_newest_are_shown(
    indexed: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    least: int,
    few: int,
    window: int,
    statements: list[int],
    text: str,
) -> None:
    roads = list[str]()
    for road in ("named_and_held", "newest", "newest_of_all"):
        monkeypatch.setattr(asking, road, partial(taken, roads, road, getattr(asking, road)))
    order, now = an_order(), clock.now()
    tickets = []
    for minutes in range(9):
        with clock.fixed(now - dt.timedelta(minutes=minutes)):
            tickets.append(asked_about("怎么清洗 how to wash" if minutes != 4 else "别的话", order))
    keys = [ticket.pk for ticket in tickets]  # high ones, far from all there are: the sample is of these
    places = tuple(-(-(key - 1) * asking._PARTS // max(keys)) for key in keys)
    limits = Limits(cap=6, window=window, per_hit=1, places=places, few=few, least=least, surely=0)
    monkeypatch.setattr(lookup, "LIMITS", limits)
    tickets.pop(4)
    refs = [ticket.ref for ticket in tickets]
    indexed()
    for size, most in zip((2, 4), statements, strict=True):  # what a window of three holds, and what it does not
        roads.clear()
        (group,) = find(staff("agent"), text, size=size)
        assert [hit.key for hit in group.hits] == refs[:size]
        assert (group.count, group.capped, group.more) == (6, True, True)
        assert roads == ["named_and_held", "newest", "newest_of_all"][:most]
    (group,) = find(
        staff("agent"), text, until=now - dt.timedelta(minutes=2), since=now - dt.timedelta(minutes=7, seconds=1)
    )
    assert ([hit.key for hit in group.hits], group.count, group.capped) == (refs[3:7], 4, False)
    (group,) = find(staff("agent"), f'"{text}"', size=2)
    assert [hit.key for hit in group.hits] == refs[:2]


def test_a_phrase_of_common_words_is_looked_for_in_the_newest_and_said_to_be_more(
    indexed: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LIMITS", Limits(cap=6, window=4))
    order, now, hot = an_order(), clock.now(), []
    for minutes in range(30, 0, -1):  # the oldest first: the text index gives those, and the newest hold the phrase too
        with clock.fixed(now - dt.timedelta(minutes=minutes)):
            text = "my lamp is red hot today" if minutes % 3 == 0 else "hot day and red lamp"
            ticket = asked_about(text, order)
            hot += [ticket.ref] if minutes % 3 == 0 else []
    indexed()
    newest = list(reversed(hot))[:2]
    (group,) = find(staff("agent"), '"red hot"', kinds=["ticket"])
    assert [hit.key for hit in group.hits][:2] == newest
    assert (group.count, group.capped) == (len(group.hits), True), (
        "at least those that were seen, not the whole thousand"
    )
    assert len(set(group.hits)) == len(group.hits) <= len(hot)
    (first,) = find(staff("agent"), '"red hot"', kinds=["ticket"], size=1)
    (second,) = find(staff("agent"), '"red hot"', kinds=["ticket"], size=1, page=2)
    assert [hit.key for each in (first, second) for hit in each.hits] == newest
    assert (first.more, first.count) == (True, group.count)
    (few,) = find(staff("agent"), '"red hot"', kinds=["ticket"], since=now - dt.timedelta(minutes=5))
    assert (few.count, few.capped, few.more) == (1, False, False)


@pytest.mark.parametrize(
    "text",
    [" ", "\u3000", "%", "_", "'; DROP TABLE x; --", "\\", '""', "“”", "\x00", "\ud83d", "\x1b[2J", "<b>", "\u202e", "，。！",
     "*" * 50, "9" * 80, "x" * 10_000, "退" * 10_000, "退 " * 5_000, "🙂" * 200, "OR", "NOT", "NEAR(", "a AND", '"', "T-", "#",
     "kind:ticket"],
)  # fmt: skip
@both
def test_odd_questions_break_nothing(search: Search, indexed: Callable[[], int], in_index: bool, text: str) -> None:
    asked_about("普通的问题")
    if in_index:
        indexed()
    assert search(text) == {}


def test_odd_texts_are_stored_and_found(search: Search, indexed: Callable[[], int]) -> None:
    order = an_order()
    ticket = asked_about("普通的问题", order)
    long = "很长的话" * 1200 + "结尾"
    for text in (
        "100%_'\"\\ <script>alert(1)</script>",
        "ＦＵＬＬ　ｗｉｄｔｈ",
        "表情🙏🏽👨‍👩‍👧",
        long,
        "\u202e右到左",
        "a\tb\nc",
    ):
        receive_message(ticket.pk, text=text, actor=customer(order))
    indexed()
    for text in ("script", "full width", "🙏", "👧", "结尾", "右到左", '"100%_"', "alert"):
        assert search(text)["ticket"] == [ticket.ref], text
    (group,) = find(staff("agent"), "alert")
    assert group.hits[0].snippet == "100%_&#x27;&quot;\\ &lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"


def test_customers_and_strangers_search_nothing_and_every_role_finds_what_it_may_read(search: Search) -> None:
    order = an_order()
    ticket = asked_about("我的问题", order)
    said = note(ticket.pk, text="内部说明", actor=staff("agent"))
    for actor in (ANONYMOUS, customer(order)):
        assert search("问题", actor) == {} == search(ticket.ref, actor) == search("4321", actor)
    for role in STAFF_ROLES:
        actor = staff(str(role))
        reads = Message.objects.visible_to(actor).filter(pk=said.pk).exists()
        assert bool(search("内部说明", actor)) is reads, role


def test_what_one_may_not_see_is_left_out_whatever_the_index_says(search: Search, indexed: Callable[[], int]) -> None:
    """Of every kind that belongs to teams, beside what the same word finds on the kinds that do not."""
    order = stages.submitted().order
    asked_about("林梅的问题", order)
    assert set(search("林梅")) == {"order", "person", "ticket", "return"}
    Ticket.objects.update(team=Team.objects.create(name="Home", is_closed=True))
    indexed()
    Entry.objects.update(team=None)
    assert set(search("林梅")) == {"order", "person"}
    assert set(search("林梅", staff("lead"))) == {"order", "person", "ticket", "return"}


def test_contacts_are_found_and_never_shown(search: Search, indexed: Callable[[], int]) -> None:
    person = a_person(phone="+8613912345678", email="secret.name@example.org")
    an_order(person=person)
    indexed()
    for text in ("5678", "13912345678", "secret.name@example.org"):
        for group in find(staff("agent"), text):
            for hit in group.hits:
                shown = f"{hit.title} {hit.detail} {hit.snippet}"
                assert "13912345678" not in shown
                assert "secret.name" not in shown
    assert search("secret") == {}, "an address is found as a whole, so that nobody fishes for people"


@pytest.mark.postgres  # SQLite asks kind by kind
@pytest.mark.parametrize(("text", "most"), [("林梅", 4), ("亚麻衬衫", 4), ("0001", 4), ("没有这个", 3)])
def test_a_question_costs_a_fixed_number_of_statements(
    indexed: Callable[[], int], django_assert_max_num_queries: DjangoAssertNumQueries, text: str, most: int
) -> None:
    for _ in range(3):
        a_return(an_order())
    indexed()
    agent = staff("agent")
    with django_assert_max_num_queries(most):
        find(agent, text)


def test_a_person_who_is_gone_is_gone_from_the_index_too(search: Search, indexed: Callable[[], int]) -> None:
    person = a_person(name="将被忘记")
    indexed()
    assert search("将被忘记")
    Person.objects.filter(pk=person.pk).delete()
    assert search("将被忘记") == {}
    indexed()
    assert search("将被忘记") == {}
