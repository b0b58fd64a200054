"""Choosing rows of a list, saying what is to be done with them, reading what came of it, taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.accounts.models import Team, User
from aftersales.desk.views import bulk as views
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.faces.desk.test_queue import question
from tests.world import member, staff
from tickets.actions.phrases import save_phrase
from tickets.models import BulkRun, Message, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def agreed(client: Client, where: str) -> dict[str, str]:
    """What the form of that address carries of the tickets it was shown for."""
    found = re.search(r'name="agreed" value="(\w+)"', client.get(where).content.decode())
    assert found is not None
    return {"agreed": found[1]}


def test_chosen_rows_are_assigned_reported_and_taken_back(sit: Sit) -> None:
    one, other, kept = (question(name, hours=3) for name in ("one", "other", "kept"))
    agent = sit("agent")
    assert 'name="ticket" value="' + one.ref in agent.get("/desk/tickets/").content.decode()
    where = f"/desk/bulk/new/?kind=assign&ticket={one.ref}&ticket={other.ref}&list=view%3D"
    page = agent.get(where).content.decode()
    assert "For 2 tickets:" in page
    sent = {"key": key(), "user": str(member("lead").pk)}
    answer = agent.post(where, sent)
    assert agent.post(where, sent)["Location"] == answer["Location"]
    run = BulkRun.objects.get()
    report = agent.get(answer["Location"]).content.decode()
    assert re.search(r"<strong>2</strong>.{0,400}?done", report, re.DOTALL)
    assert set(Ticket.objects.filter(assignee=member("lead"))) == {one, other}
    agent.post(f"/desk/bulk/{run.pk}/undo/")
    assert not Ticket.objects.filter(assignee=member("lead")).exists()
    report = agent.get(answer["Location"]).content.decode()
    assert "This was taken back." in report
    assert re.findall(r'data-label="Outcome">([^<]+)<', report) == ["taken back", "taken back"]
    assert kept.assignee is None


def test_all_that_match_are_those_of_the_list(sit: Sit) -> None:
    late = question("late", hours=-2)
    question("later", hours=3)
    where = "/desk/bulk/new/?kind=close&all=yes&list=view%3Doverdue%26kind%3Dquestion"
    agent = sit("agent")
    shown = agreed(agent, where)
    agent.post(where, {"key": key(), **shown})
    assert not Ticket.objects.filter(status="closed").exists(), "the reason is asked for"
    sent = {"key": key(), "reason": "no_answer", **shown}
    first, again = agent.post(where, sent), agent.post(where, sent)
    assert first["Location"] == again["Location"], "though the list is empty by then"
    assert list(Ticket.objects.filter(status="closed")) == [late]
    assert late.closures.get().reason == "no_answer"


def test_all_that_match_are_those_that_were_shown(sit: Sit) -> None:
    question("one", hours=3)
    agent = sit("agent")
    where = "/desk/bulk/new/?kind=reply&all=yes&list=view%3D"
    sent = {"key": key(), "text": "We are on it.", **agreed(agent, where)}
    question("other", hours=3)
    answer = agent.post(where, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "it is for 2 now" in page
    assert "For 2 tickets:" in page
    assert "We are on it.</textarea>" in page
    assert not BulkRun.objects.exists()
    assert agent.post(where, {"key": key(), "text": "x"}).status_code == 409, "nobody was shown a list"
    sent |= agreed(agent, where)
    assert agent.post(where, sent).status_code == 302
    assert Message.objects.filter(by="staff").count() == 2


def test_words_to_think_over_agree_to_no_other_tickets(sit: Sit) -> None:
    question("one", hours=3)
    agent = sit("agent")
    where = "/desk/bulk/new/?kind=reply&all=yes&list=view%3D"
    sent = {"key": key(), "text": "这不是我们的责任。", **agreed(agent, where)}
    question("other", hours=3)
    page = agent.post(where, sent).content.decode()
    shown = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("agreed", "looked_over")}
    answer = agent.post(where, sent | shown)
    assert (answer.status_code, BulkRun.objects.exists()) == (409, False)


@pytest.mark.parametrize("kind", ["reply", "phrase"])
def test_what_everybody_is_told_is_looked_over_and_signed(sit: Sit, kind: str) -> None:
    ticket, agent = question("one", hours=3), sit("agent")
    User.objects.filter(pk=member("agent").pk).update(signature="Lin, 售后组")
    text = "{customer}您好，这不是我们的责任。" if kind == "phrase" else "这不是我们的责任。"
    phrase = save_phrase(None, key="late", title_zh="延迟", text_zh=text, steps=[], actor=staff("manager"))
    where = f"/desk/bulk/new/?kind={kind}&ticket={ticket.ref}"
    assert "Lin, 售后组" in agent.get(where).content.decode()
    sent = {"key": key(), "text": text, "phrase": str(phrase.pk)}
    refused = agent.post(where, sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert re.findall("<mark>(.*?)</mark>", page) == ["不是我们的责任"]
    assert "Send anyway" in page
    assert not BulkRun.objects.exists()
    names = ("looked_over", "sample") if kind == "phrase" else ("looked_over",)
    shown = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in names}
    assert agent.post(where, {**sent, **shown}).status_code == 302
    told = Message.objects.get(by="staff").text
    assert told.endswith("这不是我们的责任。\n\nLin, 售后组")


def test_a_phrase_is_chosen_and_read_before_it_goes_to_many(sit: Sit) -> None:
    ticket, agent, manager = question("one", hours=3), sit("agent"), staff("manager")
    phrase = save_phrase(
        None, key="late", title_zh="延迟", text_zh="{customer}，明天发出。", steps=[["priority", "high"]], actor=manager
    )
    save_phrase(None, key="stars", title_zh="好评", text_zh="感谢好评。", steps=[], kinds=["review"], actor=manager)
    where = f"/desk/bulk/new/?kind=phrase&ticket={ticket.ref}"
    page = agent.get(where).content.decode()
    assert '<option value="" selected>Choose a phrase' in page
    assert "好评" not in page
    sent = {"key": key(), "phrase": ""}
    assert agent.post(where, sent).status_code == 422
    sent["phrase"] = str(phrase.pk)
    shown = agent.post(where, sent)
    page = shown.content.decode()
    assert (shown.status_code, BulkRun.objects.exists()) == (422, False)
    assert f"As the customer of {ticket.ref} reads it:" in page
    assert f"{ticket.person.name}，明天发出。" in page
    assert "When it is sent · Priority: high" in page
    assert "Send on 1 ticket" in page
    sent["sample"] = page.split('name="sample" value="')[1].split('"')[0]
    phrase = save_phrase(
        phrase.pk, key="late", title_zh="延迟", text_zh="{customer}，后天发出。", steps=[], actor=manager
    )
    assert "后天发出" in agent.post(where, sent).content.decode(), "edited meanwhile, it is read again"
    assert not BulkRun.objects.exists()


def test_a_phrase_that_nobody_could_read_whole_is_not_offered_to_be_sent(sit: Sit) -> None:
    without = [question(f"{number}", hours=3) for number in range(21)]
    Ticket.objects.update(order=None)
    with_order = question("with an order", hours=3)
    phrase = save_phrase(
        None, key="o", title_zh="单号", text_zh="订单{order}明天发出。", steps=[], actor=staff("manager")
    )
    agent, sent = sit("agent"), {"key": key(), "phrase": str(phrase.pk)}
    page = agent.post(f"/desk/bulk/new/?kind=phrase&ticket={without[0].ref}", sent).content.decode()
    assert "The phrase says {order}, and none of the tickets that were tried has one." in page
    assert 'name="sample"' not in page
    chosen = "".join(f"&ticket={each.ref}" for each in [*without, with_order])
    page = agent.post(f"/desk/bulk/new/?kind=phrase{chosen}", sent).content.decode()
    assert f"As the customer of {with_order.ref} reads it:" in page, "the last one of many is found, too"


def test_an_answer_to_a_batch_is_looked_over_and_signed(sit: Sit) -> None:
    problem, agent = stages.batched(), sit("agent")
    User.objects.filter(pk=member("agent").pk).update(signature="Lin, 售后组")
    where = f"/desk/batches/{problem.ref}/reply/"
    assert "Lin, 售后组" in agent.get(where).content.decode()
    sent = {"key": key(), "text": "这不是我们的责任。"}
    refused = agent.post(where, sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert re.findall("<mark>(.*?)</mark>", page) == ["不是我们的责任"]
    assert not Message.objects.filter(by="staff").exists()
    shown = page.split('name="looked_over" value="')[1].split('"')[0]
    assert agent.post(where, {**sent, "looked_over": shown}).status_code == 302
    assert {each.text for each in Message.objects.filter(by="staff")} == {"这不是我们的责任。\n\nLin, 售后组"}


def test_an_apology_is_missed_where_one_of_many_needs_it(sit: Sit) -> None:
    complaint, other, agent = question("one", hours=3), question("other", hours=3), sit("agent")
    Ticket.objects.filter(pk=complaint.pk).update(kind="complaint")
    where = f"/desk/bulk/new/?kind=reply&ticket={complaint.ref}&ticket={other.ref}"
    refused = agent.post(where, {"key": key(), "text": "We look into it."})
    assert refused.status_code == 422
    assert "it holds no apology" in refused.content.decode()
    assert agent.post(where, {"key": key(), "text": "We are sorry, and look into it."}).status_code == 302


def test_too_many_are_told_before_anything_is_written(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 2)
    for name in ("one", "two", "three", "four"):
        question(name, hours=3)
    agent = sit("agent")
    where = "/desk/bulk/new/?kind=reply&all=yes&list=view%3D"
    page = agent.get(where).content.decode()
    assert "4 tickets match; 2 are the most for one run." in page
    assert "<textarea" not in page
    assert 'type="submit">' not in page.partition('<form class="dialog__body"')[2].partition("</form>")[0]
    refused = agent.post(where, {"key": key(), "text": "Typed before they came", **agreed(agent, where)})
    assert refused.status_code == 400
    assert "Typed before they came</textarea>" in refused.content.decode()
    assert not BulkRun.objects.exists()


def test_what_is_refused_is_said_with_its_sentence(sit: Sit) -> None:
    held = stages.submitted().ticket
    agent = sit("agent")
    where = agent.post(f"/desk/bulk/new/?kind=close&ticket={held.ref}", {"key": key(), "reason": "solved"})["Location"]
    report = agent.get(where).content.decode()
    assert "belongs to a request that is not finished" in report
    assert "Take it back" not in report


def test_the_report_names_no_ticket_of_a_team_that_is_closed_to_its_reader(sit: Sit) -> None:
    ticket, agent = question("Secret words", hours=3), sit("agent")
    team = Team.objects.create(name="甲组", is_closed=True)
    answer = agent.post(f"/desk/bulk/new/?kind=team&ticket={ticket.ref}", {"key": key(), "team": team.pk})
    report = agent.get(answer["Location"]).content.decode()
    assert "Secret words" not in report
    assert "1 ticket is with a team that is closed to you" in report
    assert "Take it back" not in report
    lead = sit("lead").get(answer["Location"]).content.decode()
    assert "Secret words" in lead
    assert "closed to you" not in lead
    assert "Take it back" in lead


def test_nothing_chosen_and_nothing_written_are_said(sit: Sit) -> None:
    ticket = question("x", hours=3)
    agent = sit("agent")
    assert "No ticket is chosen" in agent.get("/desk/bulk/new/?kind=close").content.decode()
    assert agent.post("/desk/bulk/new/?kind=close", {"key": key(), "reason": "solved"}).status_code == 400
    refused = agent.post(f"/desk/bulk/new/?kind=reply&ticket={ticket.ref}", {"key": key(), "text": ""})
    assert refused.status_code == 422
    assert agent.get("/desk/bulk/new/?kind=nonsense").status_code == 404
    assert sit("warehouse").get("/desk/bulk/new/?kind=close").status_code == 403


@pytest.mark.parametrize("kind", ["assign", "team", "queue", "priority", "tag", "wait", "close", "reply", "phrase"])
def test_every_kind_has_its_form_in_the_dialog(sit: Sit, kind: str) -> None:
    ticket = question("x", hours=3)
    part = sit("lead").get(f"/desk/bulk/new/?kind={kind}&ticket={ticket.ref}", headers={"hx-request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="deed">')
    assert f'<option value="{kind}">' in sit("lead").get("/desk/tickets/").content.decode()


def test_who_changes_nothing_chooses_nothing(sit: Sit) -> None:
    question("x", hours=3)
    assert 'name="ticket"' not in sit("auditor").get("/desk/tickets/").content.decode()
