"""The report on service levels: right without any worker, each number equal to the list behind it and to its CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team
from aftersales.kernel import clock as time
from aftersales.ledger.models import Event
from aftersales.office.scope import Scope
from aftersales.office.servicelevels import figures
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, member, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message, reply
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import Clock, ClockNotice, Ticket

pytestmark = pytest.mark.django_db
Office = Callable[..., Client]
PERIOD = {"from": "2026-11-23", "until": "2026-11-29"}
WEEK = Scope(dt.date(2026, 11, 23), dt.date(2026, 11, 29))
AT = "Tue 12:00"


def asked(when: str, *, agent: str = "", team: Team | None = None, answered: str = "") -> Ticket:
    order = an_order()
    with time.fixed(at(when)):
        ticket = ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
        if agent:
            assign(ticket.pk, user_id=member("agent", agent).pk, actor=staff())
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    if answered:
        reply(ticket.pk, text="On its way.", actor=staff(), at=at(answered))
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def week() -> list[Ticket]:
    """On Tuesday at noon, and no worker has ever run: first responses after 5 and 11 minutes, one after 20, one never, and one
    that is asked a moment ago; two of Ann's in the team, two of Ben's, one of nobody's."""
    night = Team.objects.create(name="Night")
    return [
        asked("Mon 09:00", agent="Ann", team=night, answered="Mon 09:05"),
        asked("Mon 10:00", agent="Ann", team=night, answered="Mon 10:20"),
        asked("Mon 11:00", agent="Ben", answered="Mon 11:11"),
        asked("Mon 12:00", agent="Ben"),
        asked("Tue 11:55"),
    ]


