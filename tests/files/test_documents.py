"""Documents and clips are kept as they came and only ever saved; what merely looks like one is refused with the reason."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict

from aftersales.accounts.models import Team, User
from aftersales.files.actions.attaching import attach_all, read_file
from aftersales.files.documents import Document
from aftersales.files.fields import FilesField, PhotosField
from aftersales.files.models import Attachment
from aftersales.kernel.errors import BadInput
from tests.files.conftest import ADA
from tests.files.hostile import HTML, PDF, REFUSED, TAKEN
from tests.world import attach

pytestmark = pytest.mark.smoke


def kept(name: str, body: bytes, team: Team) -> Attachment:
    return attach(read_file(SimpleUploadedFile(name, body, "text/html")), on=team, actor=ADA)


@pytest.mark.parametrize("name", TAKEN)
def test_each_kind_is_kept_as_it_came_and_saved_under_its_name(
    team: Team, client: Client, media: Path, name: str
) -> None:
    body, content_type = TAKEN[name]
    attachment = kept(name, body, team)
    assert (attachment.size, attachment.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert (media / attachment.stored_name).read_bytes() == body
    client.force_login(User.objects.create_user("lea@shop.test", name="Lea", role="lead"))
    answer = client.get(attachment.full)
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(answer.streaming_content) == body  # type: ignore[attr-defined]
    assert client.get(attachment.thumb).status_code == 404


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_looks_like_one_is_refused_with_its_name_and_the_reason(name: str) -> None:
    body, code = REFUSED[name]
    with pytest.raises(BadInput) as refusal:
        read_file(SimpleUploadedFile(name, body, "application/pdf"))
    assert refusal.value.code == code
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/发票.pdf", "发票.pdf"),
        ("C:\\Users\\x\\a.PDF", "a.PDF"),
        ("invoice.pdf.exe", "invoice.pdf.exe.pdf"),
        ("gnp.\u202efdp.exe", "gnp.fdp.exe.pdf"),
        ('a"\r\nSet-Cookie: x=1.pdf', 'a"Set-Cookie: x=1.pdf'),
        ("", "file.pdf"),
        ("..", "file.pdf"),
        ("长" * 300, "长" * 116 + ".pdf"),
    ],
)
def test_the_shown_name_is_harmless_and_ends_as_its_kind_does(team: Team, sent: str, shown: str) -> None:
    upload = SimpleUploadedFile("x", PDF)
    upload._name = sent  # type: ignore[attr-defined]  # as a mail may call it; Django cleans what forms send
    assert attach(read_file(upload), on=team, actor=ADA).name == shown


@pytest.mark.parametrize("name", [*TAKEN, "VID_0001.3gp", "clip.m4v", "book.m4b"])
def test_the_browser_lets_through_what_is_taken(name: str) -> None:
    assert Path(name).suffix.casefold() in FilesField.accept.split(",")


def test_sizes_are_limited_by_kind(settings: Any) -> None:
    settings.UPLOAD_MAX_DOCUMENT_BYTES, settings.UPLOAD_MAX_CLIP_BYTES = len(PDF), 2 * len(PDF)
    assert isinstance(read_file(SimpleUploadedFile("a.pdf", PDF)), Document)
    with pytest.raises(BadInput) as refusal:
        read_file(SimpleUploadedFile("a.pdf", PDF + b"\n"))
    assert refusal.value.code == "file_too_large"
    assert read_file(SimpleUploadedFile("a.amr", b"#!AMR\n" + b"\0" * len(PDF)))


def test_a_thing_that_takes_photos_takes_no_document(team: Team) -> None:
    with pytest.raises(BadInput):
        attach_all([SimpleUploadedFile("a.pdf", PDF)], on=team, actor=ADA)

    class Form(forms.Form):
        photos = PhotosField(required=False)
        attachments = FilesField(required=False)

    def sent(**bodies: bytes) -> MultiValueDict[str, UploadedFile]:
        return MultiValueDict({name: [SimpleUploadedFile("a.pdf", body)] for name, body in bodies.items()})

    both = Form({}, sent(photos=PDF, attachments=PDF))
    assert list(both.errors) == ["photos"]
    assert both.cleaned_data["attachments"][0].body == PDF
    assert Form({}, sent(attachments=HTML)).errors["attachments"]
