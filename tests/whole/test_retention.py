"""What grows old goes in the night after its time, and not a night before: one row on each side for every period."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from PIL import Image

from aftersales.files import store
from aftersales.files.models import Attachment
from aftersales.kernel import clock, personal
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import retention
from aftersales.ledger.models import DailyRun, IdempotencyKey, Inbox, Outbound
from aftersales.notices.models import Posted
from customers.models import ImportRun, Order, ProofAttempt, ProofCode, ShopLink, TrackingReport
from returns.models import ReturnDraft
from tests.world import an_order, attach, member
from tickets.models import Block

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 28, 4, tzinfo=dt.UTC)


def _outbound(at: dt.datetime, number: str, order: Order, **more: Any) -> Outbound:
    row = {"channel": "chat", "status": "done", "due_at": at, "done_at": at, "payload": {"to": "小王"}, **more}
    return Outbound.objects.create(key=f"k{number}", subject_type="tickets.ticket", subject_id=1, **row)


# By model: a row of that instant. The order is one that both have, the number tells them apart.
MAKE: dict[str, Callable[[dt.datetime, str, Order], Model]] = {
    "ledger.IdempotencyKey": lambda at, n, _order: IdempotencyKey.objects.create(
        principal="p", endpoint="e", key=n, response={"name": "小王"}, created_at=at
    ),
    "ledger.Inbox": lambda at, n, _order: Inbox.objects.create(
        source="chat:q", external_id=n, payload={"buyer": "小王"}, received_at=at
    ),
    "ledger.Outbound": _outbound,
    "tickets.Block": lambda at, n, _order: Block.objects.create(
        sender=f"{n}@x.example", reason="广告", by=member("lead"), at=at, ended_at=at
    ),
    "notices.Posted": lambda at, n, _order: Posted.objects.create(kind="sms", to=n, text="小王", at=at),
    "customers.ProofAttempt": lambda at, n, _order: ProofAttempt.objects.create(
        target_sha256=n, source="s", kind="code", at=at
    ),
    "customers.ProofCode": lambda at, n, order: ProofCode.objects.create(
        order=order, contact_point=order.person.contact_points.earliest("pk"), code_hash=n, sent_at=at, expires_at=at
    ),
    "customers.ShopLink": lambda at, n, order: ShopLink.objects.create(
        order=order, token_sha256=n, made_at=at, expires_at=at
    ),
    "customers.TrackingReport": lambda at, n, _order: TrackingReport.objects.create(
        source="generic", key=n, number="SF1", received_at=at, body={"courier": "小王"}, state="placed"
    ),
    "customers.ImportRun": lambda at, n, _order: ImportRun.objects.create(
        source="taobao", path=n, started_at=at, report={"bad_rows": ["小王"]}
    ),
    "returns.ReturnDraft": lambda at, n, order: ReturnDraft.objects.create(
        order=order if n == "old" else an_order(person=order.person), key=n, started_at=at, saved_at=at
    ),
}  # fmt: skip


def test_every_period_has_its_pair_here() -> None:
    assert {each.label for each in personal.held() if each.fades} == set(MAKE)


@pytest.mark.parametrize("label", sorted(MAKE))
def test_it_goes_after_its_days_and_not_before(label: str) -> None:
    (each,) = [each for each in personal.held() if each.label == label]
    assert each.fades is not None
    days = dt.timedelta(days=settings.KEEP_DAYS[each.fades.setting])
    order = an_order()
    old = MAKE[label](NOW - days - dt.timedelta(minutes=1), "old", order)
    young = MAKE[label](NOW - days + dt.timedelta(minutes=1), "young", order)
    before = each.model._base_manager.filter(pk=young.pk).values().get()
    for _twice in range(2):
        retention.clear_away(NOW)
    rows = each.model._base_manager.in_bulk([old.pk, young.pk])
    if each.fades.blanks is None:
        assert set(rows) == {young.pk}
    else:
        assert {name: getattr(rows[old.pk], name) for name in each.fades.blanks} == each.fades.blanks
    assert each.model._base_manager.filter(pk=young.pk).values().get() == before


def test_what_somebody_still_decides_about_and_what_a_payment_says_stays() -> None:
    order, old = an_order(), NOW - dt.timedelta(days=400)
    waits = TrackingReport.objects.create(
        source="generic", key="w", number="SF2", received_at=old, body={"a": 1}, state="unplaced"
    )
    in_doubt = _outbound(old, "doubt", order, status="unknown")
    payment = _outbound(old, "pay", order, channel="refund", payload={"amount_minor": 100})
    retention.clear_away(NOW)
    waits.refresh_from_db()
    assert waits.body == {"a": 1}
    assert set(Outbound.objects.exclude(payload={"blanked": True})) == {in_doubt, payment}


@pytest.mark.django_db(transaction=True)
def test_photos_of_a_draft_go_with_it(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, "JPEG")
    order = an_order()
    with clock.fixed(NOW - dt.timedelta(days=31)):
        draft = ReturnDraft.objects.create(order=order, key="d", started_at=clock.now(), saved_at=clock.now())
        row = attach(SimpleUploadedFile("a.jpg", out.getvalue()), on=draft, actor=SYSTEM)
    with store.read(row.stored_name, small=False) as file:
        assert file.read()
    retention.clear_away(NOW)
    assert not Attachment.objects.exists()
    with pytest.raises(FileNotFoundError):
        store.read(row.stored_name, small=False)


def test_it_is_one_row_a_day(drain: Callable[[], int]) -> None:
    with clock.fixed(NOW):
        drain()
        drain()
    assert DailyRun.objects.filter(job="ledger.retention").count() == 1
    assert DailyRun.objects.get(job="ledger.retention").status == "done"


def test_the_page_names_the_periods_that_are_set() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    told = {name: int(days) for name, days in re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", text, re.MULTILINE)}
    assert told == settings.KEEP_DAYS
