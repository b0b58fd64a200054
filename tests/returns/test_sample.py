"""The sample shop: complete, consistent, the same for the same seed, and never laid over a real one."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Q, Sum

from aftersales.accounts.models import User
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS
from aftersales.kernel.refs import clean_ref
from aftersales.ledger.models import Delivery, Event, Outbound, Timer
from aftersales.search.compare import compare
from aftersales.search.models import Entry, Touched
from customers.actions.proof import check_claim
from customers.models import Order, OrderLine, Person, Sku
from returns.management.sample.bulk.fill import fill
from returns.management.sample.bulk.roads import ROADS
from returns.management.sample.cards import card_code
from returns.management.sample.stories import STORIES
from returns.models import Refund, Return, ReturnLine, Verdict
from tickets.models import Absence, Escalation, Message, Ticket, WorkCalendar

pytestmark = pytest.mark.django_db


def load(**options: Any) -> str:
    told = StringIO()
    call_command("load_sample", stdout=told, stderr=StringIO(), **options)
    return told.getvalue()


def assert_consistent() -> None:
    """What must hold in every shop, whoever wrote the rows."""
    held = ReturnLine.objects.values("order_line").annotate(units=Sum("held_quantity"))
    assert dict(OrderLine.objects.exclude(claimed_quantity=0).values_list("pk", "claimed_quantity")) == {
        row["order_line"]: row["units"] for row in held if row["units"]
    }
    spent = Refund.objects.filter(status__in=("sending", "paid", "unknown")).exclude(purpose="freight")
    by_order = spent.values("of__order").annotate(spent=Sum("total_minor"))
    assert dict(Order.objects.exclude(refunded_minor=0).values_list("pk", "refunded_minor")) == {
        row["of__order"]: row["spent"] for row in by_order
    }
    wrong_sum = Refund.objects.annotate(parts=Sum("components__amount_minor")).exclude(parts=F("total_minor"))
    assert not wrong_sum.exists()
    one_verdict = ReturnLine.objects.annotate(standing=Count("verdicts", filter=Q(verdicts__superseded=False)))
    assert not one_verdict.exclude(standing=1).exists()
    assert not Return.objects.annotate(legs=Count("freight")).exclude(legs=3).exists()
    closed = Return.objects.filter(status__in=("closed", "withdrawn", "expired"))
    assert not closed.exclude(ticket__status="closed").exists()
    assert not Return.objects.exclude(pk__in=closed).filter(ticket__status="closed").exists()
    assert not Ticket.objects.filter(status="closed", closures=None).exists()
    assert not Timer.objects.filter(
        status="pending", subject_type="returns.return", subject_id__in=closed.values("pk")
    ).exists()
    for name, rows in (("return.submitted", Return.objects.all()), ("return.closed", closed.filter(status="closed"))):
        assert Event.objects.filter(name=name).count() == rows.count()
    assert Event.objects.filter(name="ticket.opened").count() == Ticket.objects.count()
    assert compare() == {}, "the search says what the rows say"
    assert all(clean_ref(ref) == ref for ref in Ticket.objects.values_list("ref", flat=True)[:200])


@pytest.mark.django_db(transaction=True)  # as the command runs: what asks for a transaction must have one of its own
def test_the_small_shop_has_a_case_in_every_state_and_nothing_left_undone() -> None:
    told = load()
    assert (
        Ticket.objects.exclude(channel__in=("tracking", "review")).count() == len(STORIES) == 30
    )  # and parcels, reviews
    assert Order.objects.count() == 60
    assert {status for _kind, status in Return.objects.values_list("kind", "status")} >= {
        "submitted", "need_info", "awaiting_return", "in_transit", "delivered", "received", "refund_due", "refunding",
        "awaiting_reship", "reshipped", "rejected", "return_refused", "withdrawn", "closed",
    }  # fmt: skip
    assert not Delivery.objects.exclude(status="done").exists()
    assert not Outbound.objects.filter(status="pending").exists()
    assert not Event.objects.filter(name="refund.failed").exists()
    assert set(WorkCalendar.objects.values_list("key", flat=True)) >= {"shop", "evening"}
    assert WorkCalendar.objects.get(key="shop").current().note == "年底盘点与双十二值班"
    away = {each.user.name: (each.since > clock.now(), each.until is None) for each in Absence.objects.all()}
    assert away == {"苏婷": (False, False), "马越": (False, True), "何静": (True, False)}
    chatted = Ticket.objects.get(channel="chat")
    assert [message.channel for message in chatted.messages.filter(by="customer")] == ["chat", "chat"]
    assert Attachment.objects.of(chatted.messages.earliest("pk")).get().name == "小区收货时间.txt"
    handed = [(each.to, each.settled_at is None) for each in Escalation.objects.order_by("pk")]
    assert handed == [("lead", False), ("platform", True), ("lead", True)], "settled, and two that wait"
    assert_consistent()
    number, code, email = next(line.split() for line in told.splitlines() if line.startswith("  SY"))
    order = check_claim(number, code, actor=ANONYMOUS)
    assert order.person.contact_points.filter(value=email).exists()
    assert not order.returns.exists()
    # Without the demo nobody of the sample can sign in, and no mail leaves.
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert not Outbound.objects.filter(channel__in=("email", "sms"), status="done").exists()
    # A second run changes nothing and says so in one line.
    before = (Event.objects.count(), Order.objects.count(), User.objects.count())
    assert len(load().splitlines()) == 1
    assert (Event.objects.count(), Order.objects.count(), User.objects.count()) == before


def test_a_production_shop_takes_no_sample(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        load()


def laid_down() -> list[tuple[str, ...]]:
    """Indexes and foreign keys, without casts and brackets: a condition that was read back has others than at first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1")
        found = [*indexes, *cursor.fetchall()]
    return sorted(tuple(re.sub(r"::[a-z ]+|[()\[\]]", "", text) for text in row) for row in found)


