"""Keys, rates, photos, and the schema that tells programs what there is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from aftersales.accounts.actions.keys import revoke_key
from aftersales.accounts.actions.people import change_user, lock_out
from aftersales.accounts.models import ApiKey
from aftersales.files.models import Attachment
from aftersales.ledger.models import Event
from tests.files.hostile import PDF
from tests.world import a_return, an_order, staff

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).with_name("schema.json")


def a_photo(colour: str = "red") -> SimpleUploadedFile:
    page = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(page, "JPEG")
    return SimpleUploadedFile("flaw.jpg", page.getvalue(), "image/jpeg")


class TestKeys:
    def test_a_key_opens_and_says_when_it_was_used(self, program: Any) -> None:
        assert program().get("returns/").status_code == 200
        assert ApiKey.objects.get().last_used_at is not None

    def test_only_the_hash_is_kept(self, program: Any) -> None:
        secret = program().headers["Authorization"].removeprefix("Bearer ")
        kept = ApiKey.objects.values_list().get()
        assert secret not in str(kept)

    def test_a_revoked_key_opens_nothing(self, program: Any) -> None:
        caller = program()
        revoke_key(ApiKey.objects.get(), actor=staff("manager"))
        assert caller.get("returns/").status_code == 401

    def test_keys_end_with_the_person_who_made_them(self, program: Any) -> None:
        caller = program()
        lock_out(ApiKey.objects.get().created_by_id, actor=staff("manager", "another manager"))
        assert caller.get("returns/").status_code == 401

    def test_and_with_their_being_a_manager(self, program: Any) -> None:
        """A key keeps its role: one who was made an agent still had a manager's."""
        caller, maker = program("manager"), ApiKey.objects.get().created_by
        more: Any = {"name": maker.name, "team": None, "locale": "", "actor": staff("manager", "another manager")}
        change_user(maker.pk, role="manager", **more)
        assert caller.get("returns/").status_code == 200
        for _twice in range(2):
            change_user(maker.pk, role="agent", **more)
        assert caller.get("returns/").status_code == 401
        assert Event.objects.filter(name="key.revoked").count() == 1

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ask_wrong", "Bearer a b", "Bearer \xff", "Basic YTpi"])
    def test_a_header_that_is_no_key_opens_nothing(self, db: None, header: str) -> None:
        assert Client().get("/api/v1/returns/", headers={"Authorization": header}).status_code == 401

    def test_a_key_beats_the_session_it_comes_with(self, program: Any, shopper: Any) -> None:
        order = an_order()
        ret = a_return(order)
        caller = shopper(order)
        caller.headers = program("auditor").headers
        assert caller.get(f"returns/{ret.ref}/").status_code == 200
        assert caller.post(f"returns/{ret.ref}/withdrawal/").status_code == 403


class TestRates:
    def test_writes_are_limited_apart_from_reads_and_by_caller(self, program: Any, settings: Any) -> None:
        settings.API_RATES = {"read": "100/min", "write": "2/min"}
        cache.clear()
        agent, other, ret = program("agent"), program("lead"), a_return(an_order())
        answers = [agent.post(f"returns/{ret.ref}/approval/").status_code for _ in range(3)]
        assert answers == [200, 200, 429]
        late = agent.post(f"returns/{ret.ref}/approval/")
        assert late.json()["code"] == "throttled"
        assert int(late["Retry-After"]) > 0
        assert agent.get("returns/").status_code == 200
        assert other.post(f"returns/{ret.ref}/approval/").status_code == 200


class TestPhotos:
    def test_they_are_taken_shown_and_counted_once(self, program: Any, shopper: Any) -> None:
        order = an_order()
        ret = a_return(order)
        agent = program()
        url = f"/api/v1/returns/{ret.ref}/attachments/"

        def send(colour: str) -> Any:
            headers = {**agent.headers, "Idempotency-Key": "photo-1"}
            return agent.client.post(url, {"photos": [a_photo(colour), a_photo("blue")]}, headers=headers)

        first = send("red")
        assert first.status_code == 201
        assert send("red").json() == first.json()
        assert Attachment.objects.count() == 2
        assert send("green").status_code == 409
        seen = shopper(order).get(f"returns/{ret.ref}/attachments/").json()
        assert [each["ref"] for each in seen] == [each["ref"] for each in first.json()]

    def test_documents_are_taken_under_their_own_field(self, program: Any) -> None:
        ret, agent = a_return(an_order()), program()
        url = f"/api/v1/returns/{ret.ref}/attachments/"
        report = SimpleUploadedFile("检测报告.pdf", PDF)
        answer = agent.client.post(url, {"files": [a_photo(), report]}, headers=agent.headers)
        assert answer.status_code == 201
        assert [each["content_type"] for each in answer.json()] == ["image/jpeg", "application/pdf"]
        assert [bool(each["thumb"]) for each in answer.json()] == [True, False]
        assert agent.client.post(url, {}, headers=agent.headers).status_code == 400

    def test_photos_and_documents_together_are_six_at_most(self, program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        ret, agent = a_return(an_order()), program()
        url = f"/api/v1/returns/{ret.ref}/attachments/"
        for reader in ("read_upload", "read_file"):
            monkeypatch.setattr(f"aftersales.api.views.attachments.{reader}", None)  # nothing is looked into
        for photos, files in ((4, 3), (7, 0), (0, 7)):
            sent = {"photos": [a_photo() for _ in range(photos)],
                    "files": [SimpleUploadedFile("a.pdf", PDF) for _ in range(files)]}  # fmt: skip
            answer = agent.client.post(url, sent, headers=agent.headers)
            assert answer.status_code == 400
            assert set(answer.json()["errors"]) <= {"photos", "files"}

    @pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\xff\xd8\xff"])
    def test_what_is_no_photo_is_refused_with_a_sentence(self, program: Any, content: bytes) -> None:
        ret, agent = a_return(an_order()), program()
        upload = SimpleUploadedFile("a.jpg", content, "image/jpeg")
        answer = agent.client.post(f"/api/v1/returns/{ret.ref}/attachments/", {"photos": upload}, headers=agent.headers)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert not Attachment.objects.exists()


class TestTheSchema:
    def test_it_is_the_one_that_was_committed(self, client: Client) -> None:
        """A change of the contract shows in the commit. To accept it: write the new text over schema.json (docs/api.md)."""
        now = json.loads(client.get("/api/v1/schema/?format=json", headers={"Accept-Language": "en"}).content)
        assert now == json.loads(SCHEMA.read_text(encoding="utf-8")), "python -m tests.faces.api.write_schema"

    def test_every_operation_says_what_it_is_and_how_it_refuses(self, client: Client) -> None:
        paths = json.loads(client.get("/api/v1/schema/?format=json").content)["paths"]
        for path, methods in paths.items():
            for method, operation in methods.items():
                if path.endswith("/schema/"):
                    continue
                assert operation["summary"], (method, path)
                assert "401" in operation["responses"], (method, path)
                assert "application/problem+json" in operation["responses"]["403"]["content"], (method, path)
                if method == "post":
                    names = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
                    assert "Idempotency-Key" in names
