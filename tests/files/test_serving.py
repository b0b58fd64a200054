"""Who opens a photo, by which link, and what the browser is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve

from aftersales.accounts.models import Team, User
from aftersales.files import access
from aftersales.files.actions import hiding
from aftersales.files.models import Attachment
from aftersales.kernel.actor import ANONYMOUS, Actor
from tests.files.conftest import ADA, EVE, LEA
from tests.world import attach

pytestmark = pytest.mark.smoke


@pytest.fixture
def attachment(team: Team, photo: Callable[..., SimpleUploadedFile]) -> Attachment:
    return attach(photo(name='evil".html'), on=team, actor=ADA)


def fetch(address: str, actor: Actor) -> object:
    """Ask the view as this actor, through the URL table."""
    request: HttpRequest = RequestFactory().get(address)
    request.actor = actor  # type: ignore[attr-defined]
    match = resolve(address)
    return match.func(request, *match.args, **match.kwargs)


def test_headers_leave_nothing_to_run(attachment: Attachment, client: Client) -> None:
    client.force_login(User.objects.create_user("lea@shop.test", name="Lea", role="lead"))
    whole, small = client.get(attachment.full), client.get(attachment.thumb)
    assert (whole.status_code, small.status_code) == (200, 200)
    assert whole["Content-Disposition"] == f'attachment; filename="{attachment.ref}.jpg"'
    assert small["Content-Disposition"].startswith("inline")
    for answer in (whole, small):
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(b"".join(whole.streaming_content)) == attachment.size  # type: ignore[attr-defined]
    assert client.post(attachment.full).status_code == 405


def test_a_good_link_opens_only_for_who_may_see_the_thing(attachment: Attachment, client: Client) -> None:
    assert fetch(attachment.full, ADA)
    assert fetch(attachment.thumb, LEA)
    for actor in (EVE, ANONYMOUS):
        with pytest.raises(Http404):
            fetch(attachment.full, actor)
    assert client.get(attachment.full).status_code == 404


def test_a_kind_of_thing_nobody_registered_is_closed(attachment: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_registered", {})
    with pytest.raises(Http404):
        fetch(attachment.full, LEA)


def test_a_hidden_photo_opens_for_staff_only(attachment: Attachment) -> None:
    hiding.hide(attachment.ref, why="face", actor=LEA)
    with pytest.raises(Http404):
        fetch(attachment.full, ADA)
    assert fetch(attachment.full, LEA)


def test_a_link_is_for_one_photo_in_one_size_and_for_an_hour_or_two(
    attachment: Attachment, team: Team, photo: Callable[..., SimpleUploadedFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = attach(photo(), on=team, actor=ADA)
    token = attachment.full.split("/")[3]
    swapped = [
        attachment.full.replace(attachment.ref, other.ref),
        attachment.full.replace("/full/", "/thumb/"),
        attachment.full.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B")),
        attachment.full.replace(token, f"{int(token.split('-')[0], 16) + 3600:x}-" + token.split("-", 1)[1]),
    ]
    for address in swapped:
        with pytest.raises(Http404):
            fetch(address, LEA)
    assert attachment.full == attachment.full
    really = time.time()
    monkeypatch.setattr("aftersales.files.links.time.time", lambda: really + 2 * 3600 + 1)
    with pytest.raises(Http404):
        fetch(f"/files/{attachment.ref}/{token}/full/", LEA)


def test_a_file_the_disk_lost_is_not_there(attachment: Attachment, media: Path) -> None:
    (media / attachment.stored_name).unlink()
    with pytest.raises(Http404):
        fetch(attachment.full, LEA)
