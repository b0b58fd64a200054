"""Tiers of customers: reached by orders or money within days, told once a night, and one answer to who is a regular."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from aftersales.kernel import clock
from aftersales.ledger.models import Event
from aftersales.notices import inbox
from aftersales.notices.models import Notice
from customers.actions.tiers import counting
from customers.actions.tiers.counting import count_tiers
from customers.actions.tiers.seeding import seed_tiers
from customers.gather.tiers import is_first_in_line, tiers_of
from customers.models import Membership, Order, Person, Tier
from tests.world import a_person, an_order, member, staff
from tickets.actions.opening import open_ticket
from tickets.models import Clock, Ticket

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NIGHT = dt.datetime(2026, 11, 10, 19, tzinfo=dt.UTC)  # 03:00 on the 11th where the shop is


@pytest.fixture(autouse=True)
def a_night() -> Any:
    with clock.fixed(NIGHT):
        yield


def a_gold(**fields: Any) -> Tier:
    asked = {"spent_from_minor": 100_000, "within_days": 365, **fields}
    return Tier.objects.create(key="gold", name_zh="金卡", name_en="Gold", level=5, **asked)


def buyer(number: int, orders: int, **fields: Any) -> Person:
    person = a_person(f"买家{number}", f"+86138{number:08}", f"buyer{number}@shop.example")
    for _each in range(orders):
        Order.objects.filter(pk=an_order(person=person).pk).update(**fields)
    return person


def tier(person: Person) -> str:
    held = Membership.objects.filter(person=person).select_related("tier").first()
    return held.tier.key if held else ""


def events() -> list[tuple[str, str, str]]:
    told = Event.objects.filter(name__startswith="tier.").order_by("id")
    return [(each.name, each.data["tier"], each.data["before"]) for each in told]


def test_a_new_shop_calls_who_bought_three_times_a_regular() -> None:
    seed_tiers()
    twice, thrice, cancelled = buyer(1, 2), buyer(2, 3), buyer(3, 3)
    Order.objects.filter(pk__in=cancelled.orders.values("pk")[:1]).update(status=Order.Status.CANCELLED)
    assert count_tiers(NIGHT) == 1
    assert [tier(each) for each in (twice, thrice, cancelled)] == ["", "regular", ""]
    assert [each.key for each in tiers_of(thrice.pk)] == ["regular"]
    assert tiers_of(twice.pk) == []


def test_the_highest_tier_that_is_reached_counts_and_includes_the_lower_ones() -> None:
    a_gold()
    rich = buyer(1, 1, paid_minor=100_000)
    count_tiers(NIGHT)
    assert tier(rich) == "gold"
    assert [each.key for each in tiers_of(rich.pk)] == ["gold", "regular"]


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        ({"paid_minor": 100_000}, True),
        ({"paid_minor": 100_000, "refunded_minor": 1}, False),
        ({"paid_minor": 100_000, "currency": "EUR"}, False),
        ({"paid_minor": 100_000, "status": Order.Status.UNPAID}, False),
        ({"paid_minor": 100_000, "placed_at": dt.datetime(2025, 11, 10, 16, tzinfo=dt.UTC)}, True),
        ({"paid_minor": 100_000, "placed_at": dt.datetime(2025, 11, 10, 15, 59, tzinfo=dt.UTC)}, False),
    ],
)
def test_money_is_what_was_kept_in_that_currency_within_whole_days_of_the_shop(
    fields: dict[str, Any], reached: bool
) -> None:
    a_gold(within_days=366)
    person = buyer(1, 1, **fields)
    count_tiers(NIGHT)
    assert tier(person) == ("gold" if reached else "")


def test_orders_and_money_are_both_asked_for_where_both_are_set() -> None:
    a_gold(orders_from=2, within_days=None)
    once, twice = buyer(1, 1, paid_minor=300_000), buyer(2, 2, paid_minor=50_000)
    count_tiers(NIGHT)
    assert (tier(once), tier(twice)) == ("", "gold")


def test_the_first_count_of_a_shop_is_no_news_and_a_later_rise_is_told_once() -> None:
    lead = member("lead")
    a_gold()
    old, risen = buyer(1, 3), buyer(2, 3)
    count_tiers(NIGHT)
    assert events() == []
    assert not Notice.objects.filter(template="tier.reached").exists()
    Order.objects.filter(pk__in=risen.orders.values("pk")[:1]).update(paid_minor=100_000)
    new = buyer(3, 3)
    for _twice in range(2):
        count_tiers(NIGHT + DAY)
    assert sorted(events()) == sorted([("tier.reached", "金卡", "老顾客"), ("tier.reached", "老顾客", "")])
    assert {each.subject for each in Event.objects.filter(name="tier.reached")} == {risen, new}
    told = Notice.objects.filter(template="tier.reached", recipient_id=lead.pk)
    assert {(each.params["ref"]["zh"], each.params["people"]) for each in told} == {("老顾客", 1), ("金卡", 1)}
    assert told.count() == 2
    assert Membership.objects.get(person=old).since == clock.shop_date(NIGHT)
    assert Membership.objects.get(person=risen).since == clock.shop_date(NIGHT + DAY)


@pytest.mark.parametrize("found_before", [0, 1])
def test_the_first_who_rises_in_a_shop_without_members_is_news(found_before: int) -> None:
    """Whether the first count found nobody, or everybody it found has left again."""
    for number in range(found_before):
        buyer(number, 3)
    count_tiers(NIGHT)
    Order.objects.update(status=Order.Status.CANCELLED)
    count_tiers(NIGHT + DAY)
    buyer(5, 3)
    count_tiers(NIGHT + 2 * DAY)
    assert events()[found_before:] == [("tier.reached", "老顾客", "")]


@pytest.mark.parametrize(("locale", "words"), [("zh-hans", "金卡"), ("en", "Gold")])
def test_the_leads_read_the_tiers_name_in_their_own_language(locale: str, words: str) -> None:
    lead = member("lead")
    a_gold()
    buyer(1, 3)
    count_tiers(NIGHT)
    buyer(2, 1, paid_minor=100_000)
    count_tiers(NIGHT + DAY)
    [line] = inbox.lines(replace(lead.as_actor(), locale=locale), now=NIGHT + DAY)
    assert line.text.startswith(words)


def test_who_falls_or_leaves_is_in_the_ledger_and_nobody_is_told() -> None:
    a_gold()
    falls, leaves = buyer(1, 3, paid_minor=50_000), buyer(2, 1, paid_minor=100_000)
    count_tiers(NIGHT)
    Order.objects.update(paid_minor=10_000)
    for _twice in range(2):
        count_tiers(NIGHT + DAY)
    assert (tier(falls), tier(leaves)) == ("regular", "")
    assert sorted(events()) == sorted([("tier.lost", "–", "金卡"), ("tier.lost", "老顾客", "金卡")])
    assert not Notice.objects.filter(template="tier.reached").exists()


def test_a_crash_after_the_count_loses_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    member("lead")
    buyer(1, 3)
    count_tiers(NIGHT)
    buyer(2, 3)
    with monkeypatch.context() as broken:
        broken.setattr(counting, "_record_some", lambda _at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            count_tiers(NIGHT + DAY)
    assert events() == []
    count_tiers(NIGHT + 2 * DAY)
    assert events() == [("tier.reached", "老顾客", "")]
    assert Notice.objects.get(template="tier.reached").params["people"] == 1, "of the night that was cut short"


def test_many_people_are_one_statement(monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any) -> None:
    monkeypatch.setattr(counting, "_BATCH", 2)
    a_gold()
    for number in range(3):
        buyer(number, 3)
    with django_assert_max_num_queries(20):
        count_tiers(NIGHT)
    for number in range(3, 8):
        buyer(number, 3)
    count_tiers(NIGHT + DAY)
    assert Event.objects.filter(name="tier.reached").count() == 5


def test_a_tier_out_of_use_counts_for_nothing_from_that_moment_on() -> None:
    person = buyer(1, 3)
    count_tiers(NIGHT)
    Tier.objects.update(in_use=False)
    assert tiers_of(person.pk) == []
    assert count_tiers(NIGHT + DAY) == 0
    assert events() == [("tier.lost", "–", "老顾客")]


def test_a_tier_asks_for_something() -> None:
    with pytest.raises(ValidationError):
        Tier(key="x", name_zh="甲", name_en="x", level=9).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tier.objects.create(key="x", name_zh="甲", name_en="x", level=9)


def test_who_stands_first_in_line_has_high_priority_from_the_start() -> None:
    a_gold(is_first=True)
    rich, usual = buyer(1, 1, paid_minor=100_000), buyer(2, 3)
    count_tiers(NIGHT)
    assert is_first_in_line(rich.pk)
    opened = [
        open_ticket(kind="question", title="在吗", person=each, order=None, actor=staff(), queue_key="questions")
        for each in (rich, usual)
    ]
    assert [each.priority for each in opened] == [Ticket.Priority.HIGH, Ticket.Priority.NORMAL]


def test_the_service_levels_and_the_lists_mean_the_same_regulars() -> None:
    """A question of a regular gets the target of the row for regulars, and the list of regulars shows that ticket alone."""
    regular, new = buyer(1, 3), buyer(2, 1)
    count_tiers(NIGHT)
    opened = {
        who: open_ticket(kind="question", title="在吗", person=who, order=None, actor=staff(), queue_key="questions")
        for who in (regular, new)
    }
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("agent"))
    page = client.get("/desk/tickets/?tier=regular").content.decode()
    assert opened[regular].ref in page
    assert opened[new].ref not in page
    page = client.get("/desk/tickets/?tier=none").content.decode()
    assert opened[regular].ref not in page
    assert opened[new].ref in page
    assert Clock.objects.filter(ticket=opened[regular]).exists()
    from tickets.actions.clockwork import target_of, versions_in_use

    settings = versions_in_use()[0].read()
    fits = {who: target_of(ticket, "next_response", settings) for who, ticket in opened.items()}
    assert [getattr(fits[who], "tier", None) for who in (regular, new)] == ["regular", ""]


def test_a_manager_types_a_tier_in_and_an_empty_amount_is_none() -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("manager"))
    typed = {
        "key": "silver", "level": "3", "name_zh": "银卡", "name_en": "Silver", "orders_from": "", "spent_from": "2000",
        "currency": "CNY", "within_days": "365", "gives_zh": "优先处理", "gives_en": "Handled first", "in_use": "on",
    }  # fmt: skip
    assert client.post("/office/customers/tier/add/", typed).status_code == 302
    silver = Tier.objects.get(key="silver")
    assert (silver.spent_from_minor, silver.orders_from) == (200_000, None)
    assert (
        client.post("/office/customers/tier/add/", typed | {"key": "x", "level": "4", "spent_from": ""}).status_code
        == 200
    )
    changed = typed | {"spent_from": "", "orders_from": "5"}
    assert client.post(f"/office/customers/tier/{silver.pk}/change/", changed).status_code == 302
    silver.refresh_from_db()
    assert (silver.spent_from_minor, silver.orders_from) == (None, 5)
    told = Event.objects.get(name="configuration.changed")
    assert told.data["before"] == {"orders_from": None, "spent_from_minor": 200_000}
    person = buyer(1, 5)
    count_tiers(NIGHT)
    assert person.ref in client.get(f"/office/customers/membership/?tier__id__exact={silver.pk}").content.decode()
    page = client.get(f"/desk/people/{person.ref}/").content.decode()
    assert "Silver" in page
    assert "Handled first" in page
