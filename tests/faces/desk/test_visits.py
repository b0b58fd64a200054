"""The list of visits, one visit with its script, and the customer's page and one's day with their visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from customers.actions.consents import give_consent
from customers.models import Address
from tests.tickets.visits import a_visit, due
from tests.world import a_person, an_order, member, staff
from tickets.actions.opening import open_ticket
from tickets.actions.visits.giving import give_visit
from tickets.models import Ticket, Visit

Sit = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Visit:
    """A call about a kettle, due now and the agent's."""
    now = clock.now()
    with clock.fixed(now - dt.timedelta(days=4)):
        made = a_visit()
    return give_visit(made.pk, user_id=member("agent").pk, actor=staff("lead"))


def test_one_s_own_stand_in_the_list_and_in_one_s_day(sit: Sit, visit: Visit) -> None:
    for page in ("/desk/visits/", "/desk/"):
        html = sit().get(page).content.decode()
        assert f"/desk/visits/{visit.ref}/" in html, page
        assert "Using an appliance" in html
    assert f"/desk/visits/{visit.ref}/" not in sit("agent", "other").get("/desk/visits/").content.decode()


def test_filters_narrow_it_and_nonsense_is_ignored(sit: Sit, visit: Visit) -> None:
    client = sit()

    def seen(query: str) -> bool:
        return f"/desk/visits/{visit.ref}/" in client.get(f"/desk/visits/?{query}").content.decode()

    assert seen("whose=all")
    assert seen(f"whose={visit.assignee_id}&channel=call")
    assert seen("whose=x&channel=y&sort=z&view=%00&page=nan")
    assert not seen("whose=nobody")
    assert not seen("channel=home")
    assert not seen("view=coming&channel=home")
    tabs = client.get("/desk/visits/?channel=home").context["tabs"]
    assert [tab["count"] for tab in tabs if tab["current"]] == [0]  # as many as the list shows


def test_an_empty_list_says_what_to_do(sit: Sit, db: None) -> None:
    assert "No visit is due" in sit().get("/desk/visits/").content.decode()
    assert "Visits are planned by themselves" in sit().get("/desk/visits/?view=ended").content.decode()


def test_home_visits_stand_by_city_and_district(sit: Sit) -> None:
    towns = (("上海市", "徐汇区"), ("杭州市", "西湖区"), ("上海市", "徐汇区"))
    with clock.fixed(clock.now() - dt.timedelta(days=4)):
        for city, district in towns:
            person = a_person()
            give_consent(person.pk, purpose="at_home", proof="form", actor=staff())
            place = Address.objects.create(person=person, city=city, district=district, line="1 号")
            made = a_visit(an_order(days_ago=0, person=person, address=place))
            Visit.objects.filter(pk=made.pk).update(channel="home")
            made.refresh_from_db()
            due(made)
    html = sit().get("/desk/visits/?sort=route&whose=all").content.decode()
    assert html.count('class="route"') == 2
    assert html.index("杭州市 西湖区") > 0
    assert "Home visit" in html


def test_who_has_how_much_to_do_is_said_beside_it(sit: Sit, visit: Visit) -> None:
    html = sit("lead").get("/desk/visits/").content.decode()
    assert f"?whose={visit.assignee_id}" in html


def test_a_visit_is_recorded_with_its_script_and_the_list_comes_next(sit: Sit, visit: Visit) -> None:
    client = sit()
    page = client.get(f"/desk/visits/{visit.ref}/").content.decode()
    question = visit.script()[1]
    assert str(question) in page
    assert "138****0001" in page
    sent = {
        "number": 1, "result": "content", "satisfaction": 4, "usage": "每天", "suggestion": "加长电源线",
        f"q{question.pk}": "每天三次",
    }  # fmt: skip
    for _again in range(2):
        answer = client.post(f"/desk/visits/{visit.ref}/outcome/", sent)
        assert answer["Location"] == "/desk/visits/"
    visit.refresh_from_db()
    assert (visit.outcome, visit.satisfaction, visit.answers[0]["value"]) == ("content", 4, "每天三次")
    page = client.get(f"/desk/visits/{visit.ref}/").content.decode()
    assert "加长电源线" in page
    assert "4 of 5" in page
    person = client.get(f"/desk/people/{visit.person.ref}/").content.decode()
    assert "加长电源线" in person


def test_what_customers_say_of_the_staff_is_for_leads(sit: Sit, visit: Visit) -> None:
    question = next(each for each in visit.script() if each.for_leads)
    sent = {"number": 1, "result": "content", "satisfaction": 5, f"q{question.pk}": "2"}
    sit().post(f"/desk/visits/{visit.ref}/outcome/", sent)
    page = f"/desk/visits/{visit.ref}/"
    assert str(question) not in sit().get(page).content.decode()
    assert str(question) in sit("lead").get(page).content.decode()


