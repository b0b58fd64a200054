"""Visits through the API: listed, read with their script, and their outcome recorded once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger.models import Event
from customers.actions.consents import refuses
from customers.models import Purpose
from tests.tickets.visits import a_visit, an_appliance
from tests.world import an_order, member, staff
from tickets.actions.opening import open_ticket
from tickets.actions.visits.giving import give_visit
from tickets.models import Ticket, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Visit:
    """A call about a kettle, due two days ago and the agent's."""
    with clock.fixed(clock.now() - dt.timedelta(days=5)):
        made = a_visit(an_appliance())
    return give_visit(made.pk, user_id=member("agent").pk, actor=staff("lead"))


def refs(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.content
    return {each["ref"] for each in answer.json()["results"]}


def question(visit: Visit, kind: str, *, for_leads: bool = False) -> int:
    pk: int = visit.plan.questions.filter(kind=kind, for_leads=for_leads).earliest("number").pk
    return pk


def test_the_list_is_narrowed_and_an_unknown_filter_is_refused(program: Any, visit: Visit) -> None:
    agent, now, order = program(), clock.now(), visit.order
    assert order is not None
    assert visit.ref in refs(agent.get("visits/"))
    for narrow in (
        {"state": "planned", "due_before": now.isoformat()}, {"channel": "call"}, {"plan": "appliances"},
        {"person": visit.person.ref, "order": order.pk}, {"assignee": visit.assignee_id}, {"unassigned": "false"},
    ):  # fmt: skip
        assert visit.ref in refs(agent.get("visits/", **narrow)), narrow
    for narrow in (
        {"state": "done"}, {"due_after": now.isoformat(), "channel": "call"}, {"unassigned": "true", "channel": "call"},
        {"after": "T-0000000000"}, {"outcome": "content"},
    ):  # fmt: skip
        assert visit.ref not in refs(agent.get("visits/", **narrow)), narrow
    assert agent.get("visits/", colour="red").json()["code"] == "filter_unknown"


def test_one_visit_shows_its_script_in_the_caller_s_language(program: Any, visit: Visit) -> None:
    agent = program()
    agent.headers["Accept-Language"] = "en"
    shown = agent.get(f"visits/{visit.ref.lower()}/").json()
    assert (shown["state"], shown["channel"], shown["plan"]["code"]) == ("planned", "call", "appliances")
    assert "Did setting up and the first use go well?" in [each["text"] for each in shown["script"]]
    assert shown["order"]["number"] == visit.order.number if visit.order else False
    points = visit.person.contact_points.values_list("value", flat=True)
    assert points
    assert not [value for value in points if value in str(shown)]


def test_a_ticket_of_a_closed_team_is_named_to_nobody_outside_it(program: Any, visit: Visit) -> None:
    case = open_ticket(
        kind="question", title="壶盖合不上", person=visit.person, order=None, actor=staff("lead"), at=clock.now()
    )
    Visit.objects.filter(pk=visit.pk).update(after=case, help_ticket=case)
    agent = program()

    def named() -> list[Any]:
        shown, listed = agent.get(f"visits/{visit.ref}/").json(), agent.get("visits/").json()["results"]
        return [shown["after"], shown["help_ticket"], next(row["after"] for row in listed if row["ref"] == visit.ref)]

    assert named() == [case.ref] * 3
    Ticket.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Home", is_closed=True))
    assert named() == [None] * 3
    assert agent.get(f"visits/{visit.ref}/").json()["ref"] == visit.ref


def test_who_was_reached_is_recorded_once_however_often_it_is_sent(program: Any, visit: Visit) -> None:
    agent = program()
    said = {
        "result": "content", "satisfaction": 5, "usage": "每天烧水",
        "answers": [{"question": question(visit, "yes_no"), "value": "yes"}],
    }  # fmt: skip
    first = agent.post(f"visits/{visit.ref}/outcome/", said, key="call-1")
    assert first.status_code == 200, first.content
    assert first.json()["outcome"] == "content"
    assert first.json()["answers"][0]["value"] == "yes"
    assert agent.post(f"visits/{visit.ref}/outcome/", said, key="call-1").json() == first.json()
    assert agent.post(f"visits/{visit.ref}/outcome/", said).status_code == 200
    assert Event.objects.filter(name="visit.done", subject_id=visit.pk).count() == 1
    other = agent.post(f"visits/{visit.ref}/outcome/", {**said, "result": "proficient"})
    assert (other.status_code, other.json()["code"]) == (409, "visit_ended")
    assert other["Content-Type"] == "application/problem+json"


def test_a_try_in_vain_says_which_and_counts_once(program: Any, visit: Visit) -> None:
    agent, path = program(), f"visits/{visit.ref}/outcome/"
    unsaid = agent.post(path, {"result": "missed"})
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["number"])
    for _ in range(2):
        shown = agent.post(path, {"result": "missed", "number": 1, "remark": "关机"}).json()
        assert (shown["tries"], shown["state"]) == (1, "planned")
    for _ in range(2):
        skipping = agent.post(path, {"result": "missed", "number": 5}).json()
        assert (skipping["code"], list(skipping["errors"])) == ("number_skips", ["number"])
    assert agent.get(f"visits/{visit.ref}/").json()["tries"] == 1
    assert [each["note"] for each in shown["all_tries"]] == ["关机"]


