"""The report on complaints: figures of a period, the list behind each, and the same as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.office import complaint_figures as figures
from aftersales.office.scope import Scope
from customers.models import Order, Shop
from tests.faces.desk.conftest import sit  # noqa: F401  the fixture
from tests.world import an_order, customer, member, staff
from tickets.actions.complaints import apologising, deciding, hearing, preventing, rating
from tickets.actions.complaints.opening import open_complaint
from tickets.models import Complaint, Improvement

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
DAY = dt.timedelta(days=1)


def complaint(order: Order, code: str, *, at: dt.datetime, answered: dt.datetime | None) -> Complaint:
    line = order.lines.order_by("id")[0]
    with clock.fixed(at):
        found = open_complaint(code=code, statement="锅坏了", order_id=order.pk, line_id=line.pk, actor=customer(order))
    if answered:
        with clock.fixed(answered):
            apologising.apologise(found.ticket_id, words="很抱歉", channel="phone", actor=staff("agent"))
    return found


@pytest.fixture
def shop() -> Scope:
    """Four orders; three complaints in ten days: one answered in time, one late, one not at all."""
    now = clock.now()
    orders = [an_order() for _ in range(4)]
    Order.objects.update(placed_at=now - 3 * DAY)
    first = complaint(orders[0], "quality", at=now - 5 * DAY, answered=now - 5 * DAY + dt.timedelta(minutes=1))
    complaint(orders[1], "quality", at=now - 4 * DAY, answered=now - DAY)
    complaint(orders[2], "lost-in-transit", at=now - 4 * DAY, answered=None)
    pk, agent = first.ticket_id, staff("agent")
    rating.rate(pk, stage="before", score=1, channel="phone", actor=agent)
    hearing.hear_out(pk, statement="锅坏了", actor=agent)
    hearing.understand(pk, real_problem="没人管", aim="换新", actor=agent)
    deciding.make_plan(pk, text="换新", due_at=now + DAY, actor=agent)
    rating.rate(pk, stage="after", score=5, channel="phone", actor=agent)
    preventing.write_cause(
        pk,
        root_cause="没有抽检",
        improvement="每批抽检",
        owner_id=member("lead").pk,
        due_on=clock.shop_date(now),
        actor=agent,
    )
    today = clock.shop_date(now)
    return Scope(today - 10 * DAY, today)


def test_the_figures_are_what_happened(shop: Scope) -> None:
    boss, now = staff("manager"), clock.now()
    counted = figures.totals(shop, boss, now)
    assert (counted.complaints, counted.orders, counted.rate) == (3, 4, 750.0)
    assert (counted.answered, counted.in_time) == (3, 1)
    assert (counted.before, counted.after) == (1, 5)
    assert figures.by_group(shop, boss) == [("goods", 2), ("logistics", 1)]
    assert [(kind.code, n) for kind, n in figures.by_kind(shop, boss)] == [("quality", 2), ("lost-in-transit", 1)]
    assert sum(n for _pk, _words, n in figures.by_sku(shop, boss)) == 3
    assert figures.by_carrier(shop, boss) == [("SF", 1)]
    assert sum(complaints for _month, complaints, _orders in figures.by_month(shop, boss)) == 3
    assert figures.improvements(boss, now) == (1, 0)
    assert figures.improvements(boss, now + 2 * DAY) == (1, 1)
    other = Scope(shop.first, shop.last, Shop.objects.create(name="别的店"))
    assert (figures.totals(other, boss, now).complaints, figures.totals(other, boss, now).rate) == (0, None)


def test_each_figure_leads_to_the_very_list_behind_it(shop: Scope, sit: Sit) -> None:  # noqa: F811
    lead = sit("lead")
    page = lead.get(f"/office/complaints/?{shop.query()}").content.decode()
    links = {
        unescape(found) for found in re.findall(r'href="(/office/tickets/(?:complaint|improvement)/\?[^"]+)"', page)
    }
    assert len(links) >= 9
    found = {link: lead.get(link).context["cl"].result_count for link in links}
    whole = [n for link, n in found.items() if link.count("=") == 2 and "received_at" in link]
    assert whole
    assert max(whole) == 3  # the whole period; a month of it may hold fewer
    by = {
        part: n
        for link, n in found.items()
        for part in link.partition("?")[2].split("&")
        if not part.startswith("received")
    }
    assert by["answer=late"] == 2
    assert by["rated=after"] == 1
    assert by["classification__group__exact=goods"] == 2
    assert by["carrier=SF"] == 1
    assert by["state=open"] == 1
    assert by["state=late"] == 0


def test_the_file_says_what_the_page_shows(shop: Scope, sit: Sit) -> None:  # noqa: F811
    answer = sit("auditor").get(f"/office/complaints/complaints.csv?{shop.query()}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Figures", "Complaints", "3", ""] in rows
    assert ["Figures", "For every 1,000 orders", "750.0", "4 orders in the period"] in rows
    assert ["Complaints by class", "Goods", "2", "67 %"] in rows


def test_an_empty_period_is_a_page_too(sit: Sit) -> None:  # noqa: F811
    page = sit("manager").get("/office/complaints/?from=2020-01-01&until=2020-01-31").content.decode()
    assert "No complaint in this period." in page
    assert Improvement.objects.count() == 0


def test_agents_do_not_enter(sit: Sit) -> None:  # noqa: F811
    assert sit("agent").get("/office/complaints/").status_code == 403
