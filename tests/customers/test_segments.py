"""Scores by fifths and the segments made of them: refunds taken off, ties kept together, plans that choose whom they are for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from aftersales.kernel import clock
from aftersales.ledger.models import Event
from customers.actions.care.counting import count_standings
from customers.actions.care.planning import plan_care
from customers.actions.care.scoring import FEWEST, score_people
from customers.actions.care.segment_seeding import SEGMENTS, seed_segments
from customers.actions.consents import give_consent
from customers.gather.outlook import outlook
from customers.jobs import every_night
from customers.models import CareMessage, CarePlan, Order, Person, Score, Segment, Standing
from tests.customers.test_care import a_plan
from tests.world import a_person, an_order, member, staff

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TODAY = dt.datetime(2026, 11, 10, 3, tzinfo=dt.UTC)


def buyer(number: int, *, orders: int = 1, minor: int = 100, days_ago: int = 1, currency: str = "CNY") -> Person:
    """Somebody with a standing as the nightly count leaves it."""
    person = a_person(f"买家{number}", f"+86138{number:08}", f"buyer{number}@shop.example")
    last = (TODAY - days_ago * DAY).date()
    Standing.objects.create(
        person=person, currency=currency, orders=orders, spent_minor=minor, first_order_on=last, last_order_on=last,
        counted_at=TODAY,
    )  # fmt: skip
    return person


def triple(person: Person) -> tuple[int, int, int]:
    score = Score.objects.get(person=person)
    return score.recency, score.frequency, score.money


def segment(person: Person) -> str:
    score = Score.objects.select_related("segment").get(person=person)
    return score.segment.key if score.segment else ""


def test_each_score_is_the_fifth_in_which_somebody_is() -> None:
    people = [buyer(number, orders=number + 1, minor=1000 - number, days_ago=50 - number) for number in range(10)]
    assert score_people(TODAY) == 10
    assert [triple(each) for each in people] == [
        (1 + number // 2, 1 + number // 2, 5 - number // 2) for number in range(10)
    ]


def test_who_did_the_same_has_the_same_score() -> None:
    once = [buyer(number) for number in range(9)]
    often = buyer(9, orders=4)
    score_people(TODAY)
    assert {triple(each)[1] for each in once} == {1}
    assert triple(often)[1] == 5


def test_money_is_compared_within_its_currency_and_what_was_refunded_does_not_count() -> None:
    with clock.fixed(TODAY):
        orders = [an_order(person=a_person(f"甲{n}", f"+86139{n:08}", f"a{n}@shop.example")) for n in range(10)]
    Order.objects.filter(pk=orders[0].pk).update(refunded_minor=orders[0].paid_minor)
    count_standings(TODAY)
    back = Standing.objects.get(person=orders[0].person)
    assert back.spent_minor == 0
    for each in Standing.objects.exclude(pk=back.pk):
        Standing.objects.filter(pk=each.pk).update(spent_minor=100 + each.pk)
    score_people(TODAY)
    assert triple(orders[0].person)[2] == 1
    Standing.objects.create(
        person=orders[0].person, currency="JPY", orders=1, spent_minor=3, first_order_on=TODAY.date(),
        last_order_on=TODAY.date(), counted_at=TODAY,
    )  # fmt: skip
    score_people(TODAY)
    score = Score.objects.get(person=orders[0].person)
    assert (score.money, score.orders, score.frequency) == (1, 2, 5), (
        "one person, one score; alone in yen is no rich man"
    )


def test_fewer_than_ten_customers_are_not_compared() -> None:
    people = [buyer(number) for number in range(FEWEST)]
    assert score_people(TODAY) == FEWEST
    Standing.objects.filter(person=people[0]).delete()
    assert score_people(TODAY + DAY) == 0


def test_counting_again_keeps_the_day_and_another_segment_begins_anew(django_assert_max_num_queries: Any) -> None:
    people = [buyer(number, orders=number + 1, minor=number, days_ago=90 - number) for number in range(10)]
    with django_assert_max_num_queries(6):
        score_people(TODAY)
    best = Score.objects.get(person=people[9])
    assert (segment(people[9]), best.since) == ("champions", TODAY.date())
    score_people(TODAY + DAY)
    best.refresh_from_db()
    assert (best.since, best.counted_at) == (TODAY.date(), TODAY + DAY)
    for each in people[:9]:
        Standing.objects.filter(person=each).update(last_order_on=(TODAY + DAY).date())
    score_people(TODAY + 2 * DAY)
    best.refresh_from_db()
    assert (segment(people[9]), best.since) == ("cannot-lose", (TODAY + 2 * DAY).date())


def test_the_segments_of_a_new_shop_leave_nobody_out_and_are_touched_only_by_managers() -> None:
    def fits(ranges: tuple[tuple[int, int], ...], scores: tuple[int, ...]) -> bool:
        return all(low <= score <= high for (low, high), score in zip(ranges, scores, strict=True))

    first = [
        next((key for key, _zh, _en, *ranges in SEGMENTS if fits(tuple(ranges), scores)), None)
        for scores in product(range(1, 6), repeat=3)
    ]
    assert None not in first
    assert set(first) == {row[0] for row in SEGMENTS}, "none is hidden behind another"
    Segment.objects.filter(key="lost").update(name_zh="走了")
    seed_segments()
    assert Segment.objects.count() == len(SEGMENTS)
    assert Segment.objects.get(key="lost").name_zh == "走了"


def test_a_segment_out_of_use_gives_way_to_the_next_and_no_range_is_upside_down() -> None:
    people = [buyer(number, orders=number + 1, minor=number, days_ago=90 - number) for number in range(10)]
    Segment.objects.filter(key="champions").update(in_use=False)
    score_people(TODAY)
    assert segment(people[9]) == "loyal"
    Segment.objects.update(in_use=False)
    score_people(TODAY)
    assert segment(people[9]) == ""
    with pytest.raises(ValidationError) as told:
        Segment(key="x", name_zh="甲", name_en="x", recency_from=4, recency_to=2).full_clean()
    assert "recency_to" in told.value.message_dict


def test_a_plan_for_segments_is_about_nobody_else_and_who_left_them_is_not_written_to(
    drain: Callable[[], int], settings: Any
) -> None:
    settings.MAILBOX = False
    plan = a_plan("silence", days=50)
    plan.segments.set(Segment.objects.filter(key="lost"))
    people = [buyer(number, days_ago=1 + (number < 2) * 49) for number in range(10)]
    for each in people:
        give_consent(each.pk, purpose="news", proof="聊天", actor=staff())
    score_people(TODAY)
    assert Score.objects.filter(segment__key="lost").count() == 2
    assert outlook(plan, TODAY).occasions == 2
    CarePlan.objects.update(planned_until=(TODAY - DAY).date())
    with clock.fixed(TODAY):
        assert plan_care(TODAY) == 2
    Score.objects.filter(person=people[0]).update(segment=Segment.objects.get(key="loyal"))
    with clock.fixed(TODAY.replace(hour=5)):  # 13:00 of the shop
        drain()
    assert dict(CareMessage.objects.values_list("person_id", "state")) == {
        people[0].pk: "stopped", people[1].pk: "sent",
    }  # fmt: skip
    assert CareMessage.objects.get(person=people[0]).why == "segment"


def test_the_nightly_job_does_it_all() -> None:
    with clock.fixed(TODAY):
        for number in range(FEWEST):
            an_order(person=a_person(f"乙{number}", f"+86137{number:08}", f"b{number}@shop.example"))
    every_night(TODAY + DAY)
    assert Score.objects.filter(segment__isnull=False).count() == FEWEST


def test_the_office_lists_by_segment_and_the_customers_page_says_it(django_assert_max_num_queries: Any) -> None:
    people = [buyer(number, orders=number + 1, minor=number, days_ago=90 - number) for number in range(10)]
    score_people(TODAY)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("manager"))
    champions = Segment.objects.get(key="champions")
    client.get("/office/customers/score/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/office/customers/score/?segment__id__exact={champions.pk}").content.decode()
    assert people[9].ref in page
    assert people[0].ref not in page
    assert f"?segment__id__exact={champions.pk}" in client.get("/office/customers/segment/").content.decode()
    page = client.get(f"/desk/people/{people[9].ref}/").content.decode()
    assert "Champions" in page
    stranger = a_person("路人", "+8613900000000", "nobody@shop.example")
    assert "Beside other customers" not in client.get(f"/desk/people/{stranger.ref}/").content.decode()


def typed_in(plan: CarePlan, segment: Segment) -> dict[str, Any]:
    return {
        "name": plan.name, "occasion": plan.occasion, "category": "", "days": "0", "segments": [str(segment.pk)],
        "subject_zh": plan.subject_zh, "text_zh": plan.text_zh, "subject_en": plan.subject_en, "text_en": plan.text_en,
        "active": "on",
    }  # fmt: skip


def test_the_segments_of_a_plan_are_chosen_in_the_office_and_the_change_is_kept() -> None:
    plan, lost = a_plan(), Segment.objects.get(key="lost")
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("manager"))
    for _twice in range(2):
        assert client.post(f"/office/customers/careplan/{plan.pk}/change/", typed_in(plan, lost)).status_code == 302
    assert list(plan.segments.all()) == [lost]
    told = Event.objects.get(name="configuration.changed")
    assert (told.data["before"], told.data["after"]) == ({"segments": ""}, {"segments": "Lost"})


def test_a_plan_is_added_in_the_office_with_its_segments() -> None:
    lost = Segment.objects.get(key="lost")
    typed = typed_in(a_plan(), lost)
    client = Client(headers={"accept-language": "en"})
    client.force_login(member("manager"))
    assert client.post("/office/customers/careplan/add/", {**typed, "name": "三月的问候"}).status_code == 302
    assert list(CarePlan.objects.get(name="三月的问候").segments.all()) == [lost]
    assert Event.objects.get(name="configuration.added").data["what"] == "三月的问候"