@pytest.mark.slow
@pytest.mark.postgres  # where they are put aside for the load
def test_a_large_shop_is_as_consistent_as_a_small_one_and_its_tables_are_as_before() -> None:
    before = laid_down()
    load(tickets=1500, seed=7)
    assert laid_down() == before
    assert Ticket.objects.exclude(channel__in=("tracking", "review")).count() == 1500
    assert_consistent()
    roads = {(road.kind, road.status) for road in ROADS}
    assert roads <= set(Return.objects.values_list("kind", "status").distinct())
    assert Verdict.objects.filter(stage="found", superseded=False).exists()
    told = Ticket.objects.exclude(channel__in=("tracking", "review"))
    large = told.exclude(pk__in=told.order_by("pk")[: len(STORIES)])
    lengths = large.annotate(said=Count("messages")).values_list("said", flat=True).distinct()
    assert set(lengths) == {3, 4, 5, 6}
    assert not Message.objects.filter(ticket__in=large, at__gt=F("ticket__closed_at")).exists()
    assert not Message.objects.filter(at__gt=clock.now()).exists()
    waiting = large.filter(kind="question").exclude(status="closed")
    assert {last.by for each in waiting if (last := each.messages.last())} == {"customer"}
    reserved = Sku.objects.aggregate(sum=Sum("reserved"))["sum"]
    under_way = ReturnLine.objects.filter(of__exchange__stock_held=True).aggregate(sum=Sum("quantity"))["sum"]
    assert reserved == under_way
    order = Order.objects.filter(number__gt="SY2").earliest("pk")
    assert check_claim(order.number, card_code(7, order.number), actor=ANONYMOUS) == order
    ticket = Ticket.objects.latest("pk")
    Message.objects.create(ticket=ticket, by="customer", text="x", at=ticket.opened_at)  # the next row finds its number
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(ticket_id=10**9, by="customer", text="x", at=ticket.opened_at)


@pytest.mark.slow
def test_what_is_written_in_bulk_is_the_same_for_the_same_seed_and_in_the_search_without_being_read_back() -> None:
    def shop() -> list[Any]:
        load(tickets=0, seed=5)
        fill(200, seed=5, progress=lambda _text: None)
        people = list(Person.objects.order_by("external_id").values_list("name", "external_id"))
        return [people, sorted(Ticket.objects.values_list("kind", "status"))]

    with transaction.atomic():
        first = shop()
        transaction.set_rollback(True)
    with transaction.atomic():
        assert shop() == first
        transaction.set_rollback(True)
    load(tickets=0)
    marks = Touched.objects.count()
    fill(60, seed=3, progress=lambda _text: None)
    assert Touched.objects.count() == marks, "its own rows leave no mark"
    assert set(Entry.objects.values_list("kind", flat=True)) >= {"person", "order", "ticket", "return"}
    assert compare() == {}
    an_order = Order.objects.latest("pk")
    Order.objects.filter(pk=an_order.pk).update(buyer_message="放门口")
    assert Touched.objects.filter(kind="order", key=an_order.pk).exists(), "what changes afterwards does"
