"""Real orders, real words, the real doors: imported, asked for on the form with their claim codes, settled at the desk.

The orders are of a Brazilian marketplace, the words of Chinese shoppers. Neither is part of the product; where they are
not on the machine this is reported as not run.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import os
import random
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from aftersales.ledger.sweep import sweep
from customers.models import Order, OrderLine, Shop, Sku
from returns.models import Refund, Return, Verdict
from tests.visitor import Visitor
from tests.world import member

DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
HOW_MANY = 54
LEAST_DUE = 20  # of 36 returns; the others are a kindness of the shop
MOST_CENTS = 90  # above them the sandbox provider has its faults: refused, answer lost, away
# The newest delivery was yesterday, whenever this is run, so that the seven days of many orders still run.
NEWEST = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
REASONS = (
    ("no_reason", "preference", "return"),
    ("no_reason", "wrong_choice.size", "exchange"),
    ("quality", "flaw", "return"),
    ("quality", "not_working", "exchange"),
    ("not_as_described", "not_as_described.material", "return"),
    ("logistics", "carrier_damage", "return"),
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(not (DATA / "olist").is_dir(), reason=f"no real orders at {DATA}"),
]


def shoppers_words() -> list[str]:
    """What Chinese shoppers wrote, longest-lived first line; anything a form may meet, quotes and all."""
    with gzip.open(DATA / "zh" / "after_sales_texts.csv.gz", "rt", encoding="utf-8") as file:
        return [row["review"].strip()[:1500] for row in csv.DictReader(file) if row["review"].strip()]


@pytest.fixture
def codes(tmp_path: Path) -> dict[str, str]:
    """All the orders, in the archive, and the code on each parcel card."""
    path = tmp_path / "codes.csv"
    call_command(
        "import_orders", str(DATA / "olist"), "--source", "olist", "--rebase-to", str(NEWEST),
        "--claim-codes", str(path), stdout=(tmp_path / "report").open("w"), stderr=(tmp_path / "progress").open("w"),
    )  # fmt: skip
    Shop.objects.update(
        return_recipient="售后仓", return_phone="0571-00000000", return_address="杭州市余杭区仓前路 1 号",
        refund_provider="sandbox", second_person_above_minor=10**9,
    )  # fmt: skip
    with path.open(encoding="utf-8-sig") as file:
        return {row["order_number"]: row["claim_code"] for row in csv.DictReader(file)}


def choose_orders() -> list[Order]:
    """Delivered orders, the newest first, so that many are within the seven days; amounts the sandbox pays at once."""
    delivered = Order.objects.filter(status="delivered", delivered_at__isnull=False, paid_minor__gt=0)
    newest = delivered.order_by("-delivered_at")[:300]
    having = [order for order in newest if order.lines.exists() and order.paid_minor % 100 <= MOST_CENTS]
    return having[:HOW_MANY]


def ask(order: Order, code: str, words: str, reason: tuple[str, str, str]) -> str:
    """The customer's half, page by page as a person without JavaScript would. Returns the reference."""
    group, leaf, kind = reason
    visitor = Visitor().go("/proof/card/")
    visitor.fill(visitor.form("number", "claim_code"), {"number": order.number, "claim_code": code.lower()})
    assert visitor.url == f"/orders/{order.pk}/"
    visitor.fill(visitor.form(to="/request/"), {})
    line = order.lines.first()
    assert line is not None
    visitor.fill(visitor.form(f"quantity-{line.pk}"), {f"quantity-{line.pk}": "1"})
    visitor.fill(visitor.form("group"), {"group": group})
    visitor.fill(visitor.form("reason"), {"reason": leaf})
    visitor.fill(visitor.form(f"story-{line.pk}"), {f"story-{line.pk}": words})
    visitor.fill(visitor.form("kind"), {"kind": kind})
    if kind == "exchange":
        visitor.fill(visitor.form(f"wanted-{line.pk}"), {f"wanted-{line.pk}": str(line.sku_id)})
    assert visitor.url.endswith("/verdict/"), visitor.url
    assert "运费" in visitor.page
    visitor.go(f"/orders/{order.pk}/request/check/")
    check = visitor.form("key", "seen")
    visitor.fill(check, {})
    ref = visitor.url.rstrip("/").split("/")[-2]
    again = Visitor.__new__(Visitor)
    again.client, again.url, again.page = visitor.client, visitor.url, visitor.page
    again.client.post(f"/orders/{order.pk}/request/check/", check.fields)  # the form is replayed: still one return
    return ref


