"""The warehouse: scan, count, inspect, and what follows; the same page sent twice counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.files.models import Attachment
from customers.models import Sku
from returns.models import Inspection, Receipt, Return
from tests.faces.desk import stages
from tests.faces.desk.conftest import fresh, key
from tests.faces.desk.test_conversation import a_photo
from tests.world import a_sku, an_order

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
ODD_COUNTS = [("", 400), ("0", 400), ("-1", 422), ("2", 422), ("9" * 30, 422), ("one", 422), ("１", 302)]


def judged(ret: Return, **changes: Any) -> dict[str, Any]:
    """A form as the page sends it: everything accepted, in good order; `changes` without the line's number."""
    pk = ret.lines.get().pk
    told = {
        "accepted": "1", "grade": "intact", "goes": "restock", "refused": "0", "refused_grade": "", "refused_goes": "",
        "found_reason": "", "found_cause": "", "note": "",
    } | {name: value for name, value in changes.items() if name not in ("photos", "clause")}  # fmt: skip
    extra: dict[str, Any] = {name: changes[name] for name in ("photos", "clause") if name in changes}
    return {"key": key(), **{f"{name}-{pk}": value for name, value in told.items()}, **extra}


def test_a_scanned_label_leads_to_its_goods(sit: Sit) -> None:
    ret = stages.in_transit()
    warehouse, number = sit("warehouse"), ret.parcels.get().number
    for text in (
        number,
        number.lower(),
        f" {ret.ref} ",
        ret.ref.replace("-", " ").lower(),
        f"https://x.example/r/{ret.ref}/",
    ):
        answer = warehouse.get("/desk/warehouse/", {"scan": text})
        assert answer["Location"] == f"/desk/returns/{ret.ref}/goods/", text
    assert warehouse.get(f"/desk/returns/{ret.ref}/goods/")["Location"] == f"/desk/returns/{ret.ref}/receipt/"


def test_an_unknown_label_is_said_so_and_kept(sit: Sit) -> None:
    answer = sit("warehouse").get("/desk/warehouse/", {"scan": "<b>NOPE</b>123456"})
    assert answer.status_code == 200
    assert "Nothing here belongs to “&lt;b&gt;NOPE&lt;/b&gt;123456”" in answer.content.decode()


def test_counting_twice_is_counting_once(sit: Sit) -> None:
    ret = stages.delivered()
    sent = {"key": key(), f"count-{ret.lines.get().pk}": "1"}
    for _ in range(2):
        answer = sit("warehouse").post(f"/desk/returns/{ret.ref}/receipt/", sent)
        assert answer["Location"] == f"/desk/returns/{ret.ref}/inspection/"
    assert Receipt.objects.get().quantity == 1
    assert fresh(ret).status == "received"


@pytest.mark.parametrize(("count", "status"), ODD_COUNTS)
def test_odd_counts_get_a_sentence(sit: Sit, count: str, status: int) -> None:
    ret = stages.delivered()
    answer = sit("warehouse").post(
        f"/desk/returns/{ret.ref}/receipt/", {"key": key(), f"count-{ret.lines.get().pk}": count}
    )
    assert answer.status_code == status
    assert Receipt.objects.exists() == (status == 302)


def test_a_line_of_another_return_is_not_counted(sit: Sit) -> None:
    ret, other = stages.delivered(), stages.delivered()
    answer = sit("warehouse").post(
        f"/desk/returns/{ret.ref}/receipt/", {"key": key(), f"count-{other.lines.get().pk}": "1"}
    )
    assert answer.status_code == 400
    assert not Receipt.objects.exists()


def test_inspected_goods_become_a_refund_and_the_page_says_so(sit: Sit) -> None:
    ret = stages.received()
    sku = ret.lines.get().order_line.sku
    assert sku is not None
    answer = sit("warehouse").post(
        f"/desk/returns/{ret.ref}/inspection/", judged(ret, photos=[a_photo()], note="Label on"), follow=True
    )
    assert "A refund follows" in answer.content.decode()
    assert "¥128.00" in answer.content.decode()
    assert fresh(ret).status == "refund_due"
    assert Sku.objects.get(pk=sku.pk).on_hand == 11
    assert Attachment.objects.of(ret).count() == 1


def test_inspecting_twice_is_once(sit: Sit) -> None:
    ret = stages.received()
    sent = judged(ret)
    for _ in range(2):
        assert sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", sent).status_code == 302
    assert sit("lead").post(f"/desk/returns/{ret.ref}/inspection/", judged(ret)).status_code in (302, 422)
    assert Inspection.objects.count() == 1


