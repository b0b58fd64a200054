"""An evidence pack's file and its row: both or neither, whatever happens while it is made."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales.files import packs, store
from aftersales.files.jobs import remove_orphans
from aftersales.kernel import clock
from aftersales.ledger import lease, timers
from aftersales.ledger.models import Event, Timer
from tests.world import a_complaint, an_order, staff
from tickets.actions.complaints import evidence
from tickets.models import EvidencePack

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def pack(db: None) -> EvidencePack:
    return evidence.ask_pack(a_complaint(an_order()).ticket_id, names_masked=True, actor=staff("agent"))


def on_disk(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_pack_that_fails_after_its_file_was_written_leaves_none(
    pack: EvidencePack, drain: Drain, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def fails(*_args: object, **_named: object) -> None:
        written.extend(on_disk(media))
        raise RuntimeError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(evidence, "record", fails)
        drain()
    pack.refresh_from_db()
    assert (pack.status, len(written), on_disk(media)) == ("building", 1, [])
    Timer.objects.filter(kind=evidence.BUILD_TIMER).update(due_at=clock.now())
    for _ in range(2):
        drain()
    pack.refresh_from_db()
    assert (pack.status, on_disk(media)) == ("done", [pack.stored_name])
    assert Event.objects.filter(name="complaint.pack_made").count() == 1


def test_a_worker_that_was_overtaken_takes_its_file_with_it(
    pack: EvidencePack, drain: Drain, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_args: object, **_named: object) -> None:
        raise lease.Stale

    with monkeypatch.context() as late:
        late.setattr(lease, "finish", overtaken)
        timers.fire(Timer.objects.get(kind=evidence.BUILD_TIMER))
    pack.refresh_from_db()
    assert (pack.status, on_disk(media)) == ("building", [])
    drain()
    pack.refresh_from_db()
    assert on_disk(media) == [pack.stored_name]


def test_a_file_whose_row_is_there_after_all_stays(pack: EvidencePack, drain: Drain, media: Path) -> None:
    drain()
    pack.refresh_from_db()
    packs._remove_if_unknown(pack.stored_name, evidence.known)
    assert on_disk(media) == [pack.stored_name]


def test_what_a_killed_worker_left_is_cleared_away_after_a_day(pack: EvidencePack, drain: Drain, media: Path) -> None:
    drain()
    pack.refresh_from_db()
    now = clock.now()
    with store.read(pack.stored_name, small=False) as body:
        left, fresh = (store.keep_other(body, folder=evidence.FOLDER, suffix=".zip", now=now) for _ in range(2))
    yesterday = (now - dt.timedelta(hours=25)).timestamp()
    for name in (left, pack.stored_name):
        os.utime(media / name, (yesterday, yesterday))
    for _ in range(2):
        remove_orphans(now)
    assert on_disk(media) == sorted([fresh, pack.stored_name])
