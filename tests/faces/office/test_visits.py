"""The report on visits counts what the list behind it holds; plans are changed by managers, each change kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor, Role
from aftersales.ledger.models import Event
from aftersales.office import visit_figures as figures
from aftersales.office.scope import Scope
from customers.models import Address, Order
from tests.tickets.visits import a_visit, an_appliance, at
from tests.world import a_person, an_order, member, staff
from tickets.actions.visits.planning import plan_after_signing
from tickets.actions.visits.posting import post_letter
from tickets.actions.visits.recording import Said, record_missed, record_outcome
from tickets.models import Visit, VisitPlan

pytestmark = pytest.mark.django_db
SCOPE = Scope(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
LEAD = Actor(kind="staff", role=Role.LEAD)


@pytest.fixture
def visited() -> None:
    """Two reached (5 and 2, one with a suggestion and help), one never, one still to make."""
    with clock.fixed(at(5)):
        record_outcome(a_visit().pk, "proficient", Said(satisfaction=5), actor=staff())
        record_outcome(a_visit().pk, "help", Said(satisfaction=2, suggestion="送一个滤网", help="漏水"), actor=staff())
        missed = a_visit()
        for number in (1, 2, 3):
            record_missed(missed.pk, number=number, actor=staff("agent", "other"))


@pytest.mark.usefixtures("visited")
def test_the_figures_are_those_of_the_visits_done() -> None:
    counted = figures.totals(SCOPE, LEAD, at(30))
    assert (counted.done, counted.reached, counted.rate, counted.helped, counted.suggestions) == (3, 2, 67, 1, 1)
    assert counted.satisfaction == 3.5
    assert figures.by_channel(SCOPE, LEAD) == [("call", 3, 2)]
    assert [(zh, n, mean) for _key, zh, _en, n, mean in figures.by_category(SCOPE, LEAD)] == [("小家电", 2, 3.5)]
    assert [(name, n, reached) for _key, name, n, reached in figures.by_person(SCOPE, LEAD)] == [
        ("agent", 2, 2), ("other", 1, 0),
    ]  # fmt: skip
    assert [visit.suggestion for visit in figures.suggestions(SCOPE, LEAD)] == ["送一个滤网"]
    nothing = figures.totals(Scope(dt.date(2026, 10, 1), dt.date(2026, 10, 31)), LEAD, at(1))
    assert (nothing.done, nothing.rate, nothing.satisfaction) == (0, None, None)


def test_calls_and_letters_are_late_when_their_time_has_passed_but_no_message() -> None:
    with clock.fixed(at(5)):
        visits = {channel: a_visit() for channel in ("call", "home", "letter", "message")}
    for channel, visit in visits.items():
        Visit.objects.filter(pk=visit.pk).update(channel=channel)
    later = visits["call"].due_at + dt.timedelta(minutes=1)  # the second visits of their plan have days to go
    assert figures.totals(SCOPE, LEAD, visits["call"].due_at).late == 0
    assert figures.totals(SCOPE, LEAD, later).late == 3
    letter = visits["letter"]
    home = Address.objects.create(person=letter.person, recipient="林梅", city="杭州市", line="文三路 8 号")
    Order.objects.filter(visits=letter).update(address=home)
    with clock.fixed(later):
        post_letter(letter.pk, actor=staff())
    assert figures.totals(SCOPE, LEAD, later).late == 2


def test_who_bought_again_is_told_apart_by_visit() -> None:
    people = [a_person(), a_person()]
    with clock.fixed(at(5)):
        orders = [an_appliance(person=person) for person in people]
        plan_after_signing(orders[0].pk, at=clock.now())
        record_outcome(Visit.objects.earliest("due_at").pk, "content", Said(satisfaction=5), actor=staff())
    with clock.fixed(at(20)):
        an_order(days_ago=0, person=people[0])
    assert figures.bought_again(Scope(dt.date(2026, 11, 5), dt.date(2026, 11, 5)), LEAD) == (1, 1, 1, 0)


@pytest.mark.usefixtures("visited")
def test_each_figure_leads_to_exactly_its_visits(client: Any) -> None:
    client.force_login(member("lead"))
    with clock.fixed(at(30)), translation.override("en"):
        page = client.get("/office/visits/", headers={"accept-language": "en"})
        assert "送一个滤网" in page.content.decode()
        for figure in page.context["report"].figures:
            if "/tickets/visit/" not in figure.href:
                continue
            behind = client.get(figure.href, headers={"accept-language": "en"})
            wanted = {"Visits done": 3, "Reached": 1, "Satisfaction": 2, "Tickets for help": 1, "Suggestions": 1}
            if str(figure.label) in wanted:
                assert behind.context["cl"].result_count == wanted[str(figure.label)], figure
        for chart in page.context["report"].charts:
            for bar in chart.bars:
                assert parse_qs(urlsplit(bar.href).query)["state__exact"] == ["done"]
                assert client.get(bar.href).context["cl"].result_count == bar.count, bar


@pytest.mark.usefixtures("visited")
def test_the_table_is_what_the_page_shows(client: Any) -> None:
    client.force_login(member("auditor"))
    with clock.fixed(at(30)):
        answer = client.get("/office/visits/visits.csv", headers={"accept-language": "en"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Figures", "Reached", "67 %", "1 not reached"] in rows
    assert any(row[2] == "送一个滤网" for row in rows)


def test_the_report_costs_a_fixed_number_of_queries(
    client: Any, visited: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(member("lead"))
    with clock.fixed(at(30)):
        client.get("/office/visits/")
        with django_assert_max_num_queries(16):
            client.get("/office/visits/")


def test_a_manager_changes_a_plan_and_what_it_was_is_kept(client: Any) -> None:
    client.force_login(User.objects.get(pk=member("manager").pk))
    plan = VisitPlan.objects.get(code="appliances")
    address = f"/office/tickets/visitplan/{plan.pk}/change/"
    page = client.get(address)
    sent = {**page.context["adminform"].form.initial, "tries": 5}
    sent = {name: "" if value is None else value for name, value in sent.items() if value is not False}
    for inline in page.context["inline_admin_formsets"]:
        rows = inline.formset.initial_form_count()
        sent |= {f"{inline.formset.prefix}-TOTAL_FORMS": rows, f"{inline.formset.prefix}-INITIAL_FORMS": rows}
    assert client.post(address, sent).status_code == 302
    plan.refresh_from_db()
    assert plan.tries == 5
    changed = Event.objects.get(name="configuration.changed")
    assert (changed.data["before"], changed.data["after"]) == ({"tries": 3}, {"tries": 5})
    client.force_login(User.objects.get(pk=member("lead").pk))
    assert client.post(address, sent).status_code == 403