def seen(client: Client, address: str = "/office/service-report/", **query: str) -> str:
    with time.fixed(at(AT)):
        page = client.get(address, {**PERIOD, **query} if "?" not in address else {}).content.decode()
    main = re.sub(r"<(script|style).*?</\1>", " ", page[page.index('id="content-main"') :], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_without_a_worker_what_is_late_is_missed(office: Office, week: list[Ticket]) -> None:
    assert not ClockNotice.objects.exists()
    assert not Event.objects.filter(name="clock.missed").exists()
    page = seen(office())
    assert "First response 50 % 2 of 4 missed, 1 not decided yet" in page
    assert "Resolution – 0 of 0 missed, 5 not decided yet" in page
    assert "Median first response 11 min of opening hours" in page
    assert Clock.objects.filter(metric="first_response", state="running").count() == 2, "one of them late"


def test_each_team_and_agent_has_a_line_with_its_median(office: Office, week: list[Ticket]) -> None:
    page = seen(office())
    assert "Night 50 % 1 of 2 missed – – – 12 min" in page
    assert "Ann 50 % 1 of 2 missed – – – 12 min" in page
    assert "Ben 50 % 1 of 2 missed – – – 11 min" in page
    assert page.index("Ann 50") < page.index("Ben 50"), "by name; what is nobody’s has nothing decided"


def test_each_number_leads_to_just_so_many_tickets_and_the_csv_says_the_same(
    office: Office, week: list[Ticket]
) -> None:
    client = office()
    with time.fixed(at(AT)):
        page = client.get("/office/service-report/", PERIOD)
        shown = page.context["shown"]
        kept = figures.Report(WEEK, staff("manager"), at(AT)).lines()[None].by["first_response"]
        assert client.get(shown.figures[0].href).context["page"].paginator.count == kept.missed == 2
        for table in shown.tables:
            for row in table.rows:
                for cell in row.cells:
                    assert client.get(cell.href).context["page"].paginator.count == cell.decided
                    assert client.get(cell.missed_href).context["page"].paginator.count == cell.missed
        late = {each[0].ticket.ref for each in client.get(shown.figures[0].href).context["listed"]}
        assert late == {week[1].ref, week[3].ref}
        text = client.get("/office/service-report/service-levels.csv", PERIOD).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Figures", "First response", "", "50 %", "2 of 4 missed, 1 not decided yet"] in rows
    assert ["By whose ticket it is", "Ann", "first response", "50 %", "1 of 2 missed"] in rows
    assert ["By team", "Night", "Median first response", "12 min", ""] in rows


def test_the_median_is_of_those_that_were_answered(office: Office, week: list[Ticket]) -> None:
    close_ticket(week[3].pk, actor=staff(), at=at("Tue 11:00"))
    page = seen(office())
    assert "First response 50 % 2 of 4 missed, 1 not decided yet" in page, "closed when it was late already"
    assert "Median first response 11 min of opening hours" in page


def test_a_clock_that_was_late_before_it_was_paused_is_missed_all_the_same(office: Office) -> None:
    ticket = asked("Mon 09:00", answered="Mon 09:05")
    assert ticket.order is not None
    receive_message(ticket.pk, text="Well?", actor=customer(ticket.order), at=at("Mon 09:30"))
    with time.fixed(at("Mon 11:00")):
        set_waiting(ticket.pk, "customer", actor=staff(), why="a photo")
    paused = Clock.objects.get(metric="next_response")
    assert (paused.state, paused.due_at, paused.late_at) == ("paused", None, at("Mon 10:30"))
    page = seen(office())
    assert "Next response 0 % 1 of 1 missed" in page
    assert ticket.ref in seen(office(), "/office/service-report/clocks/", metric="next_response", outcome="missed")
    set_waiting(ticket.pk, "", actor=staff())
    paused.refresh_from_db()
    assert (paused.state, paused.due_at, paused.late_at) == ("running", at("Mon 10:30"), None)


def test_what_went_along_in_a_merge_is_counted_once(office: Office) -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        one = ask_question(order.pk, text="Where?", actor=customer(order))
    with time.fixed(at("Mon 09:10")):
        other = ask_question(order.pk, text="And?", actor=customer(order))
        merge_tickets(one.pk, other.pk, actor=staff())
    page = seen(office())
    assert "First response 0 % 1 of 1 missed, 0 not decided yet" in page


def test_another_period_shop_and_a_closed_team_are_not_counted(office: Office, week: list[Ticket]) -> None:
    client = office()
    assert "No clock began in this period." in seen(client, **{"from": "2026-11-01", "until": "2026-11-02"})
    shop = week[0].order.shop if week[0].order else None
    assert shop is not None
    other = type(shop).objects.create(name="Other")
    assert "No clock began in this period." in seen(client, shop=str(other.pk))
    Team.objects.update(is_closed=True)
    seen_by = {role: figures.Report(WEEK, staff(role), at(AT)).lines("ticket__team") for role in ("agent", "lead")}
    assert {role: set(lines) for role, lines in seen_by.items()} == {
        "agent": {None},
        "lead": {None, Team.objects.get().pk},
    }


def test_the_lists_know_only_what_there_is(office: Office) -> None:
    client = office()
    for wrong in ({"outcome": "moon"}, {"team": "moon"}, {"agent": "9" * 12}):
        assert client.get("/office/service-report/clocks/", {**PERIOD, **wrong}).status_code == 404
    assert client.get("/office/service-report/clocks/", {**PERIOD, "page": "99"}).status_code == 200
    assert office("agent").get("/office/service-report/").status_code in (302, 403)


def test_it_takes_the_same_few_statements_for_more_tickets(
    office: Office, week: list[Ticket], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = office()
    seen(client)
    for minute in range(10, 20):
        asked(f"Mon 13:{minute}", agent=f"Agent {minute}", answered=f"Mon 13:{minute + 5}")
    with django_assert_max_num_queries(20):
        seen(client)
    with django_assert_max_num_queries(14):
        seen(client, "/office/service-report/clocks/")


def test_the_overview_says_what_is_late_now_and_how_first_responses_went(office: Office, week: list[Ticket]) -> None:
    client = office()
    with time.fixed(at(AT)):
        page = client.get("/office/", PERIOD)
        told = {figure.label: figure for figure in page.context["overview"].figures}
        assert (told["Tickets overdue"].value, told["Tickets overdue"].tone) == ("1", "danger")
        assert client.get(told["Tickets overdue"].href).context["cl"].result_count == 1
        assert (told["First responses in time"].value, told["First responses in time"].note) == (
            "50 %", "2 of 4 missed",
        )  # fmt: skip
        assert client.get(told["First responses in time"].href).status_code == 200


def test_it_speaks_chinese(office: Office, week: list[Ticket]) -> None:
    client = office()
    with time.fixed(at(AT)):
        text = client.get("/office/service-report/", PERIOD, headers={"Accept-Language": "zh-CN"}).content.decode()
        assert "首次响应中位数" in text
        assert "4 个中 2 个超时" in text
        listed = client.get(
            "/office/service-report/clocks/", {**PERIOD, "outcome": "missed"}, headers={"Accept-Language": "zh-CN"}
        ).content.decode()
    assert "2 个时效" in listed


def test_the_list_is_called_by_what_it_lists(office: Office) -> None:
    client, where = office(), "/office/service-report/clocks/"
    assert client.get(where).context["title"] == "All clocks of this period"
    assert client.get(where, {"metric": "resolution", "outcome": "missed"}).context["title"] == "Resolution · missed"
    assert (
        "时效报表</a> › 这段时间内的全部时效"
        in client.get(where, headers={"Accept-Language": "zh-CN"}).content.decode()
    )
    assert "<h1>Report on service levels</h1>" in client.get("/office/service-report/").content.decode()
