"""The office's page of a move: what would become of open clocks, the move under way, and who may begin it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.faces.office.test_service_levels import ONE, flat, policy, typed
from tests.world import an_order, customer
from tickets.actions.questions import ask_question
from tickets.models import Clock, PolicyMove

pytestmark = pytest.mark.django_db
MOVE = f"{ONE}move/"
SHOP = "/office/calendars/shop/"
Office = Callable[..., Client]


def an_older_clock(client: Client) -> None:
    order = an_order()
    ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
    row = next(
        number
        for number, each in enumerate(policy().current().settings["targets"])
        if each["metric"] == "resolution" and each.get("kind") == "question" and "priority" not in each
    )
    client.post(ONE, typed(client, **{f"targets-{row}-target": "30h"}))


def test_a_manager_looks_confirms_and_watches(
    office: Office, drain: Callable[[], int], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = office()
    an_older_clock(client)
    assert "2 open clocks go by an older version." in flat(client.get(ONE).content)
    with django_assert_max_num_queries(20):
        page = flat(client.get(MOVE).content)
    for said in ("2 open clocks", "Due later 1", "Due as before 1", "Move them to the newest version"):
        assert said in page
    assert Clock.objects.filter(policy_version__number=2).count() == 0, "looking moves nothing"
    assert client.post(MOVE, {"seen": "2"}).status_code == 302
    waiting = client.get(MOVE).content.decode()
    assert "0 of 1 tickets seen to" in flat(waiting.encode())
    assert 'data-again="2000"' in waiting
    drain()
    page = flat(client.get(MOVE).content)
    assert "Nothing to move" in page
    assert "finished 1 / 1 2 0" in page
    client.post(MOVE, {"seen": "2"})
    assert PolicyMove.objects.count() == 1


def test_a_move_is_cancelled_once_and_a_lead_only_reads(office: Office, drain: Callable[[], int]) -> None:
    client = office()
    an_older_clock(client)
    assert "Move them to the newest version" not in office("lead").get(MOVE).content.decode()
    assert office("lead").post(MOVE, {"seen": "2"}).status_code == 403
    client.post(MOVE, {"seen": "2"})
    address = f"{MOVE}{PolicyMove.objects.get().pk}/cancellation/"
    assert office("lead").post(address).status_code == 403
    for _ in range(2):
        assert client.post(address).status_code == 302
    drain()
    assert PolicyMove.objects.get().status == "cancelled"
    assert Clock.objects.filter(policy_version__number=2).count() == 0


def test_the_page_speaks_chinese_and_knows_only_policies_there_are(office: Office) -> None:
    client = office()
    an_older_clock(client)
    assert "个未结时效" in client.get(MOVE, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert client.get("/office/service-levels/moon/move/").status_code == 404


def test_a_closure_says_how_many_clocks_count_on_without_it_and_moves_them(
    office: Office, drain: Callable[[], int]
) -> None:
    client = office()
    order = an_order()
    ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
    assert "go by an older version" not in flat(client.get(f"{SHOP}days/").content)
    entry = {"first": "2020-01-02", "until": "2020-01-02", "kind": "closed", "name": "盘点", "seen": "1"}
    assert client.post(f"{SHOP}days/", entry).status_code == 302
    for address in (SHOP, f"{SHOP}days/"):
        page = client.get(address).content
        assert "2 open clocks go by an older version." in flat(page)
        assert f'href="{SHOP}move/"' in page.decode()
    assert "2 open clocks" in flat(client.get(f"{SHOP}move/").content)
    assert "Move them to the newest version" not in flat(office("lead").get(f"{SHOP}move/").content)
    assert office("lead").post(f"{SHOP}move/", {"seen": "2"}).status_code == 403
    assert client.post(f"{SHOP}move/", {"seen": "2"}).status_code == 302
    assert "0 of 1 tickets seen to" in flat(client.get(f"{SHOP}move/").content)
    drain()
    assert "finished 1 / 1 2 0" in flat(client.get(f"{SHOP}move/").content)
    assert set(Clock.objects.values_list("calendar_version__number", flat=True)) == {2}
    assert "go by an older version" not in flat(client.get(SHOP).content)
    assert client.get("/office/calendars/moon/move/").status_code == 404
    assert client.post(f"{ONE}move/{PolicyMove.objects.get().pk}/cancellation/").status_code == 404, "it is no policy’s"