def settle(ret: Return, order: Order, code: str, agent: Visitor, warehouse: Visitor) -> None:
    """The shop's half at the desk, with the customer's tracking number in between."""
    agent.go(f"/desk/tickets/{ret.ticket.ref}/").send(agent.form(to=f"/desk/returns/{ret.ref}/approval/"))
    visitor = Visitor().go("/proof/card/")
    visitor.fill(visitor.form("number", "claim_code"), {"number": order.number, "claim_code": code})
    visitor.go(f"/returns/{ret.ref}/parcels/")
    form = visitor.form("courier", "number")
    courier = next(value for value in form.offers["courier"] if value and value != "other")
    visitor.fill(form, {"courier": courier, "number": f"SF{ret.pk:013d}", "freight": "12.00"})
    line = ret.lines.get()
    warehouse.go(f"/desk/returns/{ret.ref}/goods/")
    warehouse.fill(warehouse.form(f"count-{line.pk}"), {f"count-{line.pk}": "1"})
    warehouse.go(f"/desk/returns/{ret.ref}/goods/")
    inspection = warehouse.form(f"accepted-{line.pk}")
    warehouse.fill(inspection, {f"accepted-{line.pk}": "1", f"grade-{line.pk}": "intact", f"goes-{line.pk}": "restock"})
    if ret.kind == "exchange":
        warehouse.go(f"/desk/returns/{ret.ref}/reshipment/")
        reship = warehouse.form("carrier", "number")
        carrier = next((value for value in reship.offers.get("carrier", []) if value), "SF")
        warehouse.fill(reship, {"carrier": carrier, "number": f"SF9{ret.pk:012d}"})
        agent.go(f"/desk/tickets/{ret.ticket.ref}/").send(agent.form(to=f"/desk/returns/{ret.ref}/delivery/"))
    sweep("test", budget_seconds=60)
    for refund in Refund.objects.filter(of=ret, status="due"):
        agent.go(f"/desk/tickets/{ret.ticket.ref}/").send(agent.form(to=f"/desk/refunds/{refund.ref}/release/"))
    sweep("test", budget_seconds=60)
    for refund in Refund.objects.filter(of=ret, status="sending", provider="manual"):
        agent.go(f"/desk/refunds/{refund.ref}/payment/")
        agent.fill(agent.form("payment_ref"), {"payment_ref": f"PAY-{refund.ref}"})


def test_real_orders_are_returned_and_exchanged_through_the_forms(codes: dict[str, str]) -> None:
    assert Order.objects.count() == len(codes) == 4_876
    Sku.objects.update(on_hand=5)
    words, chosen = shoppers_words(), choose_orders()
    random.Random(27).shuffle(words)
    agent, warehouse = Visitor(user=member("agent")), Visitor("en", user=member("warehouse"))
    for number, order in enumerate(chosen):
        reason = REASONS[number % len(REASONS)]
        ref = ask(order, codes[order.number], words[number], reason)
        ret = Return.objects.get(ref=ref)
        assert ret.lines.get().story == " ".join([words[number]]).strip()
        settle(ret, order, codes[order.number], agent, warehouse)
        ret.refresh_from_db()
        assert ret.status == "closed", (ret.ref, ret.status, reason)
    assert Return.objects.count() == HOW_MANY
    standing = Verdict.objects.filter(line__of__kind="return", superseded=False)
    due = [verdict for verdict in standing if "return_refund" in verdict.outcome["remedies"]]
    assert len(due) >= LEAST_DUE, f"of {len(standing)} returns only {len(due)} were due by the rules"
    assert Counter(Return.objects.values_list("status", flat=True)) == {"closed": HOW_MANY}
    for order in Order.objects.filter(returns__isnull=False):
        paid = sum(
            refund.total_minor
            for refund in Refund.objects.filter(of__order=order, status="paid").exclude(purpose="freight")
        )
        assert order.refunded_minor == paid <= order.paid_minor
    assert OrderLine.objects.filter(claimed_quantity__gt=0).count() == HOW_MANY
