"""The dashboard: every number is the number of rows behind its link, quickly, and as a file that no spreadsheet runs."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from aftersales.kernel import clock
from aftersales.office import sheets
from customers.models import Shop
from returns.actions.decision import approve_return, reject_return
from returns.actions.ending import withdraw_return
from returns.actions.payment import record_payment, release_refund
from returns.actions.receiving import Finding, inspect_goods, receive_goods
from returns.models import Return
from tests.world import a_return, a_shop, an_order, customer, staff

pytestmark = pytest.mark.django_db


def settled(ret: Return) -> Return:
    line = ret.lines.get()
    approve_return(ret.pk, actor=staff("agent"))
    receive_goods(ret.pk, {line.pk: line.quantity}, key="1", actor=staff("warehouse"))
    inspect_goods(ret.pk, [Finding(line.pk, line.quantity, True, "intact", "restock")], actor=staff("warehouse"))
    for refund in ret.refunds.all():
        release_refund(refund.pk, actor=staff("agent"))
        record_payment(refund.pk, payment_ref="1", actor=staff("agent"))
    return ret


@pytest.fixture
def busy(db: None) -> None:
    """Two shops; one of everything the figures count."""
    other = a_shop(name="晨光数码")
    a_return(an_order(), reason="flaw")
    a_return(an_order(shop=other), reason="preference")
    late = a_return(an_order(), reason="flaw")
    late.ticket.due_at = clock.now() - dt.timedelta(hours=1)
    late.ticket.save()
    settled(a_return(an_order(), reason="flaw"))
    due = a_return(an_order())
    approve_return(due.pk, actor=staff("agent"))
    line = due.lines.get()
    receive_goods(due.pk, {line.pk: 1}, key="1", actor=staff("warehouse"))
    inspect_goods(due.pk, [Finding(line.pk, 1, True, "intact", "restock")], actor=staff("warehouse"))
    refused = a_return(an_order(shop=other))
    reject_return(refused.pk, reason="超过七天", clause="《办法》第八条", actor=staff("agent"))
    gone = an_order()
    withdraw_return(a_return(gone).pk, actor=customer(gone))


def counted(client: Client, address: str) -> int:
    """How many rows a list of the office shows."""
    page = client.get(address).content.decode()
    found = (
        re.search(r"(\d+) (?:return|refund)s?\b", page.split('class="paginator"')[1]) if "paginator" in page else None
    )
    assert found, address
    return int(found[1])


class TestEveryNumberLeadsToItsRows:
    @pytest.mark.parametrize("query", ["", "shop"])
    def test_it_does(self, office: Any, busy: None, query: str) -> None:
        client = office()
        shop = Shop.objects.get(name="晨光数码")
        shown = client.get("/office/", {"shop": shop.pk} if query else {}).context["overview"]
        checked = 0
        for figure in shown.figures:
            number = figure.note.split()[0] if "due" in figure.href else figure.value
            if number.isdigit() and "Median" not in figure.label:
                assert counted(client, figure.href) == int(number), figure.label
                checked += 1
        for chart in shown.charts:
            for bar in chart.bars:
                assert counted(client, bar.href) == bar.count, (chart.title, bar.label)
                checked += 1
        assert checked >= 8

    def test_the_figures_are_these(self, office: Any, busy: None) -> None:
        shown = office().get("/office/").context["overview"]
        assert [figure.value for figure in shown.figures] == ["5", "1", "¥128.00", "7", "1", "0.0 h", "1", "–"]
        assert shown.figures[1].tone == "danger"


class TestThePage:
    def test_it_stays_within_its_queries(self, office: Any, busy: None, django_assert_max_num_queries: Any) -> None:
        client = office()
        client.get("/office/")
        with django_assert_max_num_queries(16):
            assert client.get("/office/").status_code == 200

    def test_an_address_shows_the_same_to_everybody_who_may(self, office: Any, busy: None) -> None:
        today = clock.shop_date(clock.now())
        query = {"from": str(today - dt.timedelta(days=1)), "until": str(today)}
        pages = [office(role).get("/office/", query).context["overview"] for role in ("lead", "manager", "auditor")]
        assert pages[0] == pages[1] == pages[2]

    @pytest.mark.parametrize("role", ["agent", "warehouse"])
    def test_it_is_not_for_everybody(self, office: Any, role: str) -> None:
        assert office(role).get("/office/").status_code == 403

    @pytest.mark.parametrize(
        "query",
        [
            {"from": "yesterday"},
            {"from": "2026-11-02", "until": "2026-11-01"},
            {"shop": "99999"},
            {"shop": "' OR 1=1"},
            {"from": "0026-11-01"},
            {"until": "9999-12-31"},
        ],
    )
    def test_what_cannot_be_read_is_said_and_the_usual_period_shown(self, office: Any, query: Any) -> None:
        answer = office().get("/office/", query)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert answer.context["scope"].days == 30

    def test_a_period_without_anything_says_so(self, office: Any, busy: None) -> None:
        page = office().get("/office/", {"from": "2020-01-01", "until": "2020-01-31"}).content.decode()
        assert "Nothing was sent back in this period." in page

    def test_a_day_is_the_shops_day(self, office: Any) -> None:
        """16:30 UTC is half past midnight in Shanghai: the next day."""
        with clock.fixed(dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)):
            a_return(an_order())
            client = office()
            opened = [
                client.get("/office/", {"from": day, "until": day}).context["overview"].figures[3].value
                for day in ("2026-11-20", "2026-11-21")
            ]
        assert opened == ["0", "1"]

    def test_it_speaks_chinese_whole(self, office: Any, busy: None) -> None:
        page = office().get("/office/", headers={"Accept-Language": "zh-hans"}).content.decode()
        visible = html.unescape(re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))
        ours = {"CSV", "SKU", "API", "English", "manager"}  # the last is the name of who looks
        strange = set(re.findall(r"[A-Za-z]{3,}", visible)) - ours
        assert strange == set()


class TestTheFile:
    def test_it_holds_what_the_page_shows(self, office: Any, busy: None) -> None:
        client = office()
        shown = client.get("/office/").context["overview"]
        answer = client.get("/office/figures.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        cells = {(row[0], row[1]): row[2] for row in rows}
        for figure in shown.figures:
            assert cells["Figures", figure.label] == figure.value
        for chart in shown.charts:
            for bar in chart.bars:
                assert cells[chart.title, bar.label] == str(bar.count)

    @pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1", " =1", "\u00a0\u3000@A1"])
    def test_no_cell_is_run(self, cell: str) -> None:
        assert sheets.harmless(cell) == f"'{cell}"

    def test_a_shop_called_like_a_formula_stays_text(self, office: Any) -> None:
        shop = a_shop(name="=HYPERLINK(1)")
        a_return(an_order(shop=shop))
        with translation.override("en"):
            text = office().get("/office/figures.csv", {"shop": shop.pk}).content.decode()
        assert ",'=HYPERLINK(1)," in text
