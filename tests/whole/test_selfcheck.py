"""What must always hold: a desk at work breaks none of it, each seeded break is found, and it is looked at every hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import outbox, selfcheck
from aftersales.ledger.models import Delivery, Event, Outbound, SelfCheck, Stop, Timer
from aftersales.ledger.record import record
from customers.models import Order
from returns.models import Refund, Return
from tests.world import a_return, an_order
from tickets.models import Arrival, Ticket

pytestmark = pytest.mark.django_db


def found() -> dict[str, int]:
    return {each.code: selfcheck.check(each, clock.now()).rows for each in selfcheck.known()}


def broken() -> set[str]:
    return {code for code, rows in found().items() if rows}


@pytest.fixture
def ret(drain: Callable[[], int]) -> Return:
    request = a_return(an_order())
    drain()
    assert broken() == set(), "a desk at work breaks nothing"
    return request


def a_refund(ret: Return, **fields: object) -> Refund:
    Order.objects.filter(pk=ret.order_id).update(refunded_minor=500)
    common = {"ref": "RF1", "of": ret, "total_minor": 500, "currency": "CNY", "created_at": clock.now()}
    refund = Refund.objects.create(**{**common, "status": "paid", **fields})
    made = outbox.put(channel="refund", key="refund:RF1", on=refund, payload={"amount_minor": 500})
    Outbound.objects.filter(pk=made.pk).update(status="done", done_at=clock.now())
    assert broken() == set()
    return refund


def test_all_that_sql_can_count_is_looked_at(ret: Return) -> None:
    assert list(found()) == [
        "I1",
        "I2",
        "I3",
        "I4",
        "I5",
        "I6",
        "I7",
        "I9",
        "I10",
        "I11",
        "I12",
    ]  # I8 is the chaos run's
    call_command("selfcheck")


def test_a_timer_nobody_fires_is_found_unless_a_restore_holds_it(ret: Return) -> None:
    Timer.objects.pending().update(due_at=clock.now() - dt.timedelta(minutes=3))
    assert broken() == {"I1"}
    Stop.objects.create(what=Stop.RESTORED, reason="backup", at=clock.now())
    assert broken() == set()


def test_what_was_done_early_is_found(ret: Return) -> None:
    now = clock.now()
    Timer.objects.filter(pk=Timer.objects.pending()[0].pk).update(
        status="done", done_at=now, due_at=now + dt.timedelta(1)
    )
    assert broken() == {"I2"}


@pytest.mark.parametrize("wrong", [{"total_minor": 400}, {"status": "due"}])
def test_a_payment_that_is_not_its_refund_is_found(ret: Return, wrong: dict[str, object]) -> None:
    Refund.objects.filter(pk=a_refund(ret).pk).update(**wrong)
    assert broken() == {"I3"}


def test_a_second_payment_of_a_refund_is_found(ret: Return) -> None:
    twice = outbox.put(channel="refund", key="refund:RF2", on=a_refund(ret), payload={"amount_minor": 500})
    Outbound.objects.filter(pk=twice.pk).update(status="done", done_at=clock.now())
    assert broken() == {"I3"}


def test_a_refund_the_order_does_not_count_is_found(ret: Return) -> None:
    a_refund(ret)
    Order.objects.update(refunded_minor=499)
    assert broken() == {"I4"}


def test_a_ticket_that_stands_otherwise_than_told_is_found(ret: Return) -> None:
    record("ticket.closed", on=ret.ticket, actor=SYSTEM)
    Delivery.objects.update(status="done")
    Ticket.objects.update(updated_at=clock.now())
    assert broken() == {"I5"}


def test_a_decision_after_the_withdrawal_is_found(ret: Return) -> None:
    record("return.withdrawn", on=ret, actor=SYSTEM)
    Delivery.objects.update(status="done")
    assert broken() == set()
    record("return.approved", on=ret, actor=SYSTEM)
    assert broken() == {"I6"}


def test_an_event_that_its_listener_never_gets_is_found(ret: Return) -> None:
    heard = Delivery.objects.order_by("pk")[0].event
    Event.objects.create(
        name=heard.name, subject_type=heard.subject_type, subject_id=heard.subject_id, actor_kind="system",
        at=clock.now() - dt.timedelta(minutes=5),
    )  # fmt: skip
    assert broken() == {"I7"}


def test_a_message_from_outside_that_nobody_places_is_found(ret: Return) -> None:
    long_ago = clock.now() - dt.timedelta(hours=1)
    Arrival.objects.create(ref="M1", channel="email", received_at=long_ago, kept_at=long_ago)
    assert broken() == {"I9"}


def test_what_was_sent_otherwise_than_promised_is_found(ret: Return) -> None:
    a_refund(ret)
    Outbound.objects.filter(key="refund:RF1").update(payload={"amount_minor": 500, "order": "another"})
    assert broken() == {"I10"}


def test_a_row_held_by_a_dead_worker_is_found(ret: Return) -> None:
    Timer.objects.pending().update(lease_until=clock.now() - dt.timedelta(minutes=6))
    assert broken() == {"I11"}


def test_a_photo_whose_file_is_gone_or_another_is_found(ret: Return, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    stored = default_storage.save("2026/11/selfcheck.jpg", ContentFile(b"picture"))
    Attachment.objects.create(
        ref="A1", subject_type="returns.return", subject_id=ret.pk, name="shoe.jpg", stored_name=stored, size=7, width=1,
        content_type="image/jpeg", sha256="f45d7e1ae2bf9b1d0b2b4d7cf4b2b8ab", height=1, by_kind="system", at=clock.now(),
    )  # fmt: skip
    assert broken() == {"I12"}, "another file"
    default_storage.delete(stored)
    assert broken() == {"I12"}, "no file"


def test_it_is_made_once_an_hour_whoever_comes_round(ret: Return) -> None:
    SelfCheck.objects.all().delete()
    now = clock.now()
    with clock.fixed(now):
        assert selfcheck.check_when_due() == len(selfcheck.known())
        assert selfcheck.check_when_due() == 0
    with clock.fixed(now + selfcheck.EVERY):
        assert selfcheck.check_when_due() == len(selfcheck.known())