def test_nothing_typed_is_lost_when_something_is_missing(sit: Sit, visit: Visit) -> None:
    answer = sit().post(
        f"/desk/visits/{visit.ref}/outcome/", {"number": 1, "result": "help", "satisfaction": 3, "usage": "泡茶"}
    )
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "泡茶" in html
    assert "Please write something first." in html
    assert not Ticket.objects.filter(kind="visit").exists()
    assert sit().post(f"/desk/visits/{visit.ref}/outcome/", {"number": 1}).status_code == 422


def test_another_time_is_the_shop_s_clock(sit: Sit, visit: Visit) -> None:
    day = clock.shop_date(clock.now()) + dt.timedelta(days=2)
    sent = {"number": 1, "result": "callback", "again_day": day.isoformat(), "again_time": "19:30"}
    sit().post(f"/desk/visits/{visit.ref}/outcome/", sent)
    visit.refresh_from_db()
    assert visit.due_at == dt.datetime.combine(day, dt.time(19, 30), clock.shop_zone())
    wrong = {**sent, "again_day": "2020-01-01"}
    answer = sit().post(f"/desk/visits/{visit.ref}/outcome/", wrong)
    assert "within 90 days" in answer.content.decode()


def test_it_is_taken_given_and_called_off(sit: Sit, visit: Visit) -> None:
    other = sit("agent", "other")
    other.post(f"/desk/visits/{visit.ref}/taking/")
    visit.refresh_from_db()
    assert visit.assignee == member("agent", "other")
    other.post(f"/desk/visits/{visit.ref}/assignee/", {"user": member("agent").pk})
    visit.refresh_from_db()
    assert visit.assignee == member("agent")
    other.post(f"/desk/visits/{visit.ref}/calling-off/", {"reason": "门店已回访"})
    page = other.get(f"/desk/visits/{visit.ref}/").content.decode()
    assert "门店已回访" in page
    assert 'name="result"' not in page


def test_pages_cost_a_fixed_number_of_queries(
    sit: Sit, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with clock.fixed(clock.now() - dt.timedelta(days=4)):
        for _each in range(3):
            give_visit(a_visit().pk, user_id=member("agent").pk, actor=staff("lead"))
    client = sit()
    client.get("/desk/visits/")
    with django_assert_max_num_queries(14):
        assert client.get("/desk/visits/").content.count(b"work__subject") == 4
    with django_assert_max_num_queries(17):
        client.get(f"/desk/visits/{visit.ref}/")


def test_a_ticket_of_a_closed_team_is_not_told_of_on_its_visit(sit: Sit, visit: Visit) -> None:
    case = open_ticket(
        kind="question", title="壶盖合不上", person=visit.person, order=None, actor=staff("lead"), at=clock.now()
    )
    needs = {"outcome": "help", "needs": "盖子", "state": "done", "ended_at": clock.now(), "satisfaction": 2}
    Visit.objects.filter(pk=visit.pk).update(after=case, help_ticket=case, **needs)
    pages = (f"/desk/visits/{visit.ref}/", "/desk/visits/?view=ended&whose=all")
    for page in pages:
        assert case.ref in sit().get(page).content.decode(), page
    Ticket.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Home", is_closed=True))
    for page in pages:
        html = sit().get(page).content.decode()
        assert visit.ref in html
        assert case.ref not in html, page
        assert case.title not in html, page


def test_what_a_second_colleague_typed_is_refused_by_name_and_stays_in_the_form(sit: Sit, visit: Visit) -> None:
    sent = {"number": 1, "result": "content", "satisfaction": "5", "usage": "每天"}
    where = f"/desk/visits/{visit.ref}/outcome/"
    assert sit("agent", "amei").post(where, sent).status_code == 302
    assert sit("agent", "bohan").post(where, sent).status_code == 302, "the same again is the same"
    answer = sit("agent", "bohan").post(where, sent | {"satisfaction": "1", "suggestion": "盖子太紧"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "amei has done this already" in page
    assert "盖子太紧</textarea>" in page
    visit.refresh_from_db()
    assert (visit.satisfaction, visit.suggestion) == (5, "")


def test_a_remark_of_a_try_that_was_counted_already_is_not_lost_in_silence(sit: Sit, visit: Visit) -> None:
    where = f"/desk/visits/{visit.ref}/outcome/"
    for sent in ({"remark": "无人接"}, {"remark": "无人接"}, {}):
        assert sit("agent", "amei").post(where, {"number": 1, "result": "missed"} | sent).status_code == 302
    answer = sit("agent", "bohan").post(where, {"number": 1, "result": "missed", "remark": "占线"})
    assert answer.status_code == 409
    assert "占线" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.tries == 1
