"""A visit is found by whom it is for, what was bought, and what was said; not by what customers say of the staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.search.kinds import kind_of
from tests.search.conftest import Found
from tests.tickets.visits import a_visit, an_appliance
from tests.world import a_person, member, staff
from tickets.actions.visits.recording import Said, record_missed, record_outcome
from tickets.models import Visit

pytestmark = pytest.mark.django_db
Search = Callable[..., Found]
both = pytest.mark.parametrize("in_index", [False, True], ids=["just written", "indexed"])


@pytest.fixture
def visit() -> Visit:
    with clock.fixed(clock.now() - dt.timedelta(days=4)):
        return a_visit(an_appliance(person=a_person(name="欧阳晓", phone="+8613900004321", email="xiao@example.org")))


@both
def test_person_phone_order_goods_and_words_lead_to_the_visit(
    search: Search, indexed: Callable[[], int], visit: Visit, in_index: bool
) -> None:
    record_missed(visit.pk, number=1, remark="晚饭后再打", actor=staff())
    asked = visit.plan.questions.get(kind="text")
    about_us = visit.plan.questions.get(for_leads=True)
    said = Said(
        satisfaction=4, usage="泡茶和冲奶粉", suggestion="提手再大一点",
        answers={asked.pk: "每天早晚烧两壶", about_us.pk: "5"},
    )  # fmt: skip
    record_outcome(visit.pk, "content", said, actor=staff())
    if in_index:
        assert indexed()
    order = visit.order
    assert order is not None
    for text in (
        "欧阳", "4321", "xiao@example.org", order.number, order.number[-6:], "电水壶", "奶粉", "提手", "早晚烧", "晚饭后",
        order.shipments.get().number, visit.ref, visit.ref.lower(), visit.ref[2:],
    ):  # fmt: skip
        assert visit.ref in search(text).get("visit", []), text
    assert "visit" not in search("电冰箱")


def test_what_is_said_of_the_staff_is_in_no_entry(visit: Visit) -> None:
    visit.plan.questions.filter(for_leads=True).update(kind="text")
    about_us = visit.plan.questions.get(for_leads=True)
    record_outcome(visit.pk, "content", Said(satisfaction=2, answers={about_us.pk: "客服很凶"}), actor=staff())
    (entry,) = kind_of("visit").documents([visit.pk])
    assert "客服很凶" not in entry.text


def test_a_new_name_and_new_goods_are_found_on_the_visits_there_are(
    search: Search, indexed: Callable[[], int], visit: Visit
) -> None:
    indexed()
    order = visit.order
    assert order is not None
    order.person.name = "司马青"
    order.person.save(update_fields=["name"])
    order.lines.update(title="咖啡研磨机")
    for text in ("司马", "研磨机"):
        assert visit.ref in search(text)["visit"], text
    indexed()
    assert visit.ref in search("研磨机")["visit"]
    assert "visit" not in search("欧阳晓")


def test_a_closed_team_s_visits_are_found_by_its_own_only(search: Search, visit: Visit) -> None:
    closed = Team.objects.create(name="Home", is_closed=True)
    Visit.objects.update(team=closed)  # the second step of the plan, too
    insider = member("agent", "insider")
    User.objects.filter(pk=insider.pk).update(team=closed)
    assert "visit" not in search("欧阳", staff("agent"))
    assert visit.ref in search("欧阳", User.objects.get(pk=insider.pk).as_actor())["visit"]
    assert "visit" not in search("欧阳", staff("warehouse"))


def test_the_page_of_the_search_shows_it_and_its_reference_leads_there(client: Client, visit: Visit) -> None:
    client.force_login(member("agent"), backend="aftersales.accounts.backend.AccountBackend")
    page = client.get("/desk/search/", {"q": "欧阳"}, headers={"accept-language": "zh-CN"}).content.decode()
    assert f"/desk/visits/{visit.ref}/" in page
    assert "回访" in page
    assert client.get("/desk/search/", {"q": visit.ref})["Location"] == f"/desk/visits/{visit.ref}/"