def test_another_time_help_and_a_refusal_do_what_they_do_at_the_desk(program: Any, visit: Visit) -> None:
    agent, path = program(), f"visits/{visit.ref}/outcome/"
    again = clock.now() + dt.timedelta(days=2)
    shown = agent.post(path, {"result": "callback", "again_at": again.isoformat()}).json()
    assert shown["is_callback"] is True
    helped = agent.post(path, {"result": "help", "satisfaction": 2, "needs": "壶盖合不上"}).json()
    assert helped["help_ticket"].startswith("T-")
    with clock.fixed(clock.now() - dt.timedelta(days=5)):
        other = a_visit(an_order(days_ago=0))
    agent.post(f"visits/{other.ref}/outcome/", {"result": "declined"})
    assert refuses(other.person_id, Purpose.VISITS)


@pytest.mark.parametrize(
    ("answers", "field"),
    [([{"question": 999_999, "value": "yes"}], "q999999"), ("yes_no", ""), ([{"question": 1}], "answers"),
     ([{"question": 1, "value": "x", "colour": "red"}], "answers")],
)  # fmt: skip
def test_an_answer_that_fits_no_question_is_refused_and_nothing_is_kept(
    program: Any, visit: Visit, answers: Any, field: str
) -> None:
    if answers == "yes_no":
        pk = question(visit, "yes_no")
        answers, field = [{"question": pk, "value": "perhaps"}], f"q{pk}"
    said = {"result": "content", "satisfaction": 4, "answers": answers}
    answer = program().post(f"visits/{visit.ref}/outcome/", said)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED


def test_what_is_said_of_the_staff_is_for_leads(program: Any, visit: Visit) -> None:
    pk = question(visit, "score", for_leads=True)
    agent = program()
    said = {"result": "content", "satisfaction": 3, "answers": [{"question": pk, "value": "2"}]}
    assert agent.post(f"visits/{visit.ref}/outcome/", said).json()["answers"] == []
    assert [each["value"] for each in program("lead").get(f"visits/{visit.ref}/").json()["answers"]] == ["2"]


def test_a_closed_team_s_visit_and_a_customer_see_nothing(program: Any, shopper: Any, visit: Visit) -> None:
    assert visit.order is not None
    assert shopper(visit.order).get("visits/").status_code == 403
    assert program("warehouse").get(f"visits/{visit.ref}/").status_code == 403
    assert program("auditor").get(f"visits/{visit.ref}/").status_code == 200
    assert program("auditor").post(f"visits/{visit.ref}/outcome/", {"result": "declined"}).status_code == 403
    Visit.objects.filter(pk=visit.pk).update(team=Team.objects.create(name="Home", is_closed=True))
    agent = program()
    assert visit.ref not in refs(agent.get("visits/"))
    assert agent.get(f"visits/{visit.ref}/").status_code == 404
    assert agent.post(f"visits/{visit.ref}/outcome/", {"colour": "red"}).status_code == 404
