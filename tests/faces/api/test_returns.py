"""The road of a return and of an exchange through the API: the same actions, the same answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from returns.actions.info import ask_info
from returns.models import Return
from returns.rules.reasons import reasons
from tests.world import a_return, a_sku, an_order, member, staff

pytestmark = pytest.mark.django_db


def request_for(
    order: Any, *, reason: str = "preference", quantity: int = 1, kind: str = "return", **more: Any
) -> dict[str, Any]:
    line = {"line": order.lines.get().pk, "quantity": quantity, "reason": reason, **more}
    return {"order": order.pk, "kind": kind, "lines": [line]}


class TestTheRoadOfAReturn:
    def test_from_judging_it_to_the_paid_refund(self, program: Any) -> None:
        agent, warehouse = program("agent"), program("warehouse")
        order = an_order()
        judged = agent.post("verdicts/", request_for(order)).json()
        assert judged["lines"][0]["outcome"]["requested_due"] is True
        assert judged["legs"]["back"] == "buyer"
        assert not Return.objects.exists()

        opened = agent.post("returns/", request_for(order))
        assert opened.status_code == 201
        ref = opened.json()["ref"]
        assert opened.json()["lines"][0]["verdict"]["outcome"] == judged["lines"][0]["outcome"]

        assert agent.post(f"returns/{ref}/approval/").json()["status"] == "awaiting_return"
        sent = agent.post(
            f"returns/{ref}/parcels/", {"carrier": "SF", "number": "SF1234567890", "freight_paid": "12.50"}
        )
        assert sent.json()["parcels"][0]["freight_told"] == {"amount": "12.50", "minor": 1250, "currency": "CNY"}
        line, parcel = sent.json()["lines"][0]["id"], sent.json()["parcels"][0]["id"]
        assert warehouse.post(f"returns/{ref}/parcels/{parcel}/arrival/").json()["status"] == "delivered"
        warehouse.post(f"returns/{ref}/receipts/", {"counts": [{"line": line, "quantity": 1}]})
        finding = {"line": line, "quantity": 1, "accepted": True, "grade": "intact", "disposition": "restock"}
        done = warehouse.post(f"returns/{ref}/inspection/", {"findings": [finding]}).json()
        assert done["status"] == "refund_due"

        refund = done["refunds"][0]
        assert refund["total"] == {"amount": "128.00", "minor": 12800, "currency": "CNY"}
        assert agent.post(f"refunds/{refund['ref']}/release/").json()["status"] == "sending"
        paid = agent.post(f"refunds/{refund['ref']}/payment/", {"payment_ref": "2026112300011"}).json()
        assert paid["status"] == "paid"
        assert agent.get(f"returns/{ref}/").json()["status"] == "closed"
        assert agent.get(f"refunds/{refund['ref']}/").json()["provider_ref"] == "2026112300011"
        assert len(agent.get(f"returns/{ref}/verdicts/").json()) == 2

    def test_an_exchange_is_sent_and_arrives(self, program: Any) -> None:
        agent, lead = program("agent"), program("lead")
        shirt = a_sku()
        other = a_sku(variant="白 L")
        order = an_order(skus=[(shirt, 1)])
        wish = request_for(order, kind="exchange", wanted_sku=other.pk, reason="wrong_choice.size")
        opened = agent.post("returns/", wish)
        ref = opened.json()["ref"]
        line = opened.json()["lines"][0]["id"]
        agent.post(f"returns/{ref}/approval/")
        lead.post(f"returns/{ref}/receipts/", {"counts": [{"line": line, "quantity": 1}]})
        finding = {"line": line, "quantity": 1, "accepted": True, "grade": "intact", "disposition": "restock"}
        assert lead.post(f"returns/{ref}/inspection/", {"findings": [finding]}).json()["status"] == "awaiting_reship"
        sent = lead.post(f"returns/{ref}/replacement/", {"carrier": "SF", "number": "SF0987654321"}).json()
        assert sent["replacement"]["number"] == "SF0987654321"
        assert lead.post(f"returns/{ref}/replacement/arrival/").json()["status"] == "closed"

    def test_a_refusal_is_contested_and_settled_by_somebody_else(self, program: Any, shopper: Any) -> None:
        order = an_order()
        ret = a_return(order)
        agent, lead, buyer = program("agent"), program("lead"), shopper(order)
        why = {"reason": "超过七天", "clause": "《七日无理由退货办法》第八条"}
        assert agent.post(f"returns/{ret.ref}/rejection/", why).json()["rejections"][0]["clause"] == why["clause"]
        assert buyer.post(f"returns/{ret.ref}/contest/", {"story": "没有超过"}).json()["is_contested"] is True
        settled = lead.post(f"returns/{ret.ref}/contest/settlement/", {"upheld": False, "answer": "核实无误，同意退货"})
        assert settled.json()["status"] == "awaiting_return"


class TestRefusals:
    def test_what_cannot_be_done_now_is_a_conflict_with_code_and_sentence(self, program: Any) -> None:
        agent, ret = program("agent"), a_return(an_order())
        agent.post(f"returns/{ret.ref}/withdrawal/")
        answer = agent.post(f"returns/{ret.ref}/approval/", **{"Accept-Language": "en"})
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "wrong_status"
        assert ret.ref in answer.json()["detail"]
        assert answer.json()["params"]["ref"] == ret.ref

    def test_a_bad_field_is_named_in_the_callers_language(self, program: Any) -> None:
        order = an_order()
        answer = program("agent").post("returns/", request_for(order, quantity=99), **{"Accept-Language": "zh-hans"})
        assert answer.status_code == 400
        assert answer.json()["code"] == "quantity_unavailable"
        assert list(answer.json()["errors"]) == [f"quantity-{order.lines.get().pk}"]

    @pytest.mark.parametrize("quantity", [0, -1, 2**31 - 1, 2**40, "one", None, 1.5])
    def test_strange_quantities_are_refused(self, program: Any, quantity: Any) -> None:
        assert program("agent").post("returns/", request_for(an_order(), quantity=quantity)).status_code == 400

    def test_a_field_nobody_asked_for_is_refused_at_any_depth(self, program: Any) -> None:
        agent, order = program("agent"), an_order()
        outer = agent.post("returns/", {**request_for(order), "status": "refunded"})
        assert outer.status_code == 400
        assert "status" in outer.json()["errors"]
        inner = agent.post("returns/", request_for(order, accepted_quantity=1))
        assert inner.status_code == 400
        assert "accepted_quantity" in str(inner.json()["errors"])

    def test_an_unknown_filter_is_refused_not_ignored(self, program: Any) -> None:
        answer = program("agent").get("returns/", stauts="open")
        assert answer.status_code == 400
        assert answer.json()["code"] == "filter_unknown"
        assert program("agent").get("returns/", status="nonsense").status_code == 400

    def test_a_role_without_the_verb_is_refused(self, program: Any) -> None:
        ret = a_return(an_order())
        for role in ("warehouse", "auditor"):
            assert program(role).post(f"returns/{ret.ref}/approval/").status_code == 403
        ret.refresh_from_db()
        assert ret.status == "submitted"

    def test_broken_json_and_wrong_types_are_problems(self, program: Any) -> None:
        agent = program("agent")
        url = "/api/v1/returns/"
        broken = agent.client.post(url, "{", content_type="application/json", headers=agent.headers)
        assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
        assert agent.client.post(url, "<a/>", content_type="text/xml", headers=agent.headers).status_code == 415
        assert agent.client.put(url, "{}", content_type="application/json", headers=agent.headers).status_code == 405
        assert agent.post("returns/", [1, 2]).status_code == 400


class TestScope:
    """What one may not see does not exist, however the number was come by."""

    def test_a_customer_sees_the_proven_order_and_nothing_else(self, shopper: Any) -> None:
        mine, theirs = an_order(), an_order()
        ret, other = a_return(mine), a_return(theirs)
        me = shopper(mine)
        assert [row["ref"] for row in me.get("returns/").json()["results"]] == [ret.ref]
        assert [row["id"] for row in me.get("orders/").json()["results"]] == [mine.pk]
        assert me.get(f"orders/{theirs.pk}/").status_code == 404
        for path in ("", "verdicts/", "attachments/"):
            assert me.get(f"returns/{ret.ref}/{path}").status_code == 200, path
            assert me.get(f"returns/{other.ref}/{path}").status_code == 404, path
        verdict = other.lines.get().verdicts.get()
        assert me.get(f"verdicts/{verdict.pk}/").status_code == 404
        assert me.post(f"returns/{other.ref}/withdrawal/").status_code == 404
        assert me.post("returns/", request_for(theirs)).status_code == 404

    def test_ids_inside_a_body_are_checked_too(self, program: Any, shopper: Any) -> None:
        mine, theirs = an_order(), an_order()
        body = request_for(mine)
        body["lines"][0]["line"] = theirs.lines.get().pk
        assert shopper(mine).post("returns/", body).json()["code"] == "foreign_line"
        ret, other = a_return(mine), a_return(theirs)
        lead = program("lead")
        for each in (ret, other):
            lead.post(f"returns/{each.ref}/approval/")
        sent = lead.post(f"returns/{other.ref}/parcels/", {"carrier": "SF", "number": "SF1234567890"}).json()
        foreign_parcel, foreign_line = sent["parcels"][0]["id"], sent["lines"][0]["id"]
        assert lead.post(f"returns/{ret.ref}/parcels/{foreign_parcel}/arrival/").status_code == 404
        counts = {"counts": [{"line": foreign_line, "quantity": 1}]}
        assert lead.post(f"returns/{ret.ref}/receipts/", counts).status_code == 404

    def test_a_customer_reads_customers_words_and_no_staff_data(self, shopper: Any, program: Any) -> None:
        order = an_order()
        ret = a_return(order)
        told, staff_words = (
            shopper(order).get(f"returns/{ret.ref}/").json(),
            program().get(f"returns/{ret.ref}/").json(),
        )
        words = [each["lines"][0]["verdict"]["outcome"]["explanation"]["summary"] for each in (told, staff_words)]
        assert words[0] != words[1]
        assert "13800000001" not in str(shopper(order).get(f"orders/{order.pk}/").json())

    def test_nobody_is_told_to_sign_in(self, stranger: Any) -> None:
        ret = a_return(an_order())
        for path in ("orders/", "returns/", f"returns/{ret.ref}/", f"orders/{ret.order_id}/"):
            answer = stranger.get(path)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')

    def test_a_session_needs_the_csrf_token_and_a_key_does_not(self, db: None, program: Any) -> None:
        ret = a_return(an_order())
        client = Client(enforce_csrf_checks=True)
        client.force_login(member("agent"))
        assert client.get("/api/v1/returns/").status_code == 200
        assert (
            client.post(f"/api/v1/returns/{ret.ref}/approval/", {}, content_type="application/json").status_code == 403
        )
        caller = program("agent")
        caller.client = Client(enforce_csrf_checks=True)
        assert caller.post(f"returns/{ret.ref}/approval/").status_code == 200

    def test_a_customer_does_not_attest_their_own_proof(self, shopper: Any) -> None:
        order = an_order()
        ret = a_return(order, reason="quality_defect")
        ask_info(ret.pk, question="请补一张照片", actor=staff())
        answer = {"answer": "没有照片", "has_proof": True}
        assert shopper(order).post(f"returns/{ret.ref}/info-answer/", answer).status_code == 200
        assert ret.lines.get().verdicts.get(superseded=False).facts["proof_given"] is False


class TestOnce:
    def test_the_same_key_is_the_same_answer_and_one_return(self, program: Any) -> None:
        agent, order = program("agent"), an_order()
        first = agent.post("returns/", request_for(order), key="k-1")
        again = agent.post("returns/", request_for(order), key="k-1")
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert Return.objects.count() == 1

    def test_the_same_key_for_something_else_is_a_conflict(self, program: Any) -> None:
        agent, order = program("agent"), an_order()
        agent.post("returns/", request_for(order), key="k-1")
        other = agent.post("returns/", request_for(order, quantity=2), key="k-1")
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")

    def test_a_key_belongs_to_its_caller(self, program: Any, shopper: Any) -> None:
        mine, theirs = an_order(), an_order()
        one, two = shopper(mine), shopper(theirs)
        first = one.post("returns/", request_for(mine), key="same").json()
        second = two.post("returns/", request_for(theirs), key="same").json()
        assert first["ref"] != second["ref"]

    def test_a_refusal_is_not_kept_as_the_answer(self, program: Any) -> None:
        agent, ret = program("agent"), a_return(an_order())
        shop = ret.order.shop
        shop.return_address = ""
        shop.save()
        assert agent.post(f"returns/{ret.ref}/approval/", key="k").json()["code"] == "no_return_address"
        shop.return_address = "浙江省杭州市"
        shop.save()
        assert agent.post(f"returns/{ret.ref}/approval/", key="k").status_code == 200

    @pytest.mark.parametrize("key", ["x" * 121, "a\x07b"])
    def test_a_key_that_is_none_is_refused(self, program: Any, key: str) -> None:
        answer = program().post("returns/", request_for(an_order()), key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_shape")
        assert not Return.objects.exists()


class TestLists:
    def test_they_come_in_pages_of_at_most_a_hundred(self, program: Any) -> None:
        order = an_order(skus=[(a_sku(), 5)])
        refs = {a_return(order, reason=reason).ref for reason in ("preference", "flaw", "duplicate_order")}
        agent = program()
        first = agent.get("returns/", page_size=2).json()
        second = agent.client.get(first["next"], headers=agent.headers).json()
        assert {row["ref"] for row in first["results"] + second["results"]} == refs
        assert first["previous"] is None
        assert second["next"] is None
        assert len(agent.get("returns/", page_size=100000).json()["results"]) == 3

    def test_they_are_filtered(self, program: Any) -> None:
        ret = a_return(an_order())
        a_return(an_order())
        agent = program()
        agent.post(f"returns/{ret.ref}/approval/")
        found = agent.get("returns/", status="awaiting_return").json()["results"]
        assert [row["ref"] for row in found] == [ret.ref]
        assert agent.get("orders/", number=ret.order.number).json()["results"][0]["id"] == ret.order_id
        assert agent.get("orders/", number="1").json()["results"] == []
        assert agent.get("returns/", submitted_after="2999-01-01T00:00:00Z").json()["results"] == []

    def test_a_page_costs_the_same_queries_whatever_it_holds(
        self, program: Any, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(4):
            a_return(an_order())
        agent = program()
        with django_assert_max_num_queries(6):
            agent.get("returns/")
        ret = Return.objects.first()
        assert ret is not None
        with django_assert_max_num_queries(30):
            agent.get(f"returns/{ret.ref}/")


def test_every_reason_gets_a_verdict_or_a_refusal(program: Any) -> None:
    """Staff may name any reason, also one that does not fit; the rules' own objections must not come out as a failure."""
    agent, order = program("agent"), an_order()
    answers = {code: agent.post("verdicts/", request_for(order, reason=code)) for code in reasons()}
    strange = {
        code: answer.status_code for code, answer in answers.items() if answer.status_code not in (200, 400, 409)
    }
    assert strange == {}
    assert sum(answer.status_code == 200 for answer in answers.values()) > 30