def test_what_is_found_is_judged_anew(sit: Sit) -> None:
    ret = stages.received()
    sit("warehouse").post(
        f"/desk/returns/{ret.ref}/inspection/", judged(ret, found_reason="quality_defect", found_cause="shop")
    )
    line = fresh(ret).lines.get()
    found = line.verdicts.get(superseded=False)
    assert found.stage == "found"
    assert found.facts["found_cause"] == "shop"


def test_refused_goods_need_a_reason_and_a_clause(sit: Sit) -> None:
    ret = stages.received()
    nothing = {"accepted": "0", "refused": "1", "refused_grade": "used", "refused_goes": "send_back"}
    where = f"/desk/returns/{ret.ref}/inspection/"
    bare = sit("warehouse").post(where, judged(ret, **nothing))
    assert bare.status_code == 400
    assert "Write for the customer why" in bare.content.decode()
    clauseless = sit("warehouse").post(where, judged(ret, note="Worn for weeks", **nothing))
    assert clauseless.status_code == 400
    assert "Worn for weeks" in clauseless.content.decode()
    assert not Inspection.objects.exists()
    done = sit("warehouse").post(where, judged(ret, note="Worn for weeks", clause="Terms 4.2", **nothing), follow=True)
    assert "may object within seven days" in done.content.decode()
    assert fresh(ret).status == "return_refused"


def test_every_unit_is_judged(sit: Sit) -> None:
    ret = stages.received()
    answer = sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", judged(ret, accepted="0"))
    assert answer.status_code == 400
    assert "Inspect every unit" in answer.content.decode()
    half = sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", judged(ret, grade=""))
    assert half.status_code == 422
    assert f'id="grade-{ret.lines.get().pk}_error"' in half.content.decode()


def test_part_of_a_line_is_accepted(sit: Sit) -> None:
    ret = stages.awaiting_return(stages.submitted(an_order(skus=[(a_sku(), 2)]), quantity=2))
    line = ret.lines.get()
    sit("warehouse").post(f"/desk/returns/{ret.ref}/receipt/", {"key": key(), f"count-{line.pk}": "2"})
    sent = judged(ret, refused="1", refused_grade="damaged", refused_goes="send_back", note="One torn")
    where = f"/desk/returns/{ret.ref}/inspection/"
    page = sit("warehouse").post(where, sent).content.decode()
    assert "Name the rule or clause the refusal rests on." in page
    sent["clause"] = "Measures art. 8"
    page = sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", sent, follow=True).content.decode()
    line.refresh_from_db()
    assert (line.received_quantity, line.accepted_quantity) == (2, 1)
    assert "One torn" in page
    assert "Keep these goods apart" in page
    assert ret.rejections.get().clause == "Measures art. 8"


def test_an_exchange_leads_to_the_replacement(sit: Sit) -> None:
    ret = stages.received(stages.exchange())
    page = sit("warehouse").post(f"/desk/returns/{ret.ref}/inspection/", judged(ret), follow=True).content.decode()
    assert f"/desk/returns/{ret.ref}/reshipment/" in page


@pytest.mark.parametrize("page", ["receipt", "inspection", "outcome", "goods"])
def test_agents_and_auditors_stay_out(sit: Sit, page: str) -> None:
    ret = stages.delivered()
    assert sit("agent").get(f"/desk/returns/{ret.ref}/{page}/").status_code == 403
    assert sit("auditor").get(f"/desk/returns/{ret.ref}/{page}/").status_code == 403
    assert sit("lead").get(f"/desk/returns/{ret.ref}/{page}/").status_code in (200, 302)


def test_pages_out_of_turn_say_where_the_goods_are(sit: Sit) -> None:
    ret = stages.refund_due()
    for page in ("receipt", "inspection"):
        assert "See where they are" in sit("warehouse").get(f"/desk/returns/{ret.ref}/{page}/").content.decode()
    late = sit("warehouse").post(
        f"/desk/returns/{ret.ref}/receipt/", {"key": key(), f"count-{ret.lines.get().pk}": "1"}
    )
    assert late.status_code == 409


def test_heaps_cost_a_fixed_number_of_queries(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for stage in (stages.delivered, stages.delivered, stages.received, stages.awaiting_reship, stages.in_transit):
        stage()
    warehouse = sit("warehouse")
    warehouse.get("/desk/profile/")
    with django_assert_max_num_queries(14):
        page = warehouse.get("/desk/").content.decode()
    assert page.count('class="work__row"') == 5
