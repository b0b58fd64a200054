"""A complaint led from apology to root cause by a program, and a repair mended or given up: each step once, by who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Event
from tests.returns.test_repair_road import in_the_workshop
from tests.world import an_order, customer, member
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(db: None) -> Complaint:
    order = an_order()
    return open_complaint(code="quality", statement="两次就不热了", order_id=order.pk, actor=customer(order))


def soon(days: int = 1) -> str:
    return (clock.now() + dt.timedelta(days=days)).isoformat()


def done(complaint: Complaint) -> list[str]:
    named = Event.objects.filter(subject_type="tickets.ticket", subject_id=complaint.ticket_id).order_by("pk")
    return [name.partition(".")[2] for name in named.values_list("name", flat=True) if name.startswith("complaint.")]


def test_every_step_is_taken_once_and_told_in_the_answer(program: Any, complaint: Complaint) -> None:
    agent, here = program(), f"complaints/{complaint.ticket.ref}/"
    day = (clock.shop_date(clock.now()) + dt.timedelta(days=14)).isoformat()
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("apology/", {"words": "非常抱歉，给您添麻烦了", "channel": "phone"}),
        ("hearing/", {"statement": "用了两次就不热了，客服让我找厂家"}),
        ("aim/", {"real_problem": "锅坏了没人管", "aim": "换一台"}),
        ("class/", {"code": "no-result"}),
        ("satisfaction/", {"stage": "before", "score": 1, "channel": "chat"}),
        ("fault/", {"fault": "carrier", "reason": "外箱有凹痕"}),
        ("interim/", {"text": "先寄备用锅"}),
        ("plan/", {"text": "换一台并承担运费", "promise": "后天前发出", "due_at": soon(2), "cost": "12.50"}),
        ("escalations/", {"to": "lead", "reason": "要求十倍赔偿", "due_at": soon()}),
        ("cause/", {"root_cause": "没有抽检", "improvement": "每批抽检", "owner": member("lead").pk, "due_on": day}),
    )  # fmt: skip
    for noun, body in steps:
        answers = [agent.post(here + noun, body, key=noun) for _ in range(2)]
        assert [each.status_code for each in answers] == [200, 200], answers[0].json()
        assert answers[0].json() == answers[1].json()
    told = agent.get(here).json()
    desk = told["desk"]
    assert told["classification"]["code"] == "no-result"
    assert (told["promise"]["text"], desk["plan"], desk["goodwill"]["minor"]) == (
        "后天前发出",
        "换一台并承担运费",
        1250,
    )
    assert [step["step"] for step in desk["steps"] if step["at"] is None] == ["satisfaction"]
    escalation, improvement = desk["escalations"][0]["id"], desk["improvements"][0]["id"]
    for _ in range(2):
        agent.post(f"{here}escalations/{escalation}/outcome/", {"outcome": "按方案处理"})
        agent.post(f"{here}promise/", {"kept": True})
        agent.post(f"{here}improvements/{improvement}/finish/")
        told = agent.post(f"{here}satisfaction/", {"stage": "after", "score": 4}).json()
    assert [(each["stage"], each["score"], each["channel"]) for each in told["ratings"]] == [
        ("before", 1, "chat"), ("after", 4, "phone"),
    ]  # fmt: skip
    assert told["promise"]["kept_at"]
    assert told["desk"]["escalations"][0]["outcome"] == "按方案处理"
    assert told["desk"]["improvements"][0]["done_at"]
    assert agent.post(f"tickets/{complaint.ticket.ref}/closing/").json()["status"] == "closed"
    assert done(complaint) == [
        "opened", "apologised", "answered", "heard", "understood", "classified", "rated", "fault_decided",
        "interim_given", "planned", "escalated", "cause_found", "escalation_settled", "rated",
    ]  # fmt: skip


def test_a_step_before_its_time_is_refused_with_what_is_missing(program: Any, complaint: Complaint) -> None:
    agent, here = program(), f"complaints/{complaint.ticket.ref}/"
    for noun, body, status, code in (
        ("aim/", {"real_problem": "锅坏了", "aim": "换"}, 409, "not_heard"),
        ("plan/", {"text": "换", "due_at": soon()}, 409, "not_heard"),
        ("apology/", {"words": "请提供照片", "channel": "phone"}, 400, "no_apology"),
        ("apology/", {"words": "抱歉", "channel": "portal"}, 400, "invalid"),
        ("fault/", {"fault": "open", "reason": "?"}, 400, "invalid"),
        ("escalations/", {"to": "lead", "reason": "三倍赔偿", "due_at": soon(-1)}, 400, "past"),
        ("satisfaction/", {"stage": "after", "score": 5}, 409, "nothing_to_rate"),
        ("promise/", {"kept": True}, 404, "not_found"),
        ("improvements/1/finish/", {}, 404, "not_found"),
        ("escalations/1/outcome/", {"outcome": "x"}, 404, "not_found"),
    ):  # fmt: skip
        answer = agent.post(here + noun, body)
        assert answer.status_code == status, (noun, answer.json())
        assert answer["Content-Type"] == "application/problem+json"
        assert set(answer.json().get("errors", {})) <= set(body), "an error names a field of the body"
        if status != 400 or code != "invalid":
            assert answer.json()["code"] == code
    for _ in range(2):
        assert agent.post(f"{here}apology-waiver/", {"reason": "恶意索赔"}).status_code == 200
    assert done(complaint) == ["opened", "apology_waived"]


def test_goodwill_above_the_limit_takes_a_lead(program: Any, complaint: Complaint) -> None:
    agent, lead, here = program(), program("lead"), f"complaints/{complaint.ticket.ref}/"
    agent.post(f"{here}hearing/", {"statement": "两次就不热了"})
    agent.post(f"{here}aim/", {"real_problem": "锅坏了", "aim": "换"})
    plan = {"text": "退一赔三", "due_at": soon(), "cost": "500.00"}
    assert agent.post(f"{here}plan/", plan).json()["code"] == "goodwill_too_large"
    assert lead.post(f"{here}plan/", plan).json()["desk"]["goodwill"]["amount"] == "500.00"


def test_a_customer_rates_and_takes_no_step(shopper: Any, program: Any, complaint: Complaint) -> None:
    order = complaint.ticket.order
    buyer, here = shopper(order), f"complaints/{complaint.ticket.ref}/"
    for _ in range(2):
        told = buyer.post(f"{here}satisfaction/", {"stage": "before", "score": 2, "channel": "chat"})
        assert (told.status_code, told.json()["desk"]) == (200, None)
        assert [(each["score"], each["channel"]) for each in told.json()["ratings"]] == [(2, "portal")]
    assert buyer.post(f"{here}hearing/", {"statement": "x"}).status_code == 403
    assert shopper(an_order()).post(f"{here}satisfaction/", {"stage": "before", "score": 2}).status_code == 404
    assert program("warehouse").post(f"{here}hearing/", {"statement": "x"}).status_code == 403
    assert done(complaint) == ["opened", "rated"]


class TestRepair:
    def test_it_is_recorded_by_the_workshop_once(self, program: Any) -> None:
        ret = in_the_workshop()
        body = {"fault": "加热盘断路，已更换", "parts": "加热盘"}
        assert program().post(f"returns/{ret.ref}/repair/", body).status_code == 403
        workshop = program("warehouse")
        for _ in range(2):
            told = workshop.post(f"returns/{ret.ref}/repair/", body).json()
            assert (told["status"], told["repair"]["outcome"]) == ("awaiting_reship", "repaired")
            assert (told["repair"]["fault"], told["repair"]["parts"]) == ("加热盘断路，已更换", "加热盘")
        assert Event.objects.filter(name="repair.done").count() == 1

    def test_it_is_given_up_for_the_money_once(self, program: Any) -> None:
        ret = in_the_workshop()
        agent = program()
        assert agent.post(f"returns/{ret.ref}/repair/end/", {"fault": "主板烧毁", "instead": "hope"}).status_code == 400
        for _ in range(2):
            told = agent.post(f"returns/{ret.ref}/repair/end/", {"fault": "主板烧毁", "instead": "return"}).json()
            assert (told["kind"], told["status"], told["repair"]["outcome"]) == ("return", "refund_due", "beyond")
        assert Event.objects.filter(name="repair.failed").count() == 1

    def test_what_is_no_repair_is_refused(self, program: Any) -> None:
        ret = in_the_workshop()
        program("warehouse").post(f"returns/{ret.ref}/repair/", {"fault": "", "parts": ""})
        ret.refresh_from_db()
        assert ret.status == "repairing"
        order = an_order()
        other = program().post(
            "returns/",
            {"order": order.pk, "kind": "return", "lines": [
                {"line": order.lines.get().pk, "quantity": 1, "reason": "preference"}]},
        ).json()  # fmt: skip
        answer = program().post(f"returns/{other['ref']}/repair/end/", {"fault": "x", "instead": "return"})
        assert answer.status_code == 409
