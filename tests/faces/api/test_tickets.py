"""Tickets and complaints through the API: listed, read, opened, answered, noted, assigned, waited for, closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.accounts.models import Team
from aftersales.files.actions.attaching import attach_all
from aftersales.kernel import clock
from aftersales.ledger.models import Event
from tests.faces.api.test_callers import a_photo
from tests.files.hostile import PDF, packed
from tests.world import a_complaint, a_person, a_return, an_order, customer, member, staff
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.merging import merge_tickets
from tickets.actions.opening import open_ticket, queue
from tickets.actions.questions import ask_question
from tickets.models import Closure, Complaint, Message, Tag, Ticket, TicketField

pytestmark = pytest.mark.django_db


def refs(answer: Any) -> set[str]:
    return {each["ref"] for each in answer.json()["results"]}


class TestFiles:
    def test_a_message_and_a_note_bring_files_once(self, program: Any) -> None:
        order = an_order()
        question = ask_question(order.pk, text="发票呢？", actor=customer(order))
        agent = program()
        for noun in ("messages", "notes"):
            for _ in range(2):
                sent = {"text": "见附件", "files": [SimpleUploadedFile("发票.pdf", PDF)]}
                headers = {**agent.headers, "Idempotency-Key": noun}
                answer = agent.client.post(f"/api/v1/tickets/{question.ref}/{noun}/", sent, headers=headers)
                assert answer.status_code == 201
        shown = agent.get(f"tickets/{question.ref}/messages/").json()["results"]
        assert [[file["name"] for file in each["files"]] for each in shown] == [["发票.pdf"], ["发票.pdf"], []]

    def test_a_file_we_do_not_take_writes_no_message(self, program: Any) -> None:
        order = an_order()
        question = ask_question(order.pk, text="发票呢？", actor=customer(order))
        agent = program()
        sent = {"text": "见附件", "files": [SimpleUploadedFile("a.zip", packed())]}
        answer = agent.client.post(f"/api/v1/tickets/{question.ref}/messages/", sent, headers=agent.headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "file_archive")
        assert list(answer.json()["errors"]) == ["files"]
        assert question.messages.count() == 1

    @pytest.mark.parametrize("noun", ["messages", "notes"])
    def test_more_than_six_are_refused_before_one_is_read(
        self, program: Any, monkeypatch: pytest.MonkeyPatch, noun: str
    ) -> None:
        order = an_order()
        question = ask_question(order.pk, text="发票呢？", actor=customer(order))
        monkeypatch.setattr("aftersales.api.views.messages.read_file", None)
        agent = program()
        sent = {"text": "见附件", "files": [SimpleUploadedFile(f"{each}.pdf", PDF) for each in range(7)]}
        answer = agent.client.post(f"/api/v1/tickets/{question.ref}/{noun}/", sent, headers=agent.headers)
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["files"]


class TestReading:
    def test_lists_are_narrowed_and_an_unknown_filter_is_refused(self, program: Any) -> None:
        agent, order = program(), an_order()
        question = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
        ret = a_return(order)
        user = member("agent")
        Ticket.objects.filter(pk=question.pk).update(assignee=user, due_at=clock.now() - dt.timedelta(hours=1))
        assert refs(agent.get("tickets/")) == {question.ref, ret.ticket.ref}
        for narrow in (
            {"kind": "question"}, {"assignee": user.pk}, {"overdue": "true"}, {"unassigned": "false"},
            {"queue": "questions"}, {"kind": "question", "person": order.person.ref, "priority": 3},
        ):  # fmt: skip
            assert refs(agent.get("tickets/", **narrow)) == {question.ref}, narrow
        assert agent.get("tickets/", asignee=1).json()["code"] == "filter_unknown"
        assert agent.get("tickets/", waiting_on="nobody").status_code == 400

    def test_a_customer_sees_the_repair_they_asked_for_and_none_of_the_shops_own(self, shopper: Any) -> None:
        order = an_order()
        asked = a_return(order, kind="repair", reason="flaw").ticket
        own = open_ticket(kind="repair", title="Lid", person=order.person, order=order, channel="phone", actor=staff())
        buyer = shopper(order)
        assert refs(buyer.get("tickets/")) == {asked.ref}
        assert buyer.get(f"tickets/{own.ref}/").status_code == 404

    def test_one_ticket_says_how_it_stands_in_the_shop(self, program: Any) -> None:
        order = an_order()
        question = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
        told = program().get(f"tickets/{question.ref.lower()}/").json()
        assert (told["subject"], told["desk"]["queue"], told["desk"]["assignee"]) == (
            "什么时候发货？",
            "questions",
            None,
        )
        assert ("first_response", "running") in [(each["metric"], each["state"]) for each in told["clocks"]]
        ret = a_return(order)
        assert program("auditor").get(f"tickets/{ret.ticket.ref}/").json()["return_ref"] == ret.ref

    def test_a_page_costs_the_same_for_one_ticket_and_for_many(self, program: Any) -> None:
        agent = program()

        def cost(path: str) -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert agent.get(path).status_code == 200
            return len(asked)

        def more() -> Ticket:
            order = an_order()
            question = ask_question(order.pk, text="?", actor=customer(order))
            attach_all([a_photo()], on=question.messages.get(), actor=customer(order))
            note(question.pk, text="n", actor=staff())
            a_complaint(order)
            return question

        question = more()
        paths = ("tickets/", f"tickets/{question.ref}/messages/", "complaints/")
        for path in paths:
            cost(path)  # the first time caches are filled
        before = [cost(path) for path in paths]
        for _ in range(3):
            more()
            said = receive_message(question.pk, text="?", actor=staff())
            attach_all([a_photo()], on=said, actor=staff())
        assert [cost(path) for path in paths] == before
        assert max(before) <= 8
        assert cost(f"tickets/{question.ref}/") <= 8
        assert cost(f"complaints/{Complaint.objects.earliest('pk').ticket.ref}/") <= 12

    def test_messages_of_a_merged_ticket_stand_with_those_it_was_merged_into(self, program: Any) -> None:
        order, agent = an_order(), program()
        first, second = (ask_question(order.pk, text=words, actor=customer(order)) for words in ("一", "二"))
        merge_tickets(second.pk, first.pk, actor=staff())
        told = agent.get(f"tickets/{first.ref}/messages/").json()["results"]
        assert [(each["ticket"], each["text"]) for each in told] == [(second.ref, "二"), (first.ref, "一")]
        newer = agent.get(f"tickets/{first.ref}/messages/", after=told[1]["id"]).json()["results"]
        assert [each["text"] for each in newer] == ["二"]
        late = agent.post(f"tickets/{second.ref}/messages/", {"text": "在这里"})
        assert (late.status_code, late.json()["code"]) == (409, "ticket_merged")


class TestWhatACustomerSees:
    def test_their_own_words_and_ours_but_no_note_no_task_and_nothing_of_the_desk(self, shopper: Any) -> None:
        order, other = an_order(), an_order()
        question = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
        ask_question(other.pk, text="别人的", actor=customer(other))
        open_ticket(kind="task", title="催快递", person=order.person, order=order, actor=staff())
        note(question.pk, text="老客户", actor=staff())
        reply(question.pk, text="今天发", actor=staff())
        reply(question.pk, text="还能撤回", actor=staff(), hold=dt.timedelta(seconds=30))
        buyer = shopper(order)
        assert refs(buyer.get("tickets/")) == {question.ref}
        told = buyer.get(f"tickets/{question.ref}/").json()
        assert (told["desk"], told["clocks"]) == (None, None)
        said = buyer.get(f"tickets/{question.ref}/messages/").json()["results"]
        assert [(each["by"], each["text"], each["author"]) for each in said] == [
            ("staff", "今天发", None), ("customer", "什么时候发货？", None),
        ]  # fmt: skip
        assert buyer.get("tickets/", assignee=1).json()["code"] == "filter_unknown"
        assert shopper(other).get(f"tickets/{question.ref}/messages/").status_code == 404
        assert buyer.post(f"tickets/{question.ref}/notes/", {"text": "?"}).status_code == 403

    def test_they_ask_write_and_complain(self, shopper: Any) -> None:
        order, other = an_order(), an_order()
        buyer = shopper(order)
        asked = buyer.post("tickets/", {"order": order.pk, "text": "能改地址吗？"}, key="1")
        assert asked.status_code == 201
        assert buyer.post("tickets/", {"order": order.pk, "text": "能改地址吗？"}, key="1").json() == asked.json()
        ref = asked.json()["ref"]
        assert buyer.post(f"tickets/{ref}/messages/", {"text": "在吗"}).json()["by"] == "customer"
        assert buyer.post("tickets/", {"order": other.pk, "text": "?"}).status_code == 404
        body = {"order": order.pk, "code": "quality", "statement": "两次就坏了", "wish": "换一台"}
        complaint = buyer.post("complaints/", body, key="2").json()
        assert buyer.post("complaints/", body, key="2").json() == complaint
        assert (complaint["classification"]["group"], complaint["desk"]) == ("goods", None)
        assert buyer.get(f"complaints/{complaint['ref']}/").json() == complaint
        assert shopper(other).get(f"complaints/{complaint['ref']}/").status_code == 404
        assert Complaint.objects.get().aim == "换一台"


class TestTheWorkOfAProgram:
    def test_opened_noted_assigned_waiting_closed_and_open_again(self, program: Any) -> None:
        agent, order, user = program(), an_order(), member("agent")
        body = {"kind": "repair", "title": "锅盖松了", "order": order.pk, "text": "电话里说的", "channel": "phone"}
        opened = agent.post("tickets/", body, key="k")
        assert opened.status_code == 201
        assert agent.post("tickets/", body, key="k").json() == opened.json()
        assert Ticket.objects.count() == 1
        ref = opened.json()["ref"]
        noted = agent.post(f"tickets/{ref}/notes/", {"text": "已回电", "channel": "phone", "contact": True}).json()
        assert (noted["internal"], noted["contact"], noted["channel"]) == (True, True, "phone")
        assert agent.post(f"tickets/{ref}/assignee/", {"user": user.pk}).json()["desk"]["assignee"]["id"] == user.pk
        assert agent.post(f"tickets/{ref}/assignee/", {"user": user.pk}).status_code == 200
        assert Event.objects.filter(name="ticket.assigned").count() == 1
        until = (clock.now() + dt.timedelta(days=2)).isoformat()
        waits = agent.post(
            f"tickets/{ref}/waiting/", {"waiting_on": "supplier", "until": until, "why": "等配件"}
        ).json()
        assert (waits["status"], waits["desk"]["waiting_on"]) == ("waiting", "supplier")
        assert agent.post(f"tickets/{ref}/waiting/", {"waiting_on": ""}).json()["status"] == "open"
        assert agent.post(f"tickets/{ref}/closing/", {"reason": "merged"}).status_code == 400
        assert agent.post(f"tickets/{ref}/closing/", {"reason": "no_answer"}).json()["status"] == "closed"
        assert agent.post(f"tickets/{ref}/closing/").status_code == 200
        assert Closure.objects.get().reason == "no_answer"
        assert agent.post(f"tickets/{ref}/reopening/").json()["status"] == "open"
        assert Event.objects.filter(name__in=("ticket.closed", "ticket.reopened")).count() == 2

    def test_who_has_not_read_the_newest_message_is_told(self, program: Any) -> None:
        order, agent = an_order(), program()
        question = ask_question(order.pk, text="在吗", actor=customer(order))
        first = question.messages.get()
        receive_message(question.pk, text="是蓝色那件", actor=customer(order))
        path = f"tickets/{question.ref}/messages/"
        stale = agent.post(path, {"text": "您好", "seen": first.pk})
        assert (stale.status_code, stale.json()["code"]) == (409, "stale_thread")
        assert agent.post(path, {"text": "您好", "seen": question.messages.latest("pk").pk}).status_code == 201
        assert Message.objects.filter(by="staff").count() == 1

    def test_nor_does_a_program_put_away_what_it_has_not_read(self, program: Any) -> None:
        order, agent = an_order(), program()
        question = ask_question(order.pk, text="在吗", actor=customer(order))
        seen = question.messages.get().pk
        receive_message(question.pk, text="是蓝色那件", actor=customer(order))
        for noun, body in (("closing", {}), ("waiting", {"waiting_on": "customer", "why": "照片"})):
            stale = agent.post(f"tickets/{question.ref}/{noun}/", {**body, "seen": seen})
            assert (stale.status_code, stale.json()["code"]) == (409, "stale_thread")
        assert Ticket.objects.get().status == "open"
        newest = question.messages.latest("pk").pk
        assert agent.post(f"tickets/{question.ref}/closing/", {"seen": newest}).json()["status"] == "closed"

    def test_a_return_closes_with_its_request_and_a_complaint_is_no_ticket_by_hand(self, program: Any) -> None:
        agent, ret = program(), a_return(an_order())
        assert agent.post(f"tickets/{ret.ticket.ref}/closing/").json()["code"] == "case_open"
        body = {"kind": "complaint", "title": "!", "order": ret.order_id}
        assert agent.post("tickets/", body).status_code == 400
        assert not Ticket.objects.filter(kind="complaint").exists()

    def test_the_steps_of_a_complaint_are_read(self, program: Any) -> None:
        complaint = a_complaint(an_order())
        told = program("auditor").get(f"complaints/{complaint.ticket.ref}/").json()["desk"]
        steps = {each["step"]: each["at"] for each in told["steps"]}
        assert list(steps) == ["apology", "hearing", "aim", "fault", "plan", "satisfaction", "cause"]
        assert [name for name, at in steps.items() if at] == ["hearing", "cause"]
        assert told["escalations"][0]["to"] == "lead"
        assert told["improvements"][0]["owner"]["name"] == "lead"
        assert refs(program().get("complaints/", answered="false", open="true", group="goods")) == {
            complaint.ticket.ref
        }
        assert refs(program().get("complaints/", answered="true")) == set()
        first = program().post(f"tickets/{complaint.ticket.ref}/messages/", {"text": "请提供照片"})
        assert (first.status_code, first.json()["code"]) == (409, "apology_missing")


class TestWhatATicketIsAbout:
    def test_details_are_changed_alone_or_together_and_the_rest_stays(self, program: Any) -> None:
        agent, order = program(), an_order()
        ticket = ask_question(order.pk, text="在吗", actor=customer(order))
        Team.objects.create(name="二线")
        Tag.objects.create(name="急")
        queue("returns")
        path = f"tickets/{ticket.ref}/details/"
        assert agent.post(path, {"priority": 1}).json()["desk"]["priority"] == 1
        told = agent.post(path, {"queue": "returns", "team": "二线", "tags": ["急"], "title": "发票"}, key="k").json()
        assert (told["desk"]["queue"], told["desk"]["team"], told["desk"]["tags"]) == ("returns", "二线", ["急"])
        assert (told["subject"], told["desk"]["priority"]) == ("发票", 1)
        assert (
            agent.post(path, {"queue": "returns", "team": "二线", "tags": ["急"], "title": "发票"}, key="k").json()
            == told
        )
        assert agent.post(path, {"team": None, "tags": []}).json()["desk"]["tags"] == []
        assert agent.post(path, {}).status_code == 200
        assert Event.objects.filter(name="ticket.changed").count() == 3

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"queue": "nowhere"}, "queue"), ({"team": "x"}, "team"), ({"tags": ["x"]}, "tags"), ({"priority": 9}, "priority"),
            ({"title": " "}, "title"), ({"kind": "complaint"}, "kind"), ({"colour": "red"}, "colour"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_at_its_field(self, program: Any, body: dict[str, Any], field: str) -> None:
        order = an_order()
        ticket = ask_question(order.pk, text="在吗", actor=customer(order))
        answer = program().post(f"tickets/{ticket.ref}/details/", body)
        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_own_fields_are_filled_in_and_emptied(self, program: Any) -> None:
        agent, order = program(), an_order()
        ticket = ask_question(order.pk, text="在吗", actor=customer(order))
        TicketField.objects.create(key="serial", label_zh="序列号", label_en="Serial", kind="text")
        path = f"tickets/{ticket.ref}/fields/"
        for _time in range(2):
            assert agent.post(path, {"values": {"serial": "AB-1"}}).json()["desk"]["custom"] == {"serial": "AB-1"}
        assert Event.objects.filter(name="ticket.filled_in").count() == 1
        assert agent.post(path, {"values": {"weight": "1"}}).json()["code"] == "no_field"
        assert agent.post(path, {"values": {}}).status_code == 400
        assert agent.post(path, {"values": {"serial": ""}}).json()["desk"]["custom"] == {}

    def test_two_of_one_customer_are_merged_and_of_two_are_not(self, program: Any) -> None:
        agent, order, other = (
            program(),
            an_order(),
            an_order(person=a_person(name="王芳", phone="+8613800000009", email="w@example.org")),
        )
        one, two = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("一", "二"))
        theirs = ask_question(other.pk, text="三", actor=customer(other))
        path = f"tickets/{one.ref}/merging/"
        assert agent.post(path, {"into": theirs.ref}).json()["code"] == "other_customer"
        assert agent.post(path, {"into": one.ref}).status_code == 400
        assert agent.post(path, {"into": "T-000000000"}).status_code == 404
        for _time in range(2):
            told = agent.post(path, {"into": two.ref}).json()
            assert (told["status"], told["desk"]["merged_into"]) == ("closed", two.ref)
        assert Event.objects.filter(name="ticket.merged").count() == 1
