"""What must always hold: a desk at work breaks none of it, each seeded break is found, and it is looked at every hour."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import translation

from aftersales.files import invariants, store
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import catalogue, outbox, selfcheck
from aftersales.ledger.models import Delivery, Event, Outbound, SelfCheck, Stop, Timer
from aftersales.ledger.record import record
from aftersales.office.operations import holding
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


def test_one_of_many_files_lost_is_told_until_it_is_back(
    ret: Return, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(invariants, "NEWEST", 1)
    monkeypatch.setattr(invariants, "OTHERS", 0)
    monkeypatch.setattr(invariants, "MOST_BYTES", 0)
    gone = an_attachment(ret, "A1", b"picture")
    default_storage.delete(gone.stored_name)
    assert broken() == {"I12"}
    an_attachment(ret, "A2", b"another")
    assert broken() == {"I12"}, "what was found last is looked for again"
    default_storage.save(gone.stored_name, ContentFile(b"picture"))
    assert broken() == set()


def test_a_file_taken_away_while_it_is_looked_for_lacks_nothing(
    ret: Return, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    an_attachment(ret, "A1", b"picture")

    def taken_away(stored: str, *, small: bool) -> Any:
        Attachment.objects.all().delete()
        raise FileNotFoundError(stored)

    monkeypatch.setattr(store, "read", taken_away)
    assert broken() == set()


def an_attachment(ret: Return, ref: str, body: bytes) -> Attachment:
    stored = default_storage.save(f"2026/11/{ref}.jpg", ContentFile(body))
    return Attachment.objects.create(
        ref=ref, subject_type="returns.return", subject_id=ret.pk, name="shoe.jpg", stored_name=stored, width=1, height=1,
        size=len(body), content_type="image/jpeg", sha256=hashlib.sha256(body).hexdigest(), by_kind="system",
        at=clock.now(),
    )  # fmt: skip


def test_a_listener_that_begins_to_hear_one_more_event_is_no_alarm(ret: Return) -> None:
    heard = Delivery.objects.order_by("pk")[0]
    strange = next(name for name in catalogue.event_types() if heard.listener not in catalogue.listeners_of(name))
    for _before_the_release in range(2):
        Event.objects.create(
            name=strange, subject_type=heard.event.subject_type, subject_id=heard.event.subject_id, actor_kind="system",
            at=clock.now() - dt.timedelta(minutes=5),
        )  # fmt: skip
    catalogue.listens(strange, name=heard.listener)(catalogue.listener(heard.listener))
    try:
        assert broken() == set()
        for is_heard in (True, False):
            event = Event.objects.create(
                name=strange, subject_type=heard.event.subject_type, subject_id=heard.event.subject_id,
                actor_kind="system", at=clock.now() - dt.timedelta(minutes=5),
            )  # fmt: skip
            if is_heard:
                Delivery.objects.create(event=event, listener=heard.listener, due_at=event.at, status="done")
                assert broken() == set()
        assert broken() == {"I7"}
    finally:
        del catalogue._listeners[strange][heard.listener]


def looks_until_none() -> int:
    looks = 0
    while selfcheck.check_when_due():
        looks += 1
    return looks


def test_each_look_is_made_once_an_hour_whoever_comes_round_and_one_at_a_time(ret: Return) -> None:
    SelfCheck.objects.all().delete()
    now = clock.now()
    with clock.fixed(now):
        assert selfcheck.check_when_due() == 1
        assert SelfCheck.objects.count() == 1
        assert looks_until_none() == len(selfcheck.known()) - 1
    with clock.fixed(now + selfcheck.EVERY - dt.timedelta(seconds=1)):
        assert looks_until_none() == 0


def test_a_look_that_found_something_comes_again_after_a_minute(ret: Return) -> None:
    now = clock.now()
    Timer.objects.pending().update(due_at=now - dt.timedelta(minutes=3))
    assert broken() == {"I1"}
    Timer.objects.pending().update(due_at=now + dt.timedelta(days=1))
    with clock.fixed(clock.now() + selfcheck.SOON):
        assert looks_until_none() == 1
    assert SelfCheck.objects.get(code="I1").rows == 0


def is_late() -> bool:
    with translation.override("en"):
        return any("The self-check is late" in told for told in holding.alarms(holding.checks(), clock.now()))


def test_a_look_that_fails_keeps_its_old_instant_so_that_it_is_told_as_late(
    ret: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(now: dt.datetime) -> Any:
        raise RuntimeError("a column is missing")

    last = SelfCheck.objects.get(code="I4").at
    monkeypatch.setitem(selfcheck._known, "I4", selfcheck.Invariant("I4", "says", "remedy", fails))
    later = clock.now() + 3 * selfcheck.EVERY
    with clock.fixed(later):
        assert is_late()
        assert looks_until_none() == len(selfcheck.known())
        assert is_late()
    assert SelfCheck.objects.get(code="I4").at == last
    SelfCheck.objects.filter(code="I4").delete()
    with clock.fixed(later):
        looks_until_none()
    with clock.fixed(later + selfcheck.SOON):
        assert looks_until_none() == 1, "it comes again soon"
        assert is_late(), "one that never was made too"
