"""Photos are kept with their thing or not at all; the disk and the table agree."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aftersales.accounts.models import Team
from aftersales.files import store
from aftersales.files.actions import attaching, hiding
from aftersales.files.fields import PhotosField
from aftersales.files.jobs import remove_orphans
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import ANONYMOUS
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.record import timeline
from tests.files.conftest import ADA, EVE, LEA
from tests.world import attach

pytestmark = pytest.mark.smoke
Photo = Callable[..., SimpleUploadedFile]


def on_disk(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_a_photo_is_kept_under_a_random_name_with_its_hash(team: Team, photo: Photo, media: Path) -> None:
    attachment = attach(photo(name="../鞋子.jpg"), on=team, actor=ADA)
    assert (attachment.name, attachment.by_kind, attachment.subject) == ("鞋子.jpg", "customer", team)
    assert on_disk(media) == [attachment.stored_name, attachment.stored_name + ".thumb"]
    assert "鞋" not in attachment.stored_name
    body = (media / attachment.stored_name).read_bytes()
    assert (hashlib.sha256(body).hexdigest(), len(body)) == (attachment.sha256, attachment.size)
    (event,) = timeline(team)
    assert (event.name, event.data) == ("file.attached", {"count": 1, "files": [attachment.ref]})


def test_bytes_and_folders_are_flushed_to_the_disk_before_the_row_is_written(
    team: Team, photo: Photo, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[int, bool]] = []

    def flush(handle: int) -> None:
        flushed.append((os.fstat(handle).st_ino, Attachment.objects.exists()))

    monkeypatch.setattr(os, "fsync", flush)
    stored = media / attach(photo(), on=team, actor=ADA).stored_name
    wanted = [stored, stored.with_name(stored.name + ".thumb"), stored.parent, stored.parent.parent, media]
    assert {(path.stat().st_ino, False) for path in wanted} == set(flushed)


def test_of_several_all_or_none_are_kept(team: Team, photo: Photo, media: Path) -> None:
    with pytest.raises(BadInput):
        attaching.attach_all([photo(), SimpleUploadedFile("x.jpg", b"no")], on=team, actor=ADA)
    assert not Attachment.objects.exists()
    assert on_disk(media) == []
    assert timeline(team) == []


def test_six_are_taken_and_seven_are_not(team: Team, photo: Photo) -> None:
    assert len(attaching.attach_all([photo() for _ in range(6)], on=team, actor=ADA)) == 6
    with pytest.raises(BadInput) as refusal:
        attaching.attach_all([photo() for _ in range(7)], on=team, actor=ADA)
    assert refusal.value.code == "too_many_files"


def test_one_thing_holds_so_many_bytes(team: Team, photo: Photo, settings: Any, media: Path) -> None:
    first = attach(photo(), on=team, actor=ADA)
    settings.UPLOAD_MAX_TICKET_BYTES = first.size * 3 // 2
    with pytest.raises(BadInput) as refusal:
        attach(photo(), on=team, actor=ADA)
    assert refusal.value.code == "too_much_in_all"
    assert len(on_disk(media)) == 2
    attach(photo(), on=Team.objects.create(name="Other"), actor=ADA)


def test_a_stranger_attaches_nothing(team: Team, photo: Photo, media: Path) -> None:
    with pytest.raises(NotPermitted):
        attach(photo(), on=team, actor=ANONYMOUS)
    assert on_disk(media) == []


def test_files_whose_rows_fail_are_taken_away(
    team: Team, photo: Photo, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(attaching, "record", full, raising=True)
    monkeypatch.setattr(attaching, "record", lambda *_, **__: full())
    with pytest.raises(RuntimeError):
        attaching.attach_all([photo(), photo()], on=team, actor=ADA)
    assert on_disk(media) == []
    assert not Attachment.objects.exists()


def test_photos_of_a_draft_move_to_what_it_became(team: Team, photo: Photo) -> None:
    became = Team.objects.create(name="Return")
    photos = attaching.attach_all([photo(), photo()], on=team, actor=ADA)
    assert attaching.move_to(photos, on=became, actor=ADA) == 2
    assert attaching.move_to(photos, on=became, actor=ADA) == 0
    assert not Attachment.objects.of(team).exists()
    assert [each.ref for each in Attachment.objects.of(became)] == [each.ref for each in photos]
    assert len(timeline(became)) == 1


def test_hiding_and_showing_are_once_each(team: Team, photo: Photo) -> None:
    attachment = attach(photo(), on=team, actor=ADA)
    for _ in range(2):
        assert hiding.hide(attachment.ref, why="shows a neighbour", actor=LEA).hidden_at is not None
    assert list(Attachment.objects.of(team).shown_to(ADA)) == []
    assert list(Attachment.objects.of(team).shown_to(LEA)) == [attachment]
    for _ in range(2):
        assert hiding.show(attachment.ref, actor=LEA).hidden_at is None
    assert list(Attachment.objects.of(team).shown_to(ADA)) == [attachment]
    assert [event.name for event in timeline(team)] == ["file.attached", "file.hidden", "file.shown"]


def test_customers_hide_nothing_and_strangers_find_nothing(team: Team, photo: Photo) -> None:
    attachment = attach(photo(), on=team, actor=ADA)
    with pytest.raises(NotPermitted):
        hiding.hide(attachment.ref, why="mine", actor=ADA)
    with pytest.raises(NotFound):
        hiding.hide(attachment.ref, why="hers", actor=EVE)
    with pytest.raises(NotFound):
        hiding.hide("A-000000000", why="which", actor=LEA)


def test_files_without_a_row_are_removed_after_a_day(team: Team, photo: Photo, media: Path) -> None:
    kept = attach(photo(), on=team, actor=ADA)
    picture = attaching.read_upload(photo())
    now = clock.now()
    orphan, fresh = store.keep(picture, now=now), store.keep(picture, now=now)
    last_month = store.keep(picture, now=now.replace(day=1) - dt.timedelta(days=3))
    yesterday = (now - dt.timedelta(hours=25)).timestamp()
    for name in (orphan, last_month, kept.stored_name):
        os.utime(media / name, (yesterday, yesterday))
    remove_orphans(now)
    remove_orphans(now)
    left = {name for name in on_disk(media) if not name.endswith(".thumb")}
    assert left == {kept.stored_name, fresh}
    assert len(on_disk(media)) == 4, "thumbnails go with their picture"


def test_the_job_runs_with_the_sweep(team: Team, photo: Photo, media: Path, drain: Callable[[], int]) -> None:
    from aftersales.ledger import daily

    daily._planned.clear()
    orphan = store.keep(attaching.read_upload(photo()), now=clock.now())
    os.utime(media / orphan, (0, 0))
    drain()
    assert on_disk(media) == []


def test_the_form_field_tells_every_fault_at_once(photo: Photo) -> None:
    from django import forms
    from django.utils.datastructures import MultiValueDict

    class Form(forms.Form):
        photos = PhotosField(required=False)

    def sent(*files: SimpleUploadedFile) -> Form:
        return Form({}, MultiValueDict({"photos": list(files)}))

    good = sent(photo(), photo())
    assert good.is_valid()
    assert [picture.width for picture in good.cleaned_data["photos"]] == [64, 64]
    assert sent().is_valid()
    bad = sent(photo(), SimpleUploadedFile("a.gif", b"GIF89a"), SimpleUploadedFile("b.jpg", b"x"))
    assert not bad.is_valid()
    assert len(bad.errors["photos"]) == 2
    assert not sent(*[photo() for _ in range(7)]).is_valid()
